"""Who did what: an insert-only log whose rows are chained by hashes."""
