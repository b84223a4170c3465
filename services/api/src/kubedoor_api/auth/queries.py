"""Which namespaces there are, and the condition that holds a list to some of them."""

from __future__ import annotations

from collections.abc import Sequence

from kubedoor_core.clickhouse import ClickHouse

COLUMNS = {
    "resource_daily": "toString(namespace)",
    "derived": "toString(namespace)",
    "control": "toString(namespace)",
    "admission_log": "toString(namespace)",
    "setting": "toString(namespace)",
    "operation": "arrayJoin(`targets.namespace`)",
    "schedule": "arrayJoin(namespaces)",
    "pod_action": "toString(namespace)",
    "alert": "toString(namespace)",
    "finding": "toString(namespace)",
    "collection_run": "arrayJoin(`left_out.namespace`)",
}
EVERY = " UNION DISTINCT ".join(
    f"SELECT DISTINCT {column} AS name FROM {table} WHERE env = {{env:String}}"  # noqa: S608 constants of this file
    for table, column in COLUMNS.items()
)
KNOWN = f"SELECT name FROM ({EVERY}) WHERE name != '' ORDER BY name"  # noqa: S608 constants of this file
WITHIN = " AND namespace IN ({scope:Array(String)})"


def namespace_filter(scope: Sequence[str] | None) -> str:
    """Return the condition that holds rows to some namespaces, its parameter `scope`; nothing for all."""
    return "" if scope is None else WITHIN


async def known(clickhouse: ClickHouse, env: str) -> list[str]:
    """Return every namespace of an env that some table has a row of."""
    return [row["name"] for row in await clickhouse.fetch(KNOWN, env=env)]
