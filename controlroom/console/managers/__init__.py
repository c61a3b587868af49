"""The manager's pages: the scorecard and what stands behind it, rendered by the server, without JavaScript.

A module a page makes plain values of the figures (`card`, `behind`, `answers`, `alarm_load`, `locations`,
`earned`); `desk` answers the requests with them. Nothing here counts anything: that is `measures`.
"""
