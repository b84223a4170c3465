"""How requests follow from daily rows: one set of functions for the derivation and the replay."""
