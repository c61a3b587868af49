"""Where things stand in the demonstration estate: public place names of Leeds and made-up streets.

Each locality has its Community Committee area and a centre in WGS 84 degrees, good to about 500 metres:
enough for a map that looks like Leeds, not enough to find a door. Streets are made up by joining two lists.
"""

import msgspec

from controlroom.estate.areas import Area


class Locality(msgspec.Struct, frozen=True):
    """A part of the city: name, area, centre."""

    name: str
    area: Area
    latitude: float
    longitude: float


_CENTRES: dict[Area, tuple[tuple[str, float, float], ...]] = {
    Area.INNER_EAST: (
        ("Harehills", 53.811, -1.512),
        ("Burmantofts", 53.803, -1.518),
        ("Richmond Hill", 53.793, -1.520),
        ("Gipton", 53.816, -1.492),
        ("Seacroft", 53.822, -1.459),
        ("Cross Green", 53.786, -1.513),
    ),
    Area.OUTER_EAST: (
        ("Cross Gates", 53.805, -1.451),
        ("Garforth", 53.792, -1.388),
        ("Kippax", 53.767, -1.371),
        ("Halton", 53.796, -1.473),
        ("Swillington", 53.769, -1.416),
        ("Whinmoor", 53.829, -1.437),
    ),
    Area.INNER_NORTH_EAST: (
        ("Chapel Allerton", 53.829, -1.538),
        ("Moortown", 53.846, -1.543),
        ("Roundhay", 53.836, -1.506),
        ("Oakwood", 53.826, -1.500),
        ("Chapeltown", 53.818, -1.533),
        ("Gledhow", 53.832, -1.522),
    ),
    Area.OUTER_NORTH_EAST: (
        ("Alwoodley", 53.859, -1.538),
        ("Wetherby", 53.927, -1.386),
        ("Boston Spa", 53.904, -1.347),
        ("Harewood", 53.904, -1.510),
        ("Shadwell", 53.853, -1.476),
        ("Thorner", 53.859, -1.424),
    ),
    Area.INNER_NORTH_WEST: (
        ("Headingley", 53.820, -1.577),
        ("Hyde Park", 53.812, -1.565),
        ("Woodhouse", 53.808, -1.556),
        ("Weetwood", 53.833, -1.577),
        ("Meanwood", 53.834, -1.560),
        ("Ireland Wood", 53.842, -1.602),
    ),
    Area.OUTER_NORTH_WEST: (
        ("Otley", 53.905, -1.693),
        ("Yeadon", 53.866, -1.684),
        ("Guiseley", 53.875, -1.711),
        ("Horsforth", 53.838, -1.638),
        ("Adel", 53.854, -1.588),
        ("Bramhope", 53.886, -1.617),
    ),
    Area.INNER_SOUTH: (
        ("City Centre", 53.797, -1.543),
        ("Holbeck", 53.786, -1.558),
        ("Beeston", 53.772, -1.567),
        ("Hunslet", 53.779, -1.529),
        ("Belle Isle", 53.758, -1.526),
        ("Middleton", 53.748, -1.543),
    ),
    Area.OUTER_SOUTH: (
        ("Morley", 53.748, -1.602),
        ("Rothwell", 53.750, -1.478),
        ("East Ardsley", 53.725, -1.548),
        ("Gildersome", 53.757, -1.630),
        ("Robin Hood", 53.732, -1.515),
        ("Churwell", 53.760, -1.590),
    ),
    Area.INNER_WEST: (
        ("Armley", 53.797, -1.590),
        ("Bramley", 53.811, -1.633),
        ("Kirkstall", 53.814, -1.603),
        ("Wortley", 53.787, -1.590),
        ("Stanningley", 53.808, -1.660),
        ("Rodley", 53.824, -1.658),
    ),
    Area.OUTER_WEST: (
        ("Pudsey", 53.797, -1.663),
        ("Farsley", 53.811, -1.673),
        ("Calverley", 53.829, -1.689),
        ("Farnley", 53.787, -1.620),
        ("New Farnley", 53.777, -1.618),
        ("Swinnow", 53.803, -1.645),
    ),
}

LOCALITIES = tuple(
    Locality(name, area, latitude, longitude)
    for area, centres in _CENTRES.items()
    for name, latitude, longitude in centres
)
"""Sixty localities, six an area, in the order of the areas."""

EAST_NORTH_EAST = (Area.INNER_EAST, Area.INNER_NORTH_EAST, Area.OUTER_NORTH_EAST)
"""The ENE housing wedge, whose tower blocks have cameras (council report)."""

STREET_FIRST = (
    "Alder", "Barley", "Chandler", "Dyer", "Ember", "Fuller", "Garnet", "Hazel", "Ivory", "Juniper",
    "Kestrel", "Linnet", "Mason", "Nettle", "Orchard", "Potter", "Quarry", "Rowan", "Saddler", "Tanner",
    "Umber", "Weaver",
)  # fmt: skip
STREET_LAST = (
    "Approach",
    "Avenue",
    "Court",
    "Drive",
    "Garth",
    "Grove",
    "Lane",
    "Mount",
    "Road",
    "Street",
    "View",
)
"""The two halves of a made-up street."""
