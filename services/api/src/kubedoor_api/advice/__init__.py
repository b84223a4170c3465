"""Advice on pod counts: made once a day by an env's leader, shown, accepted or dismissed, and watched."""
