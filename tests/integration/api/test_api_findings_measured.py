"""What only metrics tell is found by a real Prometheus, of the workloads of a simulated cluster."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from integration.collector.stores import prometheus_with_series
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.findings import leader
from kubedoor_core.metrics.thresholds import DAYS
from kubedoor_dev import live
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import PODS
from kubedoor_dev.metrics.model import Container, Series
from support.api import BASE, Api, serving
from support.operations import run
from support.waiting import until

DAY_S, HOUR_S, STEP_S = 86_400, 3600, 60
BACK_S, AHEAD_S = 15 * 60, 40 * 60
"""Samples reach into the future, so that a slow machine still finds them."""
SLOW = (0.0, 0.0, 0.1, 1.0)
NAMES = ("bound", "near", "full", "stuck", "capped", "failing", "slow", "hot", "well")
WRONG = {
    "bound": "throttled",
    "near": "memory_near_limit",
    "full": "heap_full",
    "stuck": "gc_storm",
    "capped": "hpa_capped",
    "failing": "errors_up",
    "slow": "latency_up",
    "hot": "hot_pod",
}
Json = dict[str, Any]


def _container(name: str) -> live.Running:
    mem = 240.0 if name == "near" else 128.0
    of = Container("app", 100.0, mem, 100, 1000, 128, 256)
    return live.Running(
        of,
        throttled=0.5 if name == "bound" else 0.02,
        heap_live={"full": 0.93, "stuck": 0.3}.get(name, 0.0),
        gc=0.3 if name == "stuck" else 0.0,
    )


def _pod(name: str, replica_set: str, pod: str, *, first: bool) -> live.Pod:
    made = live.Pod("shop", pod, (_container(name),), "ReplicaSet", replica_set, "node-1", qps=5.0)
    return replace(
        made,
        qps=60.0 if name == "hot" and first else 5.0,
        failed=0.08 if name == "failing" else 0.0,
        within=SLOW if name == "slow" else made.within,
    )


def today(pods: dict[str, list[Json]]) -> live.Cluster:
    """Return what a cluster's exporters tell of its pods, with something wrong with each service but one."""
    workloads, told = list[live.Workload](), list[live.Pod]()
    for name, some in pods.items():
        owner = some[0]["metadata"]["ownerReferences"][0]["name"]
        workloads.append(
            live.Workload("shop", "Deployment", name, len(some), len(some), ((owner, len(some)),))
        )
        told += [
            _pod(name, owner, one["metadata"]["name"], first=number == 0) for number, one in enumerate(some)
        ]
    claims = (live.Claim("shop", "data", 97.0), live.Claim("shop", "roomy", 40.0))
    scaled = (
        live.Autoscaler("shop", "capped", "capped", 3, 3),
        live.Autoscaler("shop", "well", "well", 3, 9),
    )
    return live.Cluster(tuple(workloads), tuple(told), (live.Node("node-1", "10.1.0.1"),), scaled, claims)


def before(number: int) -> live.Cluster:
    """Return what was told a day: pods of former rollouts, which were fast."""
    names = (f"{name}-7c9d8f6b5d-{end}" for name in ("slow", "failing") for end in ("bcdfg", "hjklm"))
    return live.Cluster(pods=tuple(live.Pod("shop", name, (), qps=5.0 + number) for name in names))


def series(pods: dict[str, list[Json]]) -> Iterator[Series]:
    now = int(time.time())
    yield from live.series(today(pods), range(now - BACK_S, now + AHEAD_S, STEP_S))
    for day in range(1, DAYS + 1):
        around = now + HOUR_S // 2 - day * DAY_S
        yield from live.series(before(day), range(around - HOUR_S, around + HOUR_S, STEP_S))


@dataclass(frozen=True)
class Looking:
    """An API that looks for findings, and whose cluster it is."""

    api: Api
    cluster: Cluster


async def running_pods(cluster: Cluster) -> dict[str, list[Json]]:
    """Make the Deployments run; return the pods of each."""
    await run(cluster, *NAMES, replicas=3)

    async def all_run() -> dict[str, list[Json]] | None:
        found: dict[str, list[Json]] = {name: [] for name in NAMES}
        for one in cluster.store.all_of(PODS.id, "shop"):
            if one["status"].get("phase") == "Running":
                found[one["metadata"]["labels"]["app"]].append(one)
        return found if all(len(some) == 3 for some in found.values()) else None

    return await until(all_run)


@pytest.fixture
async def looking(
    knowing: ApiSettings, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Looking]:
    """It looks often."""
    monkeypatch.setattr(leader, "LOOK_PAUSE_S", 0.2)
    with prometheus_with_series(list(series(await running_pods(cluster))), tmp_path / "store") as url:
        settings = knowing.model_copy(update={"findings": True, "prometheus_url": url})
        async with serving(settings) as api:
            yield Looking(api, cluster)


async def test_each_is_found_in_its_service_and_none_where_all_is_well(looking: Looking) -> None:
    async def found() -> dict[str, Json] | None:
        answer = await looking.api.get(f"{BASE}/findings")
        assert answer.status == 200, answer.text
        assert answer.json["watch"]["unmeasured"] == ""
        by_name = {one["name"]: one for one in answer.json["items"]}
        return by_name if {*WRONG, "data"} <= set(by_name) else None

    by_name = await until(found)
    assert {name: one["kind"] for name, one in by_name.items()} == {**WRONG, "data": "pvc_full"}
    assert {one["object"] for name, one in by_name.items() if name != "data"} == {"Deployment"}

    def told(name: str) -> Json:
        (first, *_) = by_name[name]["evidence"]
        assert first["code"] == "figure"
        parameters: Json = first["parameters"]
        return parameters

    assert (told("bound")["value"], told("bound")["threshold"]) == (50.0, 25.0)
    assert len(by_name["bound"]["pods"]) == 3
    assert by_name["bound"]["container"] == "app"
    assert told("near")["value"] == pytest.approx(93.8)
    assert told("full")["value"] == 93.0
    assert told("stuck")["value"] == pytest.approx(30, rel=0.05)
    assert told("capped")["value"] == 3
    assert told("failing")["value"] == pytest.approx(8, rel=0.05)
    assert told("slow")["value"] > told("slow")["threshold"] > 200
    assert len(by_name["hot"]["pods"]) == 1
    assert told("data")["value"] == 97.0
