"""An autoscaler that a real metrics-server tells what pods use, where admission governs the count."""

from __future__ import annotations

from typing import Any

import pytest

from e2e.support.place import GOVERNED, Place, manifest
from support.waiting import until

Json = dict[str, Any]
USE = "kwok.x-k8s.io/usage-cpu"
BUSY, IDLE = "480m", "20m"
"""Cores of each pod: nearly twice of what it asks for, and next to nothing."""
FOUND_S = 180.0
"""metrics-server looks every 10 s, and wants to have seen a pod twice."""


@pytest.fixture
async def scaled(place: Place, metrics_server: None) -> Place:
    """A governed, busy service of two pods, whose autoscaler keeps them at half of what they ask for."""
    await place.register("cart", replicas=2)
    made = manifest("cart")
    made["spec"]["template"]["metadata"]["annotations"] = {USE: BUSY}
    place.deploy(made)
    place.rolled_out("cart")
    place.deploy(autoscaler("cart"))
    return place


def autoscaler(name: str) -> Json:
    """Return an autoscaler that follows the use at once, up and down."""
    target = {"type": "Utilization", "averageUtilization": 50}
    return {
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": name},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "minReplicas": 2, "maxReplicas": 4,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": 0}},
        },
    }  # fmt: skip


def use(place: Place, cpu: str) -> None:
    """Let every pod that stays use this much from now on; one may go at that moment."""
    place.try_("annotate", "pods", "--all", "--overwrite", f"{USE}={cpu}")


async def wants(place: Place, name: str, count: int) -> None:
    """Wait until the autoscaler has been told of the use, and wants this count."""

    async def look() -> bool:
        found: bool = place.live(name, "hpa")["status"].get("desiredReplicas") == count
        return found

    await until(look, FOUND_S)


async def test_metrics_server_tells_what_pods_use(scaled: Place) -> None:

    async def told() -> bool:
        done = scaled.try_("top", "pods", "--no-headers")
        rows = [row.split() for row in done.stdout.splitlines()]
        return len(rows) >= 2 and any(470 <= int(row[1].removesuffix("m")) <= 490 for row in rows)

    await until(told, FOUND_S)


async def test_an_autoscaled_service_follows_its_use_and_stays_governed(scaled: Place) -> None:
    await scaled.edit("cart", replicas_policy="autoscaled")
    await wants(scaled, "cart", 4)

    async def count(least: int) -> int | None:
        found = scaled.replicas("cart")
        return found if found >= least else None

    assert await until(lambda: count(4), FOUND_S) == 4
    request, limit, *_ = GOVERNED
    asked = scaled.resources("cart")
    assert (asked["requests"]["cpu"], asked["limits"]["cpu"]) == (f"{request}m", f"{limit}m")
    scaled.kubectl("set", "image", "deployment/cart", "app=registry.example/app:2")
    assert scaled.replicas("cart") == 4, "a rollout leaves the count to the autoscaler"
    scaled.rolled_out("cart")

    async def small() -> bool:
        use(scaled, IDLE)
        return scaled.replicas("cart") == 2

    await until(small, FOUND_S)


async def test_an_autoscaler_that_nobody_has_told_of_is_not_fought(scaled: Place) -> None:
    await wants(scaled, "cart", 4)
    assert scaled.replicas("cart") >= 4
