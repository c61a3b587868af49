"""One frozen tree of settings, read once: defaults, then a TOML file, then the environment.

`load` is the only way in. Whatever is wrong is reported together, each problem with its place, as
`SettingsInvalid`; nothing else is ever raised for a bad setting. Passwords and keys stand in files of
their own, never in the TOML file or in the environment; `settings.secrets` holds what they said.
"""

from controlroom.settings.load import PREFIX, load
from controlroom.settings.problems import Problem, SettingsInvalid
from controlroom.settings.tree import Settings

__all__ = ["PREFIX", "Problem", "Settings", "SettingsInvalid", "load"]
