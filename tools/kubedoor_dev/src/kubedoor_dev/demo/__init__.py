"""`make demo`: the whole system on this machine, and the main job done on it."""
