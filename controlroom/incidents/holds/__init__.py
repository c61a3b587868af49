"""The abort window: an alarm that may be a late key is held for a moment before anybody hears of it."""
