"""The whole circle on one cluster: what its pods use comes back to them as what they ask for.

Nothing is made up but the load: Prometheus scrapes kube-state-metrics of this cluster and the cAdvisor
series of its pods, KubeDoor collects a peak window out of that, derives, enforces and rolls out, and
kube-scheduler finds room.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from e2e.support.company import CPU_M, LIMITS, MEM_MIB, NAME, REPLICAS, Company
from e2e.support.installation import Client, Installation, node
from e2e.support.place import Place
from e2e.support.scraping import INTERVAL_S, values
from integration.collector.stores import ZONE, Loaded
from kubedoor_core.clickhouse import ClickHouse
from support.waiting import until

Json = dict[str, Any]
SMALL = {"cpu": "2", "memory": "4Gi"}
"""Room for all the pods by what they use, and for one of them by what their team asks for."""
ENOUGH = {"requests": {"cpu": f"{CPU_M}m", "memory": f"{MEM_MIB}Mi"}, "limits": LIMITS}


@pytest.fixture
async def measured(
    company: Company, api: Client, clickhouse: ClickHouse, prometheus: Loaded, collector: None
) -> Place:
    """The company's namespace, once a peak window of what it uses is collected."""
    start, end = company.window
    last = f'max(timestamp(container_memory_working_set_bytes{{namespace="{company.place.name}"}}))'

    async def over() -> bool:
        """The window is, in Prometheus too."""
        return any(at > end.timestamp() + INTERVAL_S for at in values(prometheus.url, last))

    await until(over, 900)
    hours = f"{start.astimezone(ZONE):%H:%M}-{end.astimezone(ZONE):%H:%M}"
    await api.set("peak_hours", hours)
    day = start.astimezone(ZONE).date()
    asked = await api.change("POST", "/collections", {"dates": [str(day)]})

    async def collected() -> Json | None:
        found: Json = await api.get(f"/collections/{asked['id']}")
        return found if found["state"] not in {"pending", "running"} else None

    assert (await until(collected, 300))["state"] == "succeeded"
    return Place(company.place.installation, company.place.name, clickhouse)


async def test_what_pods_use_is_what_they_ask_for_and_are_scheduled_by(
    measured: Place, api: Client, installation: Installation, prometheus: Loaded
) -> None:
    place = measured
    (derived,) = await place.clickhouse.fetch(
        "SELECT * FROM derived FINAL WHERE namespace = {namespace:String}", namespace=place.name
    )
    assert derived["containers.request_cpu_m"] == [CPU_M]
    assert derived["containers.request_mem_mib"] == [MEM_MIB]
    assert derived["replicas_observed"] == REPLICAS
    assert place.replicas(NAME) == REPLICAS
    assert place.resources(NAME) != ENOUGH, "measuring changes nothing"

    await api.switch("enforce", place.name)
    place.kubectl("rollout", "restart", f"deployment/{NAME}")
    place.rolled_out(NAME)
    assert (place.replicas(NAME), place.resources(NAME)) == (REPLICAS, ENOUGH)

    told = f'kube_pod_container_resource_requests{{namespace="{place.name}",resource="cpu"}}'

    async def seen() -> bool:
        return values(prometheus.url, told) == [CPU_M / 1000] * REPLICAS

    await until(seen)

    small = node("small", **SMALL)
    installation.create(small)
    try:
        selector = {"spec": {"template": {"spec": {"nodeSelector": small["metadata"]["labels"]}}}}
        place.kubectl("patch", "deployment", NAME, "-p", json.dumps(selector))
        place.rolled_out(NAME)
        pods = json.loads(place.kubectl("get", "pods", "-o", "json"))["items"]
        assert {pod["spec"]["nodeName"] for pod in pods if not pod["metadata"].get("deletionTimestamp")} == {
            "node-small"
        }
    finally:
        place.remove()
        installation.plane.kubectl("delete", "node", "node-small")
