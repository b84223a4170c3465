"""The statements of what else steers an env's workloads."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.surroundings.objects import NONE, Bounds, BoundsRow
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import written
from kubedoor_core.clickhouse.queries import AUTOSCALER_COLUMNS, select
from kubedoor_core.domain.admission.limit_range import LimitRange, limit_range_of_json
from kubedoor_core.domain.autoscaler import Autoscaler, autoscaler_from_row, version_after
from kubedoor_core.errors import BadValueError

AUTOSCALERS = f"SELECT {select(AUTOSCALER_COLUMNS)} FROM autoscaler FINAL WHERE env = {{env:String}}"  # noqa: S608 constants
BOUNDS = """
SELECT namespace, limit_ranges, quotas, version, deleted FROM limit_range FINAL WHERE env = {env:String}
"""
LABELS = """
SELECT namespace, kind, name, {labels} AS labels, deleted, version
FROM workload_label FINAL WHERE env = {{env:String}}
"""
OF_KEYS = "mapFilter((key, value) -> key IN {keys:Array(String)}, workload_label.labels)"

Labels = Mapping[str, str]
LabelKey = tuple[str, str, str]
"""Namespace, kind and name of what bears labels; a namespace's name is its own."""


class LabelRow(NamedTuple):
    """A row of `workload_label`."""

    namespace: str
    kind: str
    name: str
    labels: Labels
    deleted: bool
    version: int

    @property
    def key(self) -> LabelKey:
        """What bears them."""
        return self[:3]

    def columns(self, env: str, now: datetime) -> dict[str, object]:
        """Return the row as it is written, newer than the one that it follows."""
        version = version_after(self.version, now)
        return {"env": env, **self._asdict(), "version": version, "updated_at": now}


async def labels(
    clickhouse: ClickHouse, env: str, keys: Sequence[str] = (), scope: Sequence[str] | None = None
) -> list[LabelRow]:
    """Return what is stored of labels, tombstones included.

    :param keys: only labels of these keys; none: all.
    :param scope: only of these namespaces; None: of all.
    """
    statement = LABELS.format(labels=OF_KEYS if keys else "workload_label.labels") + namespace_filter(scope)
    return await clickhouse.fetch_as(LabelRow, statement, env=env, keys=keys, scope=scope or ())


async def autoscalers(clickhouse: ClickHouse, env: str) -> dict[tuple[str, str, str], Autoscaler]:
    """Return what is stored of every workload's autoscaler, tombstones included."""
    rows = map(autoscaler_from_row, await clickhouse.fetch(AUTOSCALERS, env=env))
    return {row.key: row for row in rows}


async def bounds(clickhouse: ClickHouse, env: str) -> dict[str, BoundsRow]:
    """Return what is stored of every namespace's LimitRanges and quotas, tombstones included."""
    return {row.namespace: row for row in map(_bounds_row, await clickhouse.fetch(BOUNDS, env=env))}


def _bounds_row(row: Row) -> BoundsRow:
    bounds = Bounds(row["limit_ranges"], row["quotas"])
    return BoundsRow(row["namespace"], bounds, bool(row["deleted"]), int(row["version"]))


async def standing_bounds(
    clickhouse: ClickHouse, env: str, scope: Sequence[str] | None = None
) -> dict[str, Bounds]:
    """Return the LimitRanges and quotas of each namespace that has some, or of those among a few."""
    statement = BOUNDS + namespace_filter(scope)
    rows = map(_bounds_row, await clickhouse.fetch(statement, env=env, scope=scope or ()))
    return {row.namespace: row.bounds for row in rows if not row.deleted and row.bounds != Bounds()}


def limit_ranges_of(bounds: Mapping[str, Bounds]) -> dict[str, LimitRange]:
    """Return what each namespace's LimitRanges allow; what is invalid bounds nothing, as for the webhook."""
    found = dict[str, LimitRange]()
    for namespace, one in bounds.items():
        if one.limit_ranges != NONE:
            with contextlib.suppress(BadValueError):
                found[namespace] = limit_range_of_json(one.limit_ranges)
    return found


async def limit_ranges(clickhouse: ClickHouse, env: str) -> dict[str, LimitRange]:
    """Return what the LimitRanges of each namespace of an env allow."""
    return limit_ranges_of(await standing_bounds(clickhouse, env))


async def insert(clickhouse: ClickHouse, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows."""
    await clickhouse.insert(table, list(map(written, rows)))
