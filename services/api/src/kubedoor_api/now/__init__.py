"""What is going on now: an env's nodes, pods and services, by one evaluation for all who look."""
