"""The broker and the Valkey that need no installation, for `controlroom demo` and for tests."""
