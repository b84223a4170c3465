"""What other rules would have asked for, on the days that are stored."""
