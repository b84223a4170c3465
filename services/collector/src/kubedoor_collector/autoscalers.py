"""Asks the store which autoscalers there were, as of the last day that requests are derived from."""

from __future__ import annotations

from dataclasses import replace

from kubedoor_collector.domain import promql
from kubedoor_collector.domain.autoscalers import Autoscaler, Told, read_autoscalers
from kubedoor_collector.domain.promql import Scope
from kubedoor_collector.prometheus import Prometheus, PrometheusError
from kubedoor_core.domain.peak import Window


async def autoscalers(
    prometheus: Prometheus, scope: Scope, window: Window, *, exporter_due: bool
) -> list[Autoscaler]:
    """Return the autoscalers that there were in a window.

    :param exporter_due: whether kube-state-metrics told of pods on any of the days looked back on.
    :raises PrometheusError: it tells nothing of them any more, so that nobody knows of autoscalers either.
    """
    at, length_s = window.end, window.seconds
    any_pod = await prometheus.instant(promql.one_series(scope, "kube_pod_container_info", length_s), at)
    if not any_pod:
        if exporter_due:
            raise PrometheusError(
                f"the store has nothing of kube-state-metrics before {at:%Y-%m-%d %H:%M} UTC, though it had"
                " on earlier days, so that nobody knows which services autoscalers steer: requests stay as"
                " they are until a day is collected with it. Is it scraped?"
            )
        return []
    named = replace(scope, exporter=promql.names_of(any_pod[0].labels))
    samples = await prometheus.instant(promql.autoscalers(named, length_s), at)
    return read_autoscalers(Told(promql.plain(sample.labels), sample.value) for sample in samples)
