"""The city in virtual time: everything that speaks to the room, and the crews it sends.

Speaks only MQTT, as real devices would, and shares nothing with the service but its wire contracts and
the estate files. Every signal says `simulated`.
"""
