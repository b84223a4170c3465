"""Rows of a small company with every awkward service in it, and of a large one for scrolling."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

ENV = "prod-east"
LARGE_ENV = "prod-large"
DAYS = 10
Row = dict[str, Any]

HTML_NAME = "<img src=x onerror=alert(1)>"
LONG_NAME = "a-very-long-service-name-" + "x" * 228
NEW_NAME = "refund"
UNKNOWN_NAME = "never-measured"


@dataclass(frozen=True)
class Sample:
    """One container of a service on its peak day."""

    namespace: str
    name: str
    container: str
    pods: int | None
    cpu_m: int | None
    mem_mib: int | None
    request_cpu_m: int | None
    limit_cpu_m: int | None
    request_mem_mib: int | None
    limit_mem_mib: int | None


_NAMES = {
    "orders": ["checkout", "cart", "orders-api", "invoice", "refund", "pricing"],
    "payments": ["ledger", "gateway", "fraud-score", "settlement", "payout"],
    "catalog": ["search", "product-api", "images", "recommend", "stock", "reviews"],
    "platform": ["auth", "session", "notify", "audit-sink", "config"],
}


def _sample(namespace: str, name: str, seed: int) -> Sample:
    cpu = 40 + (seed * 7919) % 2100
    mem = 120 + (seed * 6007) % 5200
    generous = 1.05 + (seed * 31 % 19) ** 2 / 160
    return Sample(
        namespace=namespace,
        name=name,
        container="app",
        pods=2 + seed % 9,
        cpu_m=cpu,
        mem_mib=mem,
        request_cpu_m=max(10, int(cpu * generous * (0.6 if seed % 7 == 0 else 1))),
        limit_cpu_m=int(cpu * max(generous, 1.05) * 1.4),
        request_mem_mib=int(mem * generous),
        limit_mem_mib=int(mem * (1.06 if seed % 9 == 0 else generous * 1.3)),
    )


def small() -> list[Sample]:
    """Return 22 plain services and the awkward ones."""
    named = [(ns, name) for ns, names in _NAMES.items() for name in names]
    rows = [_sample(ns, name, i + 3) for i, (ns, name) in enumerate(named)]
    sidecar = replace(rows[0], container="envoy", cpu_m=35, mem_mib=64, request_cpu_m=100)
    unlimited = replace(_sample("platform", "no-limits", 41), limit_cpu_m=None, limit_mem_mib=None)
    return [
        *rows,
        replace(sidecar, limit_cpu_m=200, request_mem_mib=64, limit_mem_mib=128),
        unlimited,
        replace(_sample("catalog", HTML_NAME, 43)),
        replace(_sample("catalog", LONG_NAME, 47)),
        Sample("platform", UNKNOWN_NAME, "app", *([None] * 7)),
    ]


def large(count: int = 5000) -> list[Sample]:
    """Return many services, to scroll and filter."""
    return [_sample(f"team-{i % 40:02d}", f"service-{i:04d}", i) for i in range(count)]


def dates(days: int = DAYS) -> list[date]:
    """Return the last days up to yesterday, oldest first."""
    today = datetime.now(UTC).date()
    return [today - timedelta(days=days - i) for i in range(days)]


def _scaled(value: int | None, factor: float) -> int | None:
    return None if value is None else max(1, round(value * factor))


def daily_rows(samples: list[Sample], env: str = ENV, days: int = DAYS) -> list[Row]:
    """Return `resource_daily` rows: the last day but one is every service's peak."""
    rows = []
    every = dates(days)
    for index, day in enumerate(every):
        factor = 1.0 if index == len(every) - 2 else 0.75 + 0.15 * math.sin(index)
        start = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        rows += [{"env": env, **_daily(sample, day, start, factor)} for sample in samples if sample.pods]
    return rows


def _daily(sample: Sample, day: date, start: datetime, factor: float) -> Row:
    cpu, mem = _scaled(sample.cpu_m, factor), _scaled(sample.mem_mib, factor)
    return {
        "namespace": sample.namespace,
        "name": sample.name,
        "container": sample.container,
        "date": str(day),
        "window_start": _stamp(start),
        "window_end": _stamp(start + timedelta(minutes=90)),
        "pod_count": sample.pods,
        "p95_cpu_m": cpu,
        "p95_cpu_hot_m": _scaled(cpu, 1.3),
        "p95_mem_mib": mem,
        "p95_mem_hot_mib": _scaled(mem, 1.1),
        "max_mem_mib": _scaled(mem, 1.15),
        "request_cpu_m": sample.request_cpu_m,
        "limit_cpu_m": sample.limit_cpu_m,
        "request_mem_mib": sample.request_mem_mib,
        "limit_mem_mib": sample.limit_mem_mib,
        "cpu_pct": 100 * cpu / sample.limit_cpu_m if cpu and sample.limit_cpu_m else None,
        "mem_pct": 100 * mem / sample.limit_mem_mib if mem and sample.limit_mem_mib else None,
        "oom_kills": 1 if sample.name == "fraud-score" else 0,
        "throttled_pct": 12.5 if sample.name == "search" else 0.0,
        "coverage": 0.98,
        "collected_at": _stamp(start + timedelta(hours=2)),
        "deleted": False,
    }


