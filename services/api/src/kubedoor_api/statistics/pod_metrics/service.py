"""The pods of a service over time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.control.services.queries import peak_row
from kubedoor_api.statistics.pod_metrics import promql
from kubedoor_api.statistics.pod_metrics.models import CurveQuery, PodCurve, PodCurves
from kubedoor_api.statistics.pod_metrics.store import store_of
from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field
from kubedoor_core.prometheus import Matrix, Pool, PrometheusError, PrometheusUnavailableError

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Context

LONGEST = timedelta(days=31)
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

Span = tuple[datetime, datetime]
Series = dict[tuple[str, str], dict[int, float]]
"""By pod and container, then by second since the epoch."""


def _checked(query: CurveQuery) -> Span | None:
    if query.since is None and query.until is None:
        return None
    times: list[datetime] = []
    for name, value in (("since", query.since), ("until", query.until)):
        if value is None:
            raise bad_field(name, "is missing: give both or neither", FieldCode.MISSING)
        if value.tzinfo is None or not FIRST <= value < LAST:
            reason = "must have a time zone, such as 2026-01-31T00:00:00Z"
            raise bad_field(name, reason, FieldCode.NO_TIME_ZONE)
        times.append(value.astimezone(UTC))
    since, until = times
    if not timedelta(0) < until - since <= LONGEST:
        reason = "must be later than since, by 31 days at most"
        raise bad_field("until", reason, FieldCode.TOO_FAR_APART, days=LONGEST.days)
    return since, until


async def _span(context: Context, path: ServicePath, query: CurveQuery) -> Span:
    given = _checked(query)
    if given:
        return given
    row = await peak_row(context[ClickHouse], **path.model_dump())
    if row is None or row["window_start"] is None:
        raise Problem(
            404,
            f"{path.namespace}/{path.name} was not seen at the latest peak: give a time",
            code=ProblemCode.NO_PEAK,
            parameters={"namespace": path.namespace, "name": path.name},
        )
    return datetime.fromisoformat(row["window_start"]), datetime.fromisoformat(row["window_end"])


def _series(matrix: Matrix) -> Series:
    return {(curve.labels.get("pod", ""), curve.labels.get("container", "")): curve.steps for curve in matrix}


def _curves(cpu: Series, mem: Series, seconds: list[int]) -> list[PodCurve]:
    return [
        PodCurve(
            pod=pod,
            container=container,
            cpu_m=[cpu.get((pod, container), {}).get(at) for at in seconds],
            mem_mib=[mem.get((pod, container), {}).get(at) for at in seconds],
        )
        for pod, container in sorted({*cpu, *mem})
    ]


async def curves(context: Context, path: ServicePath, query: CurveQuery) -> PodCurves:
    """Read the curves of a service's pods.

    :raises Problem: 409 where Prometheus is not configured for this env.
    :raises UnavailableError: it can't be asked.
    """
    store = store_of(context, path.env)
    since, until = await _span(context, path, query)
    step = promql.step_s((until - since).total_seconds())
    selected = promql.selector(path.namespace, path.name, store.env_label)
    prometheus = await context[Pool].client(store)
    try:
        cpu, mem = await asyncio.gather(
            prometheus.range(promql.cpu_query(selected, step), since, until, step),
            prometheus.range(promql.mem_query(selected), since, until, step),
        )
    except PrometheusError as error:
        raise PrometheusUnavailableError(f"Prometheus did not answer the query: {error}") from error
    seconds = list(range(int(since.timestamp()), int(until.timestamp()) + 1, step))
    return PodCurves(
        since=since,
        until=until,
        step_s=step,
        times=[datetime.fromtimestamp(at, UTC) for at in seconds],
        curves=_curves(_series(cpu), _series(mem), seconds),
    )
