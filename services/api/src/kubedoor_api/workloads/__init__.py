"""What runs against what is allowed: drift, unregistered Deployments, and what enforcing would refuse."""
