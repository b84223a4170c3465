"""Writing rows that change: versions, and no lost update through several instances."""
