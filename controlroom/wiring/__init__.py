"""The composition root: from settings to a running room. The only place that picks a real part.

`books` reads what a council edits, `memory` opens the journal and brings back what it holds, `feeds`
makes the broker's session, and `running` puts the room together in the order in which it comes to life.
Every part is handed what it needs; no part looks anything up.
"""
