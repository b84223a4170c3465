"""Collectors as processes, what they are asked for, and what became of it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

from integration.collector.stores import ZONE
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp

FEW = ("cart", "checkout", "ledger", "pricing", "tracking")


def environment(clickhouse_settings: dict[str, str], url: str, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        **clickhouse_settings,
        "KUBEDOOR_ENV": "test",
        "KUBEDOOR_TIMEZONE": ZONE.key,
        "KUBEDOOR_PROMETHEUS_URL": url,
        "KUBEDOOR_LOG_FORMAT": "json",
        "KUBEDOOR_LOOKBACK_DAYS": "3",
        **{f"KUBEDOOR_{name}": value for name, value in more.items()},
    }


def start(environ: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kubedoor_collector", *arguments]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


async def finished(process: subprocess.Popen[str], timeout_s: float = 300) -> tuple[int, str, str]:
    out, err = await asyncio.to_thread(process.communicate, timeout=timeout_s)
    return process.returncode, out, err


async def until(condition: Any, what: str) -> Any:
    """Poll for something for as long as it may take on a busy machine."""
    for _ in range(4800):
        if found := await condition():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"{what} did not happen within four minutes")


async def ask(clickhouse: ClickHouse, request_id: str, dates: list[str], *, by_name: bool = False) -> None:
    row = {
        "id": request_id, "env": "test", "dates": dates, "by_name": by_name, "requested_by": "alice",
        "requested_at": timestamp(datetime.now(UTC)),
    }  # fmt: skip
    await clickhouse.insert("collection_request", [row])


async def runs(clickhouse: ClickHouse) -> list[dict[str, Any]]:
    return await clickhouse.fetch("SELECT * FROM collection_run FINAL ORDER BY started_at")
