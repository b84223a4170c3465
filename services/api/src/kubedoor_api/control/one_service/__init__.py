"""One service, whole."""
