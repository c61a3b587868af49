"""What the field can say to the room: a closed union of signals, and the wire form they arrive in.

Nothing here knows a clock or a socket. `wire` is the message as the broker handed it over, `envelope`
its CloudEvents dress, and one file a feed describes what devices of that feed say.
"""
