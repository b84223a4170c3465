"""Which of several rows counts: of sources, of libraries, of the windows of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from kubedoor_collector.domain.figures import DayRow
from kubedoor_collector.domain.jvm.figures import JvmRow, best_told, of_windows
from kubedoor_collector.domain.services import services_of
from kubedoor_collector.domain.traffic.figures import TrafficRow, best, busiest
from kubedoor_core.domain.peak import Window
from kubedoor_core.domain.workload import WorkloadKind
from kubedoor_core.metrics.traffic.dialects import TrafficSource

WEB = ("shop", "Deployment", "web")
TEN = datetime(2026, 3, 12, 10, tzinfo=UTC)
MORNING = Window(TEN, TEN + timedelta(hours=1))
EVENING = Window(TEN + timedelta(hours=9), TEN + timedelta(hours=10))
JVM = JvmRow(
    WEB, "app", "micrometer", 512.0, 300.0, 150.0, 90.0, 1.0, 6.0, 0.0, 20.0, 50.0, coverage=1.0
)  # fmt: skip


def row(source: TrafficSource, coverage: float = 1.0, qps: float = 10.0) -> TrafficRow:
    """What a source tells of one service."""
    return TrafficRow(WEB, source, qps, qps, qps, 1.0, 0.0, 0.0, None, None, None, coverage)


def test_the_first_that_knows_enough_counts_else_the_one_that_knows_most() -> None:
    assert best([row("istio", 0.6), row("micrometer")])[WEB].source == "istio"
    assert best([row("istio", 0.4), row("micrometer", 0.45), row("otel", 0.3)])[WEB].source == "micrometer"


def test_what_is_seen_from_outside_never_counts_where_something_inside_is_known() -> None:
    assert best([row("ingress"), row("istio", 0.01)])[WEB].source == "istio"
    assert best([row("ingress", 0.2), row("ingress", 0.4)])[WEB].coverage == 0.4


def test_requests_are_of_their_busiest_window() -> None:
    (one,) = busiest([row("istio", qps=10), row("otel", qps=30), row("istio", qps=20)])
    assert (one.source, one.qps_p95) == ("otel", 30)


def test_jvms_are_of_the_window_that_their_containers_use_is_of() -> None:
    later = replace(JVM, heap_used_p95_mib=100.0)
    for meant, mib in (({(WEB, "app"): EVENING}, 100), ({(WEB, "app"): MORNING}, 300), ({}, 300)):
        (one,) = of_windows([(MORNING, JVM), (EVENING, later)], meant)
        assert one.heap_used_p95_mib == mib


def test_a_jvm_that_tells_of_itself_twice_has_one_row() -> None:
    twice = [replace(JVM, coverage=0.2), replace(JVM, source="client_java", coverage=0.9)]
    assert best_told(twice)[WEB, "app"].source == "client_java"
    assert best_told([JVM, *twice])[WEB, "app"].source == "micrometer"


def test_a_name_that_several_kinds_have_is_the_deployments() -> None:
    kinds: tuple[WorkloadKind, ...] = ("DaemonSet", "Deployment", "StatefulSet")
    rows = [DayRow("shop", "web", "app", TEN.date(), MORNING, kind=kind) for kind in kinds]
    for some in permutations(rows):
        assert services_of(some, {}, []).find("shop", "web", "") == WEB
    assert services_of([rows[0]], {}, []).find("shop", "web", "") == ("shop", "DaemonSet", "web")
