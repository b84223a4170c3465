"""From what was used at peak to what Kubernetes runs: every service of the chart has its part in it."""

from __future__ import annotations

from typing import Any

from e2e.support.installation import Client, Installation
from e2e.support.place import Place
from integration.collector.reference import expected_rows
from integration.collector.stores import Loaded
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.quantity import parse
from kubedoor_dev.metrics import deployment_manifest
from support.waiting import until

Json = dict[str, Any]
NANOS_IN_M = 1_000_000
NANOS_IN_MIB = 1_000_000_000 * 1024 * 1024
ROOM = 1.5
"""No rule asks for more than half above what a single day shows."""


async def test_what_was_used_at_peak_is_what_runs(
    installation: Installation, api: Client, clickhouse: ClickHouse, prometheus: Loaded, collector: None
) -> None:
    (service,) = prometheus.scenario.services
    (day,) = prometheus.scenario.dates
    asked = await api.change("POST", "/collections", {"dates": [str(day)]})

    async def collected() -> Json | None:
        found: Json = await api.get(f"/collections/{asked['id']}")
        return found if found["state"] not in {"pending", "running"} else None

    assert (await until(collected, 300))["state"] == "succeeded"
    place = Place(installation, service.namespace, clickhouse)
    place.create()
    await api.switch("enforce", place.name)
    made = deployment_manifest(service)
    made["spec"]["replicas"] = 50
    said = place.deploy(made)
    place.rolled_out(service.name)
    assert "replicas 50 -> " in said
    measured = expected_rows(prometheus.scenario, day)
    for container in service.containers:
        row = measured[service.namespace, service.name, container.name]
        requests = place.resources(service.name, container.name)["requests"]
        for value, unit, column in (
            (requests["cpu"], NANOS_IN_M, "p95_cpu_m"),
            (requests["memory"], NANOS_IN_MIB, "p95_mem_mib"),
        ):
            used = row[column] or 0
            assert used * 0.99 <= parse(value) / unit <= max(32, used * ROOM), (container.name, column)
        assert place.replicas(service.name) == row["pod_count"]
    place.remove()
