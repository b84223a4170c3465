"""Which pods fit on which nodes, as the scheduler decides it, and how few nodes could hold them. Pure."""
