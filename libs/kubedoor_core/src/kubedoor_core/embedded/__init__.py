"""The ClickHouse engine inside Python (chDB: the extra `embedded`) behind ClickHouse's own HTTP interface."""
