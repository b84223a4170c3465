"""What became of accepted advice: three looks at it, the way back, and statistics."""
