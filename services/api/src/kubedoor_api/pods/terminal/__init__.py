"""A shell in a container, for those who are given it by name: held open, bounded, and kept nowhere."""
