"""Grafana's dashboards as code: `python -m scripts.dashboards` writes `config/grafana/dashboards/*.json`.

A dashboard is a list of panels, each a question with its unit and what it answers; the layout follows from
their order. A test holds that the files are what is written here, and asks every question of a Prometheus.
"""
