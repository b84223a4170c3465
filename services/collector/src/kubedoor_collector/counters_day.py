"""Stores what was counted on a day: the requests of services, the JVMs of containers, and nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from kubedoor_collector import queries
from kubedoor_collector.counters import Counters
from kubedoor_collector.runs import next_day_version
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.workload import ServiceKey

PLACE = ("namespace", "kind", "name", "container", "node")


async def replace_counters(clickhouse: ClickHouse, env: str, day: date, counted: Counters) -> None:
    """Put a day's rows in the place of those it had; what the store did not tell stays as it is."""
    if counted.traffic is not None:
        rows = [_stored(row.service, asdict(row)) for row in counted.traffic]
        await _replace(clickhouse, "traffic_daily", env, day, rows)
    if counted.jvms is not None:
        rows = [_stored(row.service, asdict(row)) for row in counted.jvms]
        await _replace(clickhouse, "jvm_daily", env, day, rows)
    if counted.nodes is not None:
        await _replace(clickhouse, "node_daily", env, day, [asdict(row) for row in counted.nodes])


async def _replace(
    clickhouse: ClickHouse, table: str, env: str, day: date, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Replace a day in one insert, so that no reader sees it half; what is gone gets a tombstone."""
    known = await queries.counted_keys(clickhouse, table, env, day)
    version = timestamp(await next_day_version(clickhouse, table, env, day))
    of_all = {"env": env, "date": day.isoformat(), "collected_at": version}
    stored = [{**of_all, **row, "deleted": False} for row in rows]
    stored += [{**of_all, **place, "source": "", "deleted": True} for place in _gone(known, rows)]
    if stored:
        await queries.insert(clickhouse, table, stored)


def _gone(known: Iterable[Row], rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    there = {_place(row) for row in rows}
    return [row for row in known if _place(row) not in there]


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in PLACE)


def _stored(service: ServiceKey, values: Mapping[str, Any]) -> dict[str, Any]:
    namespace, kind, name = service
    figures = {key: value for key, value in values.items() if key != "service"}
    return {"namespace": namespace, "kind": kind, "name": name, **figures}
