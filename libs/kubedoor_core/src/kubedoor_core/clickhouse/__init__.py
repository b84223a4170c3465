"""The boundary to ClickHouse: bound parameters in, rows out, our own errors."""

from kubedoor_core.clickhouse.client import ClickHouse, Row, connect

__all__ = ["ClickHouse", "Row", "connect"]
