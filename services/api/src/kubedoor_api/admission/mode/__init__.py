"""The admission mode: the one switch."""
