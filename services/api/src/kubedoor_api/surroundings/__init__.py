"""What else steers an env's workloads: autoscalers, LimitRanges and quotas, found by its leader."""