def _stamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S.000")


def derived_rows(samples: list[Sample], env: str = ENV, version: int = 1_000) -> list[Row]:
    """Return one `derived` row per service, its containers nested."""
    services: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        services.setdefault((sample.namespace, sample.name), []).append(sample)
    return [{"env": env, **_derived(parts, version + i)} for i, parts in enumerate(services.values())]


def _derived(parts: list[Sample], version: int) -> Row:
    first = parts[0]
    known = first.cpu_m is not None
    peak = str(dates()[-2]) if known else None
    return {
        "namespace": first.namespace,
        "name": first.name,
        "replicas_initial": first.pods,
        "replicas_observed": first.pods,
        "replicas_ai": None,
        "peak_date_cpu": peak,
        "peak_date_mem": peak,
        "peak_pods_cpu": first.pods,
        "peak_pods_mem": first.pods,
        "coverage_cpu": 0.98 if known else None,
        "coverage_mem": 0.98 if known else None,
        "window_cpu": "10:00-11:30" if known else "",
        "window_mem": "10:00-11:30" if known else "",
        "first_seen": str(dates()[-3 if first.name == NEW_NAME else 0]) if known else None,
        "last_seen": str(dates()[-1]) if known else None,
        "containers.name": [part.container for part in parts],
        "containers.request_cpu_m": [part.cpu_m for part in parts],
        "containers.request_mem_mib": [part.mem_mib for part in parts],
        "containers.limit_cpu_m": [part.limit_cpu_m for part in parts],
        "containers.limit_mem_mib": [part.limit_mem_mib for part in parts],
        "version": version,
        "updated_at": _stamp(datetime.now(UTC)),
        "updated_by": "collector",
        "deleted": False,
    }


def _said(sample: Sample, index: int) -> Row:
    """What a decision changed, or why it refused, as values."""
    if index % 4 >= 2:
        about = {"kind": "Deployment", "namespace": sample.namespace, "name": f"rogue-{index}"}
        return {"changes": "[]", "notes": json.dumps([{"code": "not_registered", "parameters": about}])}
    count = {"container": "", "resource": "replicas", "kind": "", "source": "manual"}
    cpu = {"container": "app", "resource": "cpu", "kind": "request", "source": ""}
    changes = [{**count, "before": "10", "after": "3"}, {**cpu, "before": "2", "after": "744m"}]
    return {"changes": json.dumps(changes), "notes": "[]"}


def admission_rows(samples: list[Sample]) -> list[Row]:
    """Return decisions of the last hours: changes, refusals and what would have been either."""
    outcomes = ("patched", "would_patch", "denied", "would_deny")
    now = datetime.now(UTC)
    return [
        {
            "at": _stamp(now - timedelta(minutes=7 * index + 1)),
            "env": ENV,
            "namespace": sample.namespace,
            "name": sample.name if index % 4 < 2 else f"rogue-{index}",
            "uid": f"uid-{index}",
            "user": "system:serviceaccount:ci:deployer",
            "operation": "UPDATE" if index % 3 else "CREATE",
            "resource": "deployments/scale" if index % 5 == 0 else "deployments",
            "rule": 6 if index % 4 < 2 else 3,
            "mode": "observe" if index % 2 else "enforce",
            "outcome": outcomes[index % 2 if index % 4 < 2 else 2 + index % 2],
            "before": json.dumps({"replicas": 10}),
            "after": json.dumps({"replicas": 3}),
            **_said(sample, index),
            "patch": json.dumps([{"op": "add", "path": "/spec/replicas", "value": 3}]),
            "warnings": ["replicas 10 -> 3 (manual)", "app cpu request 2 -> 744m"],
            "instance": "test",
        }
        for index, sample in enumerate(samples[:12])
    ]


def run_row(run_id: str, state: str, day_index: int, version: int, **values: Any) -> dict[str, Any]:
    """Return a row of a collection of all days, begun now; ``values`` stand in the place of its own."""
    now, every = f"{datetime.now(UTC):%F %T}.000", [str(one) for one in dates()]
    return {
        "id": run_id, "request_id": "", "env": ENV, "trigger": "daily", "state": state, "dates": every,
        "day_index": day_index, "day_count": len(every), "services_seen": 26, "errors.date": [],
        "errors.reason": [], "collector": "test", "started_at": now, "heartbeat_at": now,
        "finished_at": now if state == "succeeded" else None, "version": version, "updated_at": now,
        "updated_by": "collector", "deleted": False, **values,
    }  # fmt: skip
