"""Before an operation: each service before and after, and whether the nodes have room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.cluster.nodes import NodeSize
from support.api import BASE, ENV, Api, serving
from support.operations import OPERATIONS, autoscale, register, run, set_expert, targets
from support.rows import containers, set_mode
from support.waiting import until

Json = dict[str, Any]
CAPACITY = f"{BASE}/capacity"


@pytest.fixture
async def small() -> AsyncIterator[Cluster]:
    """A cluster of two nodes: 1800m and 3686 MiB are left to pods on each."""
    nodes = {name: NodeSize(cpu="2", memory="4Gi") for name in ("node-1", "node-2")}
    made = Cluster(Options(tls=True, namespaces=("shop", "pay"), nodes=nodes))
    async with made.serve():
        yield made


@pytest.fixture
async def acting(settings: ApiSettings, small: Cluster, tmp_path: Path) -> AsyncIterator[Api]:
    """An API on that cluster."""
    kubeconfig = str(small.write_kubeconfig(tmp_path / "kubeconfig"))
    async with serving(settings.model_copy(update={"kubeconfig": kubeconfig})) as api:
        yield api


async def preview(api: Api, kind: str, wanted: list[Json], **options: Any) -> Json:
    """Ask for a preview."""
    answer = await api.change("POST", f"{OPERATIONS}/preview", {"kind": kind, "targets": wanted, **options})
    assert answer.status == 200, answer.text
    found: Json = answer.json
    return found


async def placed(api: Api, free_cpu_m: int) -> None:
    """Wait until the pods that run have their nodes."""

    async def seen() -> bool:
        shown = await preview(api, "restart", targets("cart"))
        return bool(shown["room"]["free_cpu_m"] == free_cpu_m)

    await until(seen)


async def test_a_scale_that_fits_and_one_that_does_not(
    acting: Api, small: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart")
    await run(small, "cart", cpu="500m", memory="512Mi")
    await placed(acting, 2600)
    fits = await preview(acting, "scale", targets("cart", replicas=4))
    (cart,) = fits["targets"]
    assert (cart["replicas_before"], cart["replicas_after"], cart["refused"]) == (2, 4, None)
    assert cart["pod_after"] == {"cpu_m": 500, "mem_mib": 512}
    change = {"container": "", "resource": "replicas", "kind": "", "before": "2", "after": "4"}
    assert cart["changes"] == [{**change, "source": "manual"}]
    room = fits["room"]
    assert (room["nodes"], room["added_cpu_m"], room["added_mem_mib"], room["fits"]) == (2, 1000, 1024, True)
    # Five more ask for less than is free in all, but a node has room for two more of them only.
    big = await preview(acting, "scale", targets("cart", replicas=7))
    assert (big["room"]["added_cpu_m"], big["room"]["fits"]) == (2500, False)
    assert big["targets"][0]["unplaced"] == 1
    assert big["warnings"] == []
    down = await preview(acting, "scale", targets("cart", replicas=0))
    assert (down["room"]["added_cpu_m"], down["room"]["fits"]) == (-1000, True)
    assert down["targets"][0]["warnings"] == [{"code": "no_pods_left", "parameters": {}}]
    assert down["targets"][0]["detail"] == "it will have no pods"


async def test_a_restart_shows_what_admission_makes_of_it(
    acting: Api, small: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", replicas=3)
    await set_expert(clickhouse, "cart", **containers(app=(800, None, None, None)))
    await run(small, "cart", "new")
    await set_mode(clickhouse, ENV, "enforce")
    shown = await preview(acting, "restart", targets("cart", "new"))
    cart, new = shown["targets"]
    assert (cart["replicas_before"], cart["replicas_after"]) == (2, 3)
    assert (cart["pod_before"]["cpu_m"], cart["pod_after"]["cpu_m"]) == (100, 800)
    assert {change["resource"] for change in cart["changes"]} >= {"replicas"}
    assert (shown["room"]["added_cpu_m"], shown["room"]["surge_cpu_m"]) == (2200, 800)
    place = {"service": "shop/new", "env": ENV}
    assert (new["refused"], new["reason"]) == (
        {"code": "not_registered", "parameters": place},
        "not_registered",
    )
    assert shown["warnings"] == [{"code": "some_refused", "parameters": {"count": 1}}]
    assert shown["detail"] == "1 of the services would be refused; the others go on"


async def test_each_service_that_would_be_refused_says_why(
    acting: Api, small: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "gone", "bare")
    await set_expert(clickhouse, "bare", replicas_manual=None)
    await run(small, "cart", "web")
    await autoscale(small, "cart")
    small.fault(status=403, path="/namespaces/pay/deployments", count=None)
    others = [("pay", "pay"), ("kube-system", "coredns")]
    wanted = targets("cart", "gone", "web", replicas=3)
    wanted += [{"namespace": namespace, "name": name, "replicas": 1} for namespace, name in others]
    shown = await preview(acting, "scale", wanted)
    reasons = {target["name"]: target["detail"] for target in shown["targets"]}
    words = {target["name"]: target["reason"] for target in shown["targets"]}
    assert words == {
        "cart": "autoscaled", "gone": "missing", "web": "not_registered", "pay": "forbidden",
        "coredns": "not_governed",
    }  # fmt: skip
    assert "HorizontalPodAutoscaler cart" in reasons["cart"]
    assert reasons["gone"] == "there is no shop/gone in the cluster test"
    assert "is not registered" in reasons["web"]
    assert reasons["pay"].startswith("may not list deployments in namespace pay")
    assert "kube-system is not governed" in reasons["coredns"]
    bounds = {"min_replicas": 2, "max_replicas": 4}
    moved = await preview(acting, "scale", targets("cart", autoscaler_bounds=bounds))
    assert moved["targets"][0]["bounds_before"] == {"min_replicas": 1, "max_replicas": 5}
    assert moved["room"]["added_cpu_m"] == 200


async def test_without_the_right_to_see_nodes_the_room_is_unknown(
    acting: Api, small: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart")
    await run(small, "cart")
    small.fault(status=403, path="/nodes", count=None)
    shown = await preview(acting, "scale", targets("cart", replicas=3))
    assert shown["room"] is None
    (unknown,) = shown["warnings"]
    assert unknown["code"] == "room_unknown"
    assert "may not list nodes" in unknown["parameters"]["text"]


async def test_what_is_free_is_told_and_why_where_it_is_not(acting: Api, small: Cluster, api: Api) -> None:
    await run(small, "cart", cpu="500m", memory="512Mi")
    await placed(acting, 2600)
    free = (await acting.get(CAPACITY)).json
    assert free == {"nodes": 2, "free_cpu_m": 2600, "free_mem_mib": 6348, "reason": "", "detail": ""}
    small.fault(method="GET", path="/nodes", status=403, count=None)
    refused = (await acting.get(CAPACITY)).json
    assert (refused["free_cpu_m"], refused["reason"]) == (None, "forbidden")
    assert "may not list nodes" in refused["detail"]
    without = (await api.get(CAPACITY)).json
    assert (without["nodes"], without["reason"]) == (None, "no_cluster")
