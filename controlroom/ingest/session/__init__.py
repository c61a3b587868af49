"""One MQTT 5 session: messages in with tickets, messages out with futures, whatever the link does.

`model` says what goes in and out, `client` is the session, `link` one connection of it, `arrivals`
and `departures` keep what is not acknowledged yet, and `codec` is the one door to gmqtt.
"""
