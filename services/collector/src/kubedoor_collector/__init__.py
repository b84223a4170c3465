"""Reads each day's peak window from Prometheus into ClickHouse and derives request values."""
