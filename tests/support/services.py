"""Services as the collector and people leave them in the tables."""

from __future__ import annotations

from typing import Any

from kubedoor_core.clickhouse import ClickHouse
from support.api import ENV, SERVICES

CART = f"{SERVICES}/shop/cart"
APP = {"name": "app", "request_cpu_m": 100, "limit_cpu_m": 500, "request_mem_mib": 64, "limit_mem_mib": 128}


async def derived(clickhouse: ClickHouse, name: str, version: int, **values: Any) -> None:
    """A row as the collector writes it."""
    row = {
        "env": ENV,
        "namespace": "shop",
        "name": name,
        "replicas_observed": 4,
        "containers.name": ["app", "sidecar"],
        "containers.request_cpu_m": [250, 10],
        "containers.request_mem_mib": [300, 32],
        "containers.limit_cpu_m": [1000, None],
        "containers.limit_mem_mib": [512, None],
        "version": version,
        "updated_at": "2026-11-20 10:00:00.000",
        "updated_by": "collector",
        **values,
    }
    await clickhouse.insert("derived", [row])


async def advised(clickhouse: ClickHouse, name: str, replicas: int, **values: Any) -> None:
    """A row of the control table whose count is that of an accepted advice."""
    row = {
        "env": ENV, "namespace": "shop", "name": name, "replicas_ai": replicas, "advice_id": "adv-1",
        "version": 1000, "updated_at": "2026-11-20 11:00:00.000", "updated_by": "alice", **values,
    }  # fmt: skip
    await clickhouse.insert("control", [row])


async def daily(clickhouse: ClickHouse, name: str, container: str, date: str, **values: Any) -> None:
    """A collected day."""
    row = {
        "env": ENV,
        "namespace": "shop",
        "name": name,
        "container": container,
        "date": date,
        "window_start": f"{date} 02:00:00.000",
        "window_end": f"{date} 03:30:00.000",
        "pod_count": 4,
        "collected_at": f"{date} 04:00:00.000",
        **values,
    }
    await clickhouse.insert("resource_daily", [row])


def as_shown(changed: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a change without what it alone says: what the namespace makes of the change."""
    return {name: value for name, value in changed.items() if name not in {"notes", "quotas_exceeded"}}
