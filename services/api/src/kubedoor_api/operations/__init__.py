"""Acting on a cluster: scale and restart services, one or many, and see what becomes of it."""
