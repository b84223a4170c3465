"""Rows as the services write them, for tests that need some."""

from __future__ import annotations

import itertools
import json
import time
from datetime import UTC, datetime
from typing import Any

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp

VALUES = ("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
_versions = itertools.count(time.time_ns() // 1000)


def _stamp(version: int | None = None) -> dict[str, Any]:
    return {
        "version": next(_versions) if version is None else version,
        "updated_at": timestamp(datetime.now(UTC)),
        "updated_by": "test",
    }


def containers(**of: tuple[int | None, int | None, int | None, int | None]) -> dict[str, Any]:
    """Nested columns: name = (request_cpu_m, limit_cpu_m, request_mem_mib, limit_mem_mib)."""
    columns: dict[str, Any] = {"containers.name": list(of)}
    for position, name in enumerate(VALUES):
        columns[f"containers.{name}"] = [values[position] for values in of.values()]
    return columns


def control_row(env: str, namespace: str, name: str, **columns: Any) -> dict[str, Any]:
    """A row of `control`."""
    return {"env": env, "namespace": namespace, "name": name, **_stamp(), **columns}


derived_row = control_row


def autoscaler_row(env: str, namespace: str, name: str, **columns: Any) -> dict[str, Any]:
    """A row of `autoscaler`: a HorizontalPodAutoscaler of the name of what it scales."""
    now = timestamp(datetime.now(UTC))
    return control_row(env, namespace, name, autoscaler=name, source="hpa", since=now, **columns)


def limit_range_row(env: str, namespace: str, specs: list[Any], **columns: Any) -> dict[str, Any]:
    """A row of `limit_range`: the specs of a namespace's LimitRanges."""
    of = {"env": env, "namespace": namespace, "limit_ranges": json.dumps(specs), "quotas": "[]"}
    return {**of, **_stamp(), **columns}


async def set_mode(clickhouse: ClickHouse, env: str, mode: str, namespace: str = "") -> None:
    """Store a mode as the api does."""
    await store_setting(clickhouse, env, "mode", mode, namespace)


async def store_setting(
    clickhouse: ClickHouse, env: str, key: str, value: object, namespace: str = ""
) -> None:
    """Store a setting as the api does."""
    row = {"env": env, "namespace": namespace, "key": key, "value": json.dumps(value), **_stamp()}
    await clickhouse.insert("setting", [row])
