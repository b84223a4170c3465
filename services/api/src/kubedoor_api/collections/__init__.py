"""Collections: asking for days and seeing what became of it."""
