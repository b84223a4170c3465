"""What a store calls the labels of cAdvisor's series and of kube-state-metrics', asked of one series each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kubedoor_core.metrics.selecting import CPU, Names, Scope, names_of, one_series
from kubedoor_core.prometheus import Prometheus


async def with_names(prometheus: Prometheus, scope: Scope, at: datetime, window_s: int) -> Scope:
    """Return a scope with the names that labels have in a window.

    :raises KubeDoorError: the store did not answer.
    """

    async def names(metric: str) -> Names:
        found = await prometheus.instant(one_series(scope, metric, window_s), at)
        return names_of(found[0].labels) if found else Names()

    return replace(scope, cadvisor=await names(CPU), exporter=await names("kube_pod_container_info"))
