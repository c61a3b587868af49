"""The console as it was at a past moment: the journal folded up to there, beside the room and never in it.

`seek` finds the position of a moment, `fold` brings the room's state there, `library` keeps the last few of
these pasts, `books` are those of its time, `scene` draws from it what the console showed, `step` walks on.
`reader` answers for all of them in a process of its own; `answers` are the room's own doors, which only hand
questions on.
"""
