"""The web side of the room: what operators see, what they ask, and the stream that keeps their page true.

`views` and `feed` are pure: records in, small JSON out. `live` carries it to browsers, `api` answers
questions, `commands` takes orders from people, `app` puts it together from injected parts.
"""
