"""What a store calls the labels of cAdvisor's series and of kube-state-metrics', asked of one series each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kubedoor_core.metrics.samples import LOOKBACK_S
from kubedoor_core.metrics.selecting import CPU, Names, Scope, names_of, one_series
from kubedoor_core.prometheus import Prometheus


async def any_series(
    prometheus: Prometheus, scope: Scope, metric: str, at: datetime, window_s: int
) -> list[dict[str, str]]:
    """Return the labels of one series of a metric, or none.

    Most often the window's last minutes have one, and the store need not read the whole of it.

    :raises KubeDoorError: the store did not answer.
    """
    for length_s in sorted({min(window_s, int(LOOKBACK_S)), window_s}):
        if found := await prometheus.instant(one_series(scope, metric, length_s), at):
            return [found[0].labels]
    return []


async def with_names(prometheus: Prometheus, scope: Scope, at: datetime, window_s: int) -> Scope:
    """Return a scope with the names that labels have in a window.

    :raises KubeDoorError: the store did not answer.
    """

    async def names(metric: str) -> Names:
        found = await any_series(prometheus, scope, metric, at, window_s)
        return names_of(found[0]) if found else Names()

    return replace(scope, cadvisor=await names(CPU), exporter=await names("kube_pod_container_info"))
