"""Stored settings: what can be changed in the console instead of the environment."""
