"""The statements of what else steers an env's workloads."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from kubedoor_api.surroundings.objects import NONE, Bounds, BoundsRow
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import written
from kubedoor_core.clickhouse.queries import AUTOSCALER_COLUMNS, select
from kubedoor_core.domain.admission.limit_range import LimitRange, limit_range_of_json
from kubedoor_core.domain.autoscaler import Autoscaler, autoscaler_from_row
from kubedoor_core.errors import BadValueError

AUTOSCALERS = f"SELECT {select(AUTOSCALER_COLUMNS)} FROM autoscaler FINAL WHERE env = {{env:String}}"  # noqa: S608 constants
BOUNDS = """
SELECT namespace, limit_ranges, quotas, version, deleted FROM limit_range FINAL WHERE env = {env:String}
"""


async def autoscalers(clickhouse: ClickHouse, env: str) -> dict[tuple[str, str, str], Autoscaler]:
    """Return what is stored of every workload's autoscaler, tombstones included."""
    rows = map(autoscaler_from_row, await clickhouse.fetch(AUTOSCALERS, env=env))
    return {row.key: row for row in rows}


async def bounds(clickhouse: ClickHouse, env: str) -> dict[str, BoundsRow]:
    """Return what is stored of every namespace's LimitRanges and quotas, tombstones included."""
    return {
        row["namespace"]: BoundsRow(
            row["namespace"],
            Bounds(row["limit_ranges"], row["quotas"]),
            bool(row["deleted"]),
            int(row["version"]),
        )
        for row in await clickhouse.fetch(BOUNDS, env=env)
    }


async def limit_ranges(clickhouse: ClickHouse, env: str) -> dict[str, LimitRange]:
    """Return what each namespace's LimitRanges allow; what is invalid bounds nothing, as for the webhook."""
    found = dict[str, LimitRange]()
    for row in (await bounds(clickhouse, env)).values():
        if not row.deleted and row.bounds.limit_ranges != NONE:
            with contextlib.suppress(BadValueError):
                found[row.namespace] = limit_range_of_json(row.bounds.limit_ranges)
    return found


async def insert(clickhouse: ClickHouse, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows."""
    await clickhouse.insert(table, list(map(written, rows)))
