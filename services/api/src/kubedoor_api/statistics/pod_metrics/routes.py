"""The endpoint of a service's pods over time, read from Prometheus as it is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.control.one_service import one
from kubedoor_api.kube.clusters import Clusters, PrometheusConfig
from kubedoor_api.statistics.pod_metrics import promql
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import Model, Nothing, ServicePath, Time
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import UnavailableError
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field
from kubedoor_core.prometheus import Matrix, Pool, PrometheusError, PrometheusUnavailableError, Store
from kubedoor_core.prometheus.headers import check_one_sign_in, parse_headers
from kubedoor_core.prometheus.settings import store_of as store_of_settings
from kubedoor_core.prometheus.store import query_url

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


class StoreSecretError(UnavailableError):
    """A file with credentials can't be read."""

    part = "prometheus"


def _secret(path: str | None) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise StoreSecretError(f"the credentials of Prometheus can't be read: {error}") from error


def _of_its_own(config: PrometheusConfig, url: str, settings: ApiSettings) -> Store:
    """Return a store that the clusters file names; what may be asked of it the settings say."""
    token, headers_file = _secret(config.token_file), config.headers_file
    try:
        headers = parse_headers(_secret(headers_file))
        check_one_sign_in(headers, config.user, token)
    except ValueError as error:
        raise StoreSecretError(f"the headers of Prometheus in {headers_file}: {error}") from error
    return replace(
        store_of_settings(settings, url),
        url=query_url(url, config.type),
        type=config.type,
        env_label=config.env_label,
        user=config.user,
        password=_secret(config.password_file),
        token=token,
        headers=headers,
        ca_file=Path(config.ca_file) if config.ca_file else None,
    )


def store_of(context: Context, env: str) -> Store:
    """Return the store of an env: the clusters file's, else, for the own env, the settings'.

    :raises Problem: 409 where none is configured.
    :raises StoreSecretError: a file that the clusters file names can't be read.
    """
    settings, config = context[ApiSettings], context[Clusters].prometheus_of(env)
    if config is not None and config.url is not None:
        return _of_its_own(config, config.url, settings)
    if settings.prometheus_url is None or (config is None and env != settings.env):
        raise Problem(
            409,
            f"No Prometheus is configured for {env}: set PROMETHEUS_URL, or `prometheus` in CLUSTERS_FILE",
            code=ProblemCode.NO_PROMETHEUS,
            parameters={"env": env},
        )
    own = store_of_settings(settings, settings.prometheus_url)
    return own if config is None else replace(own, env_label=config.env_label)


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
    step = promql.step_s((until - since).total_seconds())
    selected = promql.selector(call.path.namespace, call.path.name, store.env_label)
    prometheus = await call.context[Pool].client(store)
    try:
        cpu, mem = await asyncio.gather(
            prometheus.range(promql.cpu_query(selected, step), since, until, step),
            prometheus.range(promql.mem_query(selected), since, until, step),
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
