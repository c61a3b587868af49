"""Referrals out to the receivers of partners: signed, tried again, given up in the open.

`sender` decides when something is sent and what an answer means, `transport` is the only part that talks
to the network, `signing` and `message` say what goes out.
"""
