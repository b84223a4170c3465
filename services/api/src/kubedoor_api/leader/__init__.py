"""Which of several instances of the API works for an env: one, by a Lease in the env's cluster."""
