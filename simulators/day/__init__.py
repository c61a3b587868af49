"""A believable day of the city: what a service of this size would hear, hour by hour, from one seed.

Unlike the feeds beside this package, whose rates are those of a busy demonstration, volumes here are a city's
own (`volumes`) and their hours those of real call data (`shapes`). Routine goes by rosters and opening
hours, calls by chance, and what makes a day memorable by `occasions`. docs/city.md has every figure's source.
"""
