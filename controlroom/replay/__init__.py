"""Replay: recorded events decided again, on virtual time, by one rule set or by two side by side.

Nothing here knows a broker, a store, a file or a clock. It is given what happened (`given`) and handbooks to
decide by, runs the production `decide` and `apply` over them (`lane`, `run`), and says what two rule sets
decide differently and why (`difference`, `grouping`), what that asks of operators and crews (`load`), and
how it looks on paper (`text`, `page`).
"""
