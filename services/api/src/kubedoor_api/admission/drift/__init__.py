"""Drift: where what runs differs from what the control table says."""
