"""Who I am."""
