"""Peak data: one day's rows as they were collected, each with what is odd about it."""
