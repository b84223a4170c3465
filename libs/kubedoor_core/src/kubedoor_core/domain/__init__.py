"""Pure decisions: they take values and return values, and know no server."""
