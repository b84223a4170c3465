"""The ClickHouse engine inside Python (chDB), behind ClickHouse's own HTTP interface."""
