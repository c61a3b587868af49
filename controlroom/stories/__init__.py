"""Stories: what happens in the field, told in YAML, and what the room is to make of it (docs/stories.md).

`model` is what a story may say, `load` reads one with file and line for every problem, `script` makes
messages of its steps, `judge` holds expectations against a state, and `stage` performs it in the pure core
on virtual time. The same stories are performed against the real service by tests/stories.
"""
