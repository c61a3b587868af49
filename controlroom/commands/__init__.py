"""What people ask of the room, one module a family. Each command is an event, and names its author."""
