"""Statistics of peaks: the whole cluster, its namespaces, its largest, one service over time."""
