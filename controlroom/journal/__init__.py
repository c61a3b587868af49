"""The room's memory: frames in one chain, durable before anything that follows from them happens."""
