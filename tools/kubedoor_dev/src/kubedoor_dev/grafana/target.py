"""A query of the ClickHouse data source, for which Grafana's library has no type of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.dashboard import DataSourceRef

Kind = Literal["timeseries", "table"]
FORMATS: dict[Kind, int] = {"timeseries": 0, "table": 1}
CLICKHOUSE = DataSourceRef(type_val="grafana-clickhouse-datasource", uid="${clickhouse}")
PROMETHEUS = DataSourceRef(type_val="prometheus", uid="${prometheus}")


@dataclass
class ClickHouseQuery(Dataquery):
    """What the plugin keeps of a query that somebody wrote as SQL."""

    sql: str
    kind: Kind

    def to_json(self) -> dict[str, object]:
        """Return it as the plugin reads it."""
        return {
            "refId": "A",
            "datasource": CLICKHOUSE,
            "editorType": "sql",
            "queryType": self.kind,
            "format": FORMATS[self.kind],
            "rawSql": self.sql.strip(),
        }


class Target(Builder[ClickHouseQuery]):
    """Builds one."""

    def __init__(self, sql: str, kind: Kind) -> None:
        self._query = ClickHouseQuery(sql, kind)

    def build(self) -> ClickHouseQuery:
        """Return it."""
        return self._query
