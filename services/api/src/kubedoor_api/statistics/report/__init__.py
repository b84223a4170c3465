"""The report of an env: what its last peak asked for and used, to print, and each week for the team."""
