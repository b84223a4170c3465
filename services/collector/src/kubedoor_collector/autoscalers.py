"""Asks the store which autoscalers there were, as of the last day that requests are derived from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from kubedoor_collector import events, queries
from kubedoor_collector.domain import promql
from kubedoor_collector.prometheus import Prometheus, PrometheusError
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import written
from kubedoor_core.domain.autoscaler import changes_by_metrics
from kubedoor_core.domain.autoscaler_events import events_of
from kubedoor_core.domain.peak import Window
from kubedoor_core.domain.workload import ServiceKey
from kubedoor_core.metrics.autoscalers import Autoscaler, Told, owners_of_counts, read_autoscalers
from kubedoor_core.metrics.naming import any_series
from kubedoor_core.metrics.selecting import Scope, names_of, plain

AUTHOR = "collector"


@dataclass(frozen=True)
class Surveyed:
    """The autoscalers that metrics told of.

    :ivar found: None: nothing is known of them.
    :ivar at: of which moment.
    """

    found: Sequence[Autoscaler] | None
    at: datetime


async def autoscalers(
    prometheus: Prometheus, scope: Scope, window: Window, *, exporter_due: bool
) -> Surveyed:
    """Return the autoscalers that there were in a window.

    :param exporter_due: whether kube-state-metrics told of pods on any of the days looked back on.
    :raises PrometheusError: it tells nothing of them any more, so that nobody knows of autoscalers either.
    """
    at, length_s = window.end, window.seconds
    any_pod = await any_series(prometheus, scope, "kube_pod_container_info", at, length_s)
    if not any_pod:
        if exporter_due:
            raise PrometheusError(
                f"the store has nothing of kube-state-metrics before {at:%Y-%m-%d %H:%M} UTC, though it had"
                " on earlier days, so that nobody knows which services autoscalers steer: requests stay as"
                " they are until a day is collected with it. Is it scraped?"
            )
        return Surveyed(None, at)
    named = replace(scope, exporter=names_of(any_pod[0]))
    samples = await prometheus.instant(promql.autoscalers(named, length_s), at)
    found = read_autoscalers(Told(plain(sample.labels), sample.value) for sample in samples)
    return Surveyed(found, at)


async def keep(
    clickhouse: ClickHouse, env: str, surveyed: Surveyed, services: Collection[ServiceKey]
) -> None:
    """Store which counts autoscalers own, as metrics tell it, for where the cluster itself can't be asked.

    :param services: those that there are.
    """
    if surveyed.found is None:
        return
    now = datetime.now(UTC)
    found = owners_of_counts(surveyed.found, services)
    rows = changes_by_metrics(await queries.autoscalers(clickhouse, env), found, surveyed.at, now)
    told = [written(event) for event in events_of(env, rows, now, AUTHOR)]
    await events.tell(clickhouse, env, told)
    columns = [written(row.columns(env, now, AUTHOR)) for row in rows]
    await queries.insert(clickhouse, "autoscaler", columns)
