"""Admission as the API knows it: mode, preview, decisions, drift."""
