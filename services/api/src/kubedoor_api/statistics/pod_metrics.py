"""The endpoint of a service's pods over time, read from Prometheus as it is asked for."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from kubedoor_api.access.roles import Role
from kubedoor_api.control.one_service.queries import one
from kubedoor_api.kube.metrics_store import store_of
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import Model, Nothing, ServicePath, Time
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain import generated_names
from kubedoor_core.domain.workload import DEPLOYMENT, WorkloadKind
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field
from kubedoor_core.prometheus import Matrix, Pool, PrometheusError, PrometheusUnavailableError

GENERATED = f"[{generated_names.GENERATED}]"
MEGA = 1_048_576
CONTAINERS = 'container!="",container!="POD"'
MAX_POINTS = 300
LEAST_STEP_S = 15


def step_s(seconds: float) -> int:
    """Return a step that gives at most 300 points."""
    return max(LEAST_STEP_S, -(-int(seconds) // MAX_POINTS))


def text(value: str) -> str:
    """Quote a string as PromQL does: by the rules of JSON, for what can stand in a label."""
    return json.dumps(value, ensure_ascii=False)


ENDINGS: Mapping[WorkloadKind, str] = {
    "Deployment": f"-{GENERATED}{{1,10}}-{GENERATED}{{5}}",
    "StatefulSet": "-[0-9]+",
    "DaemonSet": f"-{GENERATED}{{5}}",
}
"""What a workload's name is followed by in those of its pods: a ReplicaSet's hash, an ordinal."""


def selector(namespace: str, name: str, env_label: str, kind: WorkloadKind = DEPLOYMENT) -> str:
    """Select the containers of a workload's pods, by their names."""
    # What means something in an RE2 expression is escaped, and nothing else: RE2 refuses other escapes.
    literally = re.sub(r"([.^$*+?()\[\]{}|\\])", r"\\\1", name)
    pods = literally + ENDINGS[kind]
    matchers = [f"namespace={text(namespace)}", f"pod=~{text(pods)}", CONTAINERS]
    label, separator, value = env_label.partition("=")
    if separator:
        matchers.append(f"{label}={text(value)}")
    return "{" + ",".join(matchers) + "}"


def cpu_query(selected: str, step: int) -> str:
    """Return the query for millicores: over two scrapes at least."""
    window = max(4 * step, 120)
    return f"1000 * sum by (pod, container) (rate(container_cpu_usage_seconds_total{selected}[{window}s]))"


def mem_query(selected: str) -> str:
    """Return the query for MiB."""
    return f"max by (pod, container) (container_memory_working_set_bytes{selected}) / {MEGA}"


LONGEST = timedelta(days=31)
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

Span = tuple[datetime, datetime]
Series = dict[tuple[str, str], dict[int, float]]
"""By pod and container, then by second since the epoch."""


class CurveQuery(Model):
    """Which time; by default the latest collected peak window."""

    since: datetime | None = None
    """Begin, with its time zone"""
    until: datetime | None = None
    """End, with its time zone; at most 31 days later"""


class PodCurve(Model):
    """One container of one pod; a value for each of the answer's times, null where there was none."""

    pod: str
    """Name of the pod"""
    container: str
    """Name of the container"""
    cpu_m: list[float | None]
    """CPU use, millicores"""
    mem_mib: list[float | None]
    """Memory working set, MiB"""


class PodCurves(Model):
    """The pods of a service over time."""

    since: Time
    """Begin, UTC"""
    until: Time
    """End, UTC"""
    step_s: int
    """Seconds between two times"""
    times: list[Time]
    """The times, UTC"""
    curves: list[PodCurve]
    """The containers of the pods"""


def asked_span(query: CurveQuery) -> Span:
    """Return the time that is asked for, UTC.

    :raises Problem: 400 for one without a zone, too long, or of which one end is missing.
    """
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
    if query.since is not None or query.until is not None:
        return asked_span(query)
    row, _ = await one(context[ClickHouse], path)
    if row.peak is None:
        raise Problem(
            404,
            f"{path.full_name} was not seen at the latest peak: give a time",
            code=ProblemCode.NO_PEAK,
            parameters=path.model_dump(include={"namespace", "kind", "name"}),
        )
    return row.peak.window_start, row.peak.window_end


def _series(matrix: Matrix) -> Series:
    return {(curve.labels.get("pod", ""), curve.labels.get("container", "")): curve.steps for curve in matrix}


@endpoint(
    "GET",
    "/envs/{env}/services/{namespace}/{name}/pods",
    tag="statistics",
    role=Role.VIEWER,
    conflicts=True,
)
async def get_pod_curves(call: Call[ServicePath, CurveQuery, Nothing]) -> PodCurves:
    """Show each pod of a service over time.

    Read from Prometheus at once; by default over the latest collected peak window.
    """
    store = store_of(call.context, call.path.env)
    since, until = await _span(call.context, call.path, call.query)
    step = step_s((until - since).total_seconds())
    selected = selector(call.path.namespace, call.path.name, store.env_label, call.path.kind)
    prometheus = await call.context[Pool].client(store)
    try:
        cpu, mem = await asyncio.gather(
            prometheus.range(cpu_query(selected, step), since, until, step),
            prometheus.range(mem_query(selected), since, until, step),
        )
    except PrometheusError as error:
        raise PrometheusUnavailableError(f"Prometheus did not answer the query: {error}") from error
    used, held = _series(cpu), _series(mem)
    seconds = list(range(int(since.timestamp()), int(until.timestamp()) + 1, step))
    return PodCurves(
        since=since,
        until=until,
        step_s=step,
        times=[datetime.fromtimestamp(at, UTC) for at in seconds],
        curves=[
            PodCurve(
                pod=pod,
                container=container,
                cpu_m=[used.get((pod, container), {}).get(at) for at in seconds],
                mem_mib=[held.get((pod, container), {}).get(at) for at in seconds],
            )
            for pod, container in sorted({*used, *held})
        ],
    )
