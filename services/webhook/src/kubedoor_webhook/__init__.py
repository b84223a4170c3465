"""The TLS admission webhook that enforces the control table."""
