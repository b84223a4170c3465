"""Development only: the demo, embedded ClickHouse, simulated cluster and synthetic metrics."""
