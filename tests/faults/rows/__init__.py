"""The faults, a function each."""
