"""The requests of a day: measured beside its use, and stored by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from kubedoor_collector import queries
from kubedoor_collector.domain.traffic.figures import Service, TrafficRow
from kubedoor_collector.measure import Measured
from kubedoor_collector.prometheus import Prometheus
from kubedoor_collector.runs import next_day_version
from kubedoor_collector.survey import Survey
from kubedoor_collector.traffic import measure_traffic
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.peak import Window
from kubedoor_core.domain.workload import ServiceKey
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)


async def traffic_of(
    prometheus: Prometheus, found: Sequence[Survey], windows: Sequence[Window], measured: Sequence[Measured]
) -> list[TrafficRow] | None:
    """Return each service's row, of its busiest window; None where the store did not tell.

    A day's use is worth having without its requests, so that what goes wrong is told and no more.
    """
    chosen: dict[Service, TrafficRow] = {}
    try:
        for survey, window, one in zip(found, windows, measured, strict=True):
            for row in await measure_traffic(prometheus, survey, window, one):
                had = chosen.get(row.service)
                if had is None or (row.qps_p95 or 0) > (had.qps_p95 or 0):
                    chosen[row.service] = row
    except KubeDoorError as error:
        log.warning("collection.traffic_failed", reason=str(error))
        return None
    return list(chosen.values())


async def replace_traffic(clickhouse: ClickHouse, env: str, day: date, rows: Sequence[TrafficRow]) -> None:
    """Put a day's rows in the place of those it had, in one insert; what is gone gets a tombstone."""
    known = await queries.traffic_keys(clickhouse, env, day)
    version = timestamp(await next_day_version(clickhouse, "traffic_daily", env, day))
    of_all = {"env": env, "date": day.isoformat(), "collected_at": version}
    stored = [{**of_all, **_place(row.service), **_figures(row), "deleted": False} for row in rows]
    gone = sorted(known - {row.service for row in rows})
    stored += [{**of_all, **_place(service), "source": "", "deleted": True} for service in gone]
    if stored:
        await queries.insert(clickhouse, "traffic_daily", stored)


def _place(service: ServiceKey) -> dict[str, str]:
    namespace, kind, name = service
    return {"namespace": namespace, "kind": kind, "name": name}


def _figures(row: TrafficRow) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name != "service"}
