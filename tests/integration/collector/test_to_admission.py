"""The whole way: samples in Prometheus, rows, the control table, a Deployment that comes out right."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from integration.collector.reference import Expected, Key, expected_rows
from integration.collector.stores import Loaded, OpenCollector, some_services
from kubedoor_collector.collect import policy_of, run_collection
from kubedoor_collector.runs import Run
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.quantity import parse
from kubedoor_dev.metrics import deployment_manifest
from support.reviews import review
from support.rows import set_mode
from support.webhook import WebhookThread, ask, until_ready

MIB = 1024 * 1024
NANO = 1_000_000_000
NAMES = ("checkout", "ledger", "storefront", "mail-sender")
Days = dict[date, dict[Key, Expected]]


def totals(rows: dict[Key, Expected], namespace: str, name: str, column: str) -> float:
    """What a service used in all on a day."""
    own = [row for key, row in rows.items() if key[:2] == (namespace, name)]
    return sum((row["pod_count"] or 0) * (row[column] or 0) for row in own)


def at_peak(days: Days, namespace: str, name: str, column: str) -> dict[str, float]:
    """Each container's plain figure on the day on which its service used most."""
    peak = max(days, key=lambda day: (totals(days[day], namespace, name, column), day))
    return {key[2]: row[column] or 0 for key, row in days[peak].items() if key[:2] == (namespace, name)}


async def test_what_was_used_at_peak_is_what_is_admitted(
    company_store: Loaded,
    collector: OpenCollector,
    clickhouse: ClickHouse,
    clickhouse_settings: dict[str, str],
    tmp_path: Path,
) -> None:
    scenario = company_store.scenario
    run = Run("run-1", "test", "command", scenario.dates, "tester", datetime.now(UTC))
    async with collector(company_store.url) as one:
        ended, _ = await run_collection(one, run, policy_of(one.settings))
    assert ended.state == "succeeded"
    await set_mode(clickhouse, "test", "enforce")
    services = some_services(*NAMES)
    days = {day: expected_rows(replace(scenario, services=services), day) for day in scenario.dates}
    with WebhookThread(tmp_path, clickhouse_settings).running() as webhook:
        async with webhook.session() as session:
            await until_ready(session)
            for service in services:
                manifest: dict[str, Any] = deployment_manifest(service)
                manifest["spec"]["replicas"] = 50
                asked = review(manifest)
                admitted = (await ask(session, asked)).admitted(asked)
                cpu = at_peak(days, service.namespace, service.name, "p95_cpu_m")
                mem = at_peak(days, service.namespace, service.name, "p95_mem_mib")
                assert admitted["spec"]["replicas"] == max(service.pods_on(day) for day in range(10))
                for container in admitted["spec"]["template"]["spec"]["containers"]:
                    requests, name = container["resources"]["requests"], container["name"]
                    assert close(parse(requests["cpu"]) / NANO * 1000, max(10, cpu[name]))
                    assert close(parse(requests["memory"]) / NANO / MIB, max(32, mem[name]))


def close(found: float, plain: float) -> bool:
    """Within 1 % of the plain computation, and what rounding up adds."""
    return plain * 0.99 <= found <= math.ceil(plain * 1.01)
