"""Finds the services behind the Services that an Ingress controller asks, by the endpoints that they had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kubedoor_collector import asking
from kubedoor_collector.domain.services import Services
from kubedoor_collector.domain.traffic.endpoints import Asked, Behind, behind, endpoints
from kubedoor_collector.prometheus import Prometheus
from kubedoor_core.domain.peak import Window
from kubedoor_core.metrics.selecting import Part

__all__ = ["Asked", "Behind", "services_behind"]


async def services_behind(
    prometheus: Prometheus, parts: Sequence[Part], window: Window, asked: Iterable[Asked], services: Services
) -> Behind:
    """Return what stands behind some Services.

    :raises KubeDoorError: the store did not answer.
    """
    wanted = set(asked)
    if not wanted:
        return Behind({}, [])
    ask = asking.instant(prometheus, lambda part: endpoints(part, window.seconds), window.end)
    answer = await asking.of_parts("endpoints", parts, ask)
    return behind(wanted, answer.labels, services)
