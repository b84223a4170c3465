"""What is counted on a day beside its use: requests and JVMs, as programs tell them, and nodes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from kubedoor_collector.domain.figures import DayRow
from kubedoor_collector.domain.jvm.figures import Container, JvmRow, of_windows
from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_collector.domain.nodes.figures import NodeRow, busier
from kubedoor_collector.domain.services import Services, services_of
from kubedoor_collector.domain.traffic.figures import TrafficRow, busiest
from kubedoor_collector.jvm import measure_jvms
from kubedoor_collector.measure import Measured
from kubedoor_collector.nodes import measure_nodes
from kubedoor_collector.prometheus import Prometheus
from kubedoor_collector.survey import Survey
from kubedoor_collector.traffic import measure_traffic
from kubedoor_core.domain.peak import Window
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.metrics.counted import Counting, Probed, probe, probed
from kubedoor_core.metrics.jvm import JvmDialect, jvm_dialects
from kubedoor_core.metrics.selecting import Part, Scope
from kubedoor_core.metrics.traffic.dialects import SOURCES, Dialect, TrafficSource, dialects

T = TypeVar("T")
Found = tuple[list[T], list[LeftOut]]

EVENTS = {
    "traffic_failed": "collection.traffic_failed",
    "jvm_failed": "collection.jvm_failed",
    "nodes_failed": "collection.nodes_failed",
}

log = get_logger(__name__)


@dataclass(frozen=True)
class Habits:
    """How counters are read.

    :ivar sources: of requests, in the order in which they are believed; what is not named is not read.
    :ivar namespace_label: a label that tells the namespace before all that are known, or empty; likewise
        ``pod_label``.
    """

    sources: tuple[TrafficSource, ...] = SOURCES
    namespace_label: str = ""
    pod_label: str = ""


@dataclass(frozen=True)
class Counters:
    """What was counted on a day; None where the store did not tell, so that what is stored stays."""

    traffic: list[TrafficRow] | None
    jvms: list[JvmRow] | None
    nodes: list[NodeRow] | None
    left_out: list[LeftOut]


@dataclass(frozen=True)
class _Window:
    parts: Sequence[Part]
    scope: Scope
    window: Window
    interval_s: int | None
    services: Services


async def counters_of(
    prometheus: Prometheus,
    habits: Habits,
    found: Sequence[Survey],
    windows: Sequence[Window],
    measured: Sequence[Measured],
    rows: Iterable[DayRow],
) -> Counters:
    """Return what was counted in the windows of a day: of each service, and of each node, of its busiest.

    A day's use is worth having without it, so that what goes wrong is told and no more.

    :param rows: of the day: a container's JVMs are of the same window.
    """
    every = [
        _Window(
            _whole(survey),
            survey.scope,
            window,
            one.interval_s,
            services_of(one.rows, one.workloads, one.left_out),
        )
        for survey, window, one in zip(found, windows, measured, strict=True)
    ]
    left_out: list[LeftOut] = []

    async def told(
        reason: Literal["traffic_failed", "jvm_failed", "nodes_failed"], ask: Callable[[], Awaitable[T]]
    ) -> T | None:
        try:
            return await ask()
        except KubeDoorError as error:
            log.warning(EVENTS[reason], reason=str(error))
            left_out.append(LeftOut(reason, "", ""))
            return None

    nodes = await told("nodes_failed", lambda: _nodes(prometheus, every))
    left_out += nodes[1] if nodes else []
    found_nodes = nodes[0] if nodes else None
    probes = await told("traffic_failed", lambda: _probes(prometheus, habits, every))
    if probes is None:
        return Counters(None, None, found_nodes, [*left_out, LeftOut("jvm_failed", "", "")])
    unplaced = {metric: count for both in probes for one in both for metric, count in one.unplaced.items()}
    left_out += [LeftOut("counter_unplaced", "", metric, count) for metric, count in unplaced.items()]
    requests = await told("traffic_failed", lambda: _traffic(prometheus, every, [one for one, _ in probes]))
    jvms = await told("jvm_failed", lambda: _jvms(prometheus, every, [one for _, one in probes], rows))
    for part in (requests, jvms):
        left_out += part[1] if part is not None else []
    return Counters(requests[0] if requests else None, jvms[0] if jvms else None, found_nodes, left_out)


async def _probes(
    prometheus: Prometheus, habits: Habits, every: Sequence[_Window]
) -> list[tuple[Probed[Dialect], Probed[JvmDialect]]]:
    requests = dialects(habits.sources, habits.namespace_label, habits.pod_label)
    jvms = jvm_dialects(habits.namespace_label, habits.pod_label)
    countings: list[Counting] = [*requests, *jvms]
    answers = [
        await prometheus.instant(probe(one.scope, countings, one.window.seconds), one.window.end)
        for one in every
    ]
    told = [[(sample.labels, sample.value) for sample in answer] for answer in answers]
    return [(probed(requests, one), probed(jvms, one, len(requests))) for one in told]


async def _traffic(
    prometheus: Prometheus, every: Sequence[_Window], probes: Sequence[Probed[Dialect]]
) -> Found[TrafficRow]:
    found: list[TrafficRow] = []
    left_out: list[LeftOut] = []
    for one, told in zip(every, probes, strict=True):
        rows, without = await measure_traffic(
            prometheus, one.parts, one.window, one.interval_s, told.spoken, one.services
        )
        found, left_out = found + rows, left_out + without
    return busiest(found), left_out


async def _jvms(
    prometheus: Prometheus,
    every: Sequence[_Window],
    probes: Sequence[Probed[JvmDialect]],
    rows: Iterable[DayRow],
) -> Found[JvmRow]:
    meant: dict[Container, Window] = {
        ((row.namespace, row.kind, row.name), row.container): row.window for row in rows
    }
    every_row: list[tuple[Window, JvmRow]] = []
    left_out: list[LeftOut] = []
    for one, told in zip(every, probes, strict=True):
        found, without = await measure_jvms(
            prometheus, one.parts, one.window, one.interval_s, told.spoken, one.services
        )
        left_out += without
        every_row += [(one.window, row) for row in found]
    return of_windows(every_row, meant), left_out


async def _nodes(prometheus: Prometheus, every: Sequence[_Window]) -> Found[NodeRow]:
    found = [await measure_nodes(prometheus, one.scope, one.window) for one in every]
    return busier(rows for rows, _ in found), [one for _, without in found for one in without]


def _whole(found: Survey) -> list[Part]:
    """Return the parts to ask for: whole namespaces, as an answer has a few rows per pod at most."""
    every: Iterable[Part] = (part for group in found.groups() for part in group)
    return list(dict.fromkeys(Part(part.scope, part.namespaces) for part in every))
