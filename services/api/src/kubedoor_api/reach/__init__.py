"""Reach: the namespaces of an env of which somebody may see the rows."""
