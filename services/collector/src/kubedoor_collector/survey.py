"""What a store has of an env in a window: which metrics, under which names, how much of each namespace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kubedoor_collector.domain import promql
from kubedoor_collector.domain.containers_seen import Run
from kubedoor_collector.domain.parts import parts_of
from kubedoor_collector.prometheus import Prometheus, PrometheusError
from kubedoor_core.domain.peak import Window
from kubedoor_core.metrics.naming import with_names
from kubedoor_core.metrics.samples import MINUTE_S
from kubedoor_core.metrics.selecting import CPU, MEM, PLACE, Names, Part, Scope


@dataclass(frozen=True)
class Survey:
    """What may be asked.

    :ivar sizes: samples of the window by namespace.
    :ivar seconds: how long the window is.
    """

    scope: Scope
    run: Run
    sizes: Mapping[str, float]
    seconds: int

    def groups(self, times: float = 1.0) -> list[list[Part]]:
        """Return the parts to ask for, where an answer has so many times the window's samples."""
        return parts_of(self.scope, {name: size * times for name, size in self.sizes.items()})


async def survey(prometheus: Prometheus, scope: Scope, window: Window) -> Survey:
    """Find what there is.

    :raises PrometheusError: the store has no samples of any container's cpu or memory.
    """
    at, length_s = window.end, window.seconds
    named = await with_names(prometheus, scope, at, length_s)
    told = {
        sample.labels.get("__name__", "")
        for sample in await prometheus.instant(promql.told(named, length_s), at)
    }
    sizes = await _sizes(prometheus, named, at, length_s, frozenset(told))
    return Survey(named, Run(frozenset(told)), sizes, length_s)


async def _sizes(
    prometheus: Prometheus, scope: Scope, at: datetime, length_s: int, told: frozenset[str]
) -> dict[str, float]:
    async def by_namespace(query: str, label: str, each: float = 1.0) -> dict[str, float]:
        rows = await prometheus.instant(query, at)
        return {name: row.value * each for row in rows if (name := row.labels.get(label, ""))}

    cadvisor = {
        **await by_namespace(promql.sizes(scope, MEM, length_s), scope.cadvisor.namespace),
        **await by_namespace(promql.sizes(scope, CPU, length_s), scope.cadvisor.namespace),
    }
    exporter = await by_namespace(
        promql.exporter_namespaces(scope, length_s), scope.exporter.namespace, length_s / MINUTE_S
    )
    if not cadvisor:
        raise PrometheusError(await _nothing(prometheus, scope, at, length_s, told))
    return {**exporter, **cadvisor}


async def _elsewhere(prometheus: Prometheus, scope: Scope, at: datetime, length_s: int) -> bool:
    """Tell whether namespaces that are not meant have containers."""
    names = Names(), Names(*(f"exported_{name}" for name in PLACE))
    queries = [promql.any_container(scope, length_s, *one.containers()) for one in names]
    return any([bool(await prometheus.instant(query, at)) for query in queries])


async def _nothing(
    prometheus: Prometheus, scope: Scope, at: datetime, length_s: int, told: frozenset[str]
) -> str:
    """Say why there is nothing, and what to do."""
    kept = "the day keeps what it had"
    bare = await prometheus.instant(promql.any_container(scope, length_s), at)
    exporter = " kube-state-metrics is there: only cAdvisor's series are missing." if told else ""
    if bare and await _elsewhere(prometheus, scope, at, length_s):
        without = f" without {scope.excluded}" if scope.excluded else ""
        return (
            f"the store has containers, but none in the namespaces {scope.namespaces}{without}: {kept}."
            " Do `namespaces` and `namespaces_excluded` fit?"
        )
    if bare:
        return (
            f"{CPU} is in the store, but without a `container` label: {kept}.{exporter}"
            " Scrape the kubelets' /metrics/cadvisor, and drop no label of it"
        )
    where = f" with {scope.env_label}" if scope.env_label else ""
    return (
        f"the store has no samples of any container's cpu or memory{where} in the window: {kept}.{exporter}"
        " Are the kubelets' /metrics/cadvisor scraped, and do `namespaces` and KUBEDOOR_PROMETHEUS_ENV_LABEL"
        " fit?"
    )
