"""Kubernetes' objects as the API server writes them: the fields that are read here; any may be missing."""
