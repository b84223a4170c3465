"""The embedded ClickHouse as a process of its own, for the demo and the tests."""
