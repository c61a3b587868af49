"""From the broker to the room: the MQTT session, the topic grammar, the envelope, decoding, quarantine."""
