"""The commands that people type, one file a command group."""
