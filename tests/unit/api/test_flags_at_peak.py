"""The flags that tell of a service's peak: a hot pod, throttling, kills, missing samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kubedoor_api.control.figures.models import NO_FIGURES, ServiceJvm, ServiceTraffic
from kubedoor_api.control.flags import NO_PEAK, flags_of
from kubedoor_api.control.models import Container, Provenance
from kubedoor_api.control.queries import Days

NOTHING = Days(None, None)


def container(**peak: Any) -> Container:
    values = NO_PEAK.model_copy(update=peak)
    fields: dict[str, Any] = dict.fromkeys(Container.model_fields)
    limits = dict.fromkeys(("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib"))
    return Container.model_construct(**{**fields, "peak": values, "effective": _Values(**limits)})


class _Values:
    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


@pytest.mark.parametrize(
    ("peak", "flag", "there"),
    [
        ({"p95_cpu_m": 100, "p95_cpu_hot_m": 151}, "hot_pod", True),
        ({"p95_cpu_m": 100, "p95_cpu_hot_m": 150}, "hot_pod", False),
        ({"p95_mem_mib": 100, "p95_mem_hot_mib": 200}, "hot_pod", True),
        ({"p95_cpu_m": None, "p95_cpu_hot_m": 150}, "hot_pod", False),
        ({"throttled_pct": 10.0}, "throttled", True),
        ({"throttled_pct": 9.9}, "throttled", False),
        ({"throttled_pct": None}, "throttled", False),
        ({"oom_kills": 1}, "oom_killed", True),
        ({"oom_kills": 0}, "oom_killed", False),
        ({"coverage": 0.49}, "low_coverage", True),
        ({"coverage": None}, "low_coverage", False),
    ],
)
def test_a_flag_of_the_peak(peak: dict[str, Any], flag: str, there: bool) -> None:
    unknown: dict[str, Any] = dict.fromkeys(Provenance.model_fields)
    found = flags_of(1, [container(**peak)], None, Provenance.model_construct(**unknown), NOTHING)
    assert (flag in found) is there


@pytest.mark.parametrize(
    ("first_seen", "days", "there"),
    [
        (date(2026, 11, 14), Days(date(2026, 11, 1), date(2026, 11, 20)), True),
        (date(2026, 11, 13), Days(date(2026, 11, 1), date(2026, 11, 20)), False),
        (date(2026, 11, 18), Days(date(2026, 11, 18), date(2026, 11, 20)), False),
        (None, Days(date(2026, 11, 1), date(2026, 11, 20)), False),
        (date(2026, 11, 18), NOTHING, False),
    ],
)
def test_a_service_is_new_for_a_week_but_not_where_all_are(
    first_seen: date | None, days: Days, there: bool
) -> None:
    fields: dict[str, Any] = {**dict.fromkeys(Provenance.model_fields), "first_seen": first_seen}
    found = flags_of(1, [], None, Provenance.model_construct(**fields), days)
    assert ("new" in found) is there


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_service_that_peaks_elsewhere_is_flagged(elsewhere: bool) -> None:
    unknown: dict[str, Any] = dict.fromkeys(Provenance.model_fields)
    found = flags_of(1, [], None, Provenance.model_construct(**unknown), NOTHING, elsewhere=elsewhere)
    assert ("peaks_elsewhere" in found) is elsewhere


@pytest.mark.parametrize(
    ("traffic", "usual_ms", "flag", "there"),
    [
        ({"error_pct": 1.0}, None, "errors", True),
        ({"error_pct": 0.99}, None, "errors", False),
        ({"latency_p95_ms": 75.0}, 50.0, "slow", True),
        ({"latency_p95_ms": 74.0}, 50.0, "slow", False),
        ({"latency_p95_ms": 75.0}, None, "slow", False),
        ({"latency_p95_ms": None}, 50.0, "slow", False),
    ],
)
def test_a_flag_of_requests(traffic: dict[str, Any], usual_ms: float | None, flag: str, there: bool) -> None:
    told: dict[str, Any] = {**dict.fromkeys(ServiceTraffic.model_fields), **traffic}
    figures = replace(NO_FIGURES, traffic=ServiceTraffic.model_construct(**told), usual_latency_ms=usual_ms)
    unknown: dict[str, Any] = dict.fromkeys(Provenance.model_fields)
    found = flags_of(1, [], None, Provenance.model_construct(**unknown), NOTHING, figures)
    assert (flag in found) is there


@pytest.mark.parametrize(
    ("jvm", "flag", "there"),
    [
        ({"gc_overhead_pct": 5.0}, "gc_overhead", True),
        ({"gc_overhead_pct": 4.9}, "gc_overhead", False),
        ({"heap_live_pct": 85.0}, "heap_full", True),
        ({"heap_live_pct": 84.9}, "heap_full", False),
        ({"heap_used_pct": 99.0}, "heap_full", False),
    ],
)
def test_a_flag_of_jvms(jvm: dict[str, Any], flag: str, there: bool) -> None:
    told: dict[str, Any] = {**dict.fromkeys(ServiceJvm.model_fields), **jvm}
    figures = replace(NO_FIGURES, jvm=ServiceJvm.model_construct(**told))
    unknown: dict[str, Any] = dict.fromkeys(Provenance.model_fields)
    found = flags_of(1, [], None, Provenance.model_construct(**unknown), NOTHING, figures)
    assert (flag in found) is there
