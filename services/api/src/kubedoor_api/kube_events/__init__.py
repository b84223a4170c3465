"""What Kubernetes tells of its objects, kept by the leader of an env for longer than the cluster keeps it."""
