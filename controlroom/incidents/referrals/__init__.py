"""Incidents that are referred to partners: to whom, with what words, and whether it arrived."""
