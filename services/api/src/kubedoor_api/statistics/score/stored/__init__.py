"""Scores of days as they are kept, and who keeps them."""
