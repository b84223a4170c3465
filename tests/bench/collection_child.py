"""One collection, or one derivation, in a process of its own, so that its memory can be told: prints JSON."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from kubedoor_collector.collect import derive_all, policy_of, run_collection
from kubedoor_collector.runs import Run
from kubedoor_collector.service import open_collector
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.garbage import collect_seldom
from kubedoor_core.logs import configure_logging
from kubedoor_core.prometheus import Prometheus

Query = tuple[str, dict[str, str]]


def record(queries: list[Query]) -> None:
    """Keep every query that is sent, so that a bare client can send the same."""
    ask = Prometheus._ask

    async def recorded(self: Prometheus, path: str, form: dict[str, str]) -> Any:
        queries.append((path, form))
        return await ask(self, path, form)

    Prometheus._ask = recorded  # type: ignore[method-assign]  # nothing else sees all that is sent


async def collect(dates: tuple[date, ...]) -> tuple[float, int]:
    """Collect some days and derive; return seconds and services."""
    settings = CollectorSettings()
    began = time.perf_counter()
    async with open_collector(settings) as collector:
        now = datetime.now(UTC)
        run = Run(f"bench-{now.timestamp()}", settings.env, "command", dates, collector.instance, now)
        ended, _ = await run_collection(collector, run, policy_of(settings))
    assert ended.state == "succeeded", ended.errors
    return time.perf_counter() - began, ended.services_seen


async def derive() -> tuple[float, int]:
    """Derive from rows of yesterday and before; return seconds and services."""
    settings = CollectorSettings()
    async with open_collector(settings) as collector:
        began = time.perf_counter()
        derivation = await derive_all(collector.clickhouse, policy_of(settings), None)
    return time.perf_counter() - began, len(derivation.rows)


def peak_mib() -> float:
    """Return our own peak memory in MiB: `ru_maxrss` begins with that of whoever started us."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> None:
    """Do what the arguments say: dates to collect, or none to derive."""
    collect_seldom()  # as the collector's own main does
    configure_logging("bench", "json", "warning")
    dates = tuple(date.fromisoformat(text) for text in sys.argv[1:])
    queries: list[Query] = []
    record(queries)
    seconds, services = asyncio.run(collect(dates) if dates else derive())
    done = {"seconds": seconds, "services": services, "peak_mib": peak_mib(), "queries": queries}
    print(json.dumps(done))


def environment(clickhouse_url: str, prometheus_url: str, database: str) -> dict[str, str]:
    """Return the variables of such a process."""
    return {
        **os.environ,
        "KUBEDOOR_CLICKHOUSE_URL": clickhouse_url,
        "KUBEDOOR_CLICKHOUSE_DATABASE": database,
        "KUBEDOOR_PROMETHEUS_URL": prometheus_url,
        "KUBEDOOR_ENV": "bench",
        "KUBEDOOR_TIMEZONE": "Asia/Shanghai",
        "KUBEDOOR_LOG_LEVEL": "warning",
    }


if __name__ == "__main__":
    main()
