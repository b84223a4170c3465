"""Statistics: the daily rows, their totals, and one service's pods over time."""
