"""Orders out to crews, until the broker has them; what crews answer comes in through `ingest`."""
