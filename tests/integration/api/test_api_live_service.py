"""The live view of one service: pods, events, rollout, last changes; and what may not be read is said."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_api.kube import surroundings
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.surroundings import VerticalAutoscaler, vertical_autoscaler_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import AUTOSCALERS, DEPLOYMENTS
from support.api import SERVICES, Api
from support.waiting import until

LIVE = f"{SERVICES}/shop/cart/live"
Json = dict[str, Any]


def deployment(
    name: str = "cart", fail: str = "", replicas: int = 2, cpu: tuple[str, str] = ("250m", "1")
) -> Json:
    """A Deployment; `fail` says how its pods are to fail, `cpu` is request and limit."""
    request, limit = cpu
    resources = {"requests": {"cpu": request, "memory": "512Mi"}, "limits": {"cpu": limit, "memory": "1Gi"}}
    labels = {"app": name}
    annotations = {"annotations": {"kubedoor.dev/fail": fail}} if fail else {}
    container = {"name": "app", "image": "registry.example/app:1", "resources": resources}
    template = {"metadata": {"labels": labels, **annotations}, "spec": {"containers": [container]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


async def make(cluster: Cluster, **options: Any) -> None:
    """Make a Deployment."""
    obj = deployment(**options)
    await cluster.create(Target(DEPLOYMENTS, "shop", obj["metadata"]["name"]), obj)


async def test_a_service_that_is_well(governing: Api, cluster: Cluster) -> None:
    await make(cluster)
    await make(cluster, name="cart-admin")  # its pods must not be taken for those of `cart`

    async def complete() -> Json | None:
        answer = await governing.as_(Role.VIEWER, namespace="shop").get(LIVE)
        assert answer.status == 200, answer.text
        found: Json = answer.json
        return found if found["rollout"]["state"] == "complete" else None

    found = await until(complete)
    assert (found["rollout"]["wanted"], found["rollout"]["available"], found["rollout"]["revision"]) == (
        2, 2, "1",
    )  # fmt: skip
    assert {"Available", "Progressing"} <= {one["type"] for one in found["rollout"]["conditions"]}
    assert len(found["pods"]) == 2
    for pod in found["pods"]:
        assert (pod["status"], pod["ready"], pod["restarts"], pod["current"]) == ("Running", True, 0, True)
        assert pod["node"].startswith("node-")
        assert pod["reason"] == ""
        [container] = pod["containers"]
        values = ("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
        assert [container[name] for name in values] == [250, 1000, 512, 1024]
    objects = {event["object"].split("/")[0] for event in found["events"]}
    assert {"Deployment", "ReplicaSet"} <= objects
    assert all("cart-admin" not in event["object"] for event in found["events"])
    assert (found["autoscaler"], found["last_changes"], found["untold"]) == (None, [], [])


@pytest.mark.parametrize(
    ("fail", "status", "word"),
    [
        ("crashloop", "CrashLoopBackOff", "crashes again and again"),
        ("oom", "CrashLoopBackOff", "ran out of memory (OOMKilled)"),
        ("image", "ImagePullBackOff", "image"),
    ],
)
async def test_a_service_that_is_not(
    governing: Api, cluster: Cluster, fail: str, status: str, word: str
) -> None:
    await make(cluster, fail=fail, replicas=1)

    async def failing() -> Json | None:
        found: Json = (await governing.get(LIVE)).json
        told = any(event["type"] == "Warning" for event in found["events"])
        return found if told and any(pod["status"] == status for pod in found["pods"]) else None

    found = await until(failing)
    [pod] = found["pods"]
    assert word in pod["reason"]
    assert pod["ready"] is False
    assert pod["containers"][0]["state"] == "waiting"
    assert found["rollout"]["state"] == "progressing"
    assert "0 of 1 pods are available" in found["rollout"]["detail"]
    if fail == "oom":
        assert pod["containers"][0]["last_exit_reason"] == "OOMKilled"
        assert pod["restarts"] > 0
    assert any(event["type"] == "Warning" for event in found["events"])


async def test_a_pod_that_fits_nowhere_says_so(governing: Api, cluster: Cluster) -> None:
    await make(cluster, replicas=1, cpu=("900", "900"))

    async def pending() -> Json | None:
        found: Json = (await governing.get(LIVE)).json
        return found if found["pods"] and found["pods"][0]["reason"] else None

    [pod] = (await until(pending))["pods"]
    assert (pod["phase"], pod["node"]) == ("Pending", "")
    assert "nodes are available" in pod["reason"]


async def test_who_changed_it_last(governing: Api, cluster: Cluster, clickhouse: ClickHouse) -> None:
    await make(cluster)
    await governing.as_(Role.ADMIN, name="bob").change("PUT", f"{SERVICES}/shop/cart", {"replicas_manual": 3})
    row = {
        "id": "op1", "env": "test", "kind": "scale", "state": "succeeded", "requested_by": "carol",
        "requested_at": "2026-11-01 10:00:00.000", "pause_s": 0,
        "stop_on_error": False, "wait_rollout": False,
        "targets.namespace": ["shop", "shop"], "targets.kind": ["Deployment"] * 2,
        "targets.name": ["pay", "cart"],
        "targets.replicas_after": [None, 4], "targets.state": ["pending", "succeeded"],
        "targets.started_at": [None, "2026-11-01 10:00:05.000"], "targets.finished_at": [None, None],
        "targets.replicas_before": [None, 2],
        **{f"targets.{name}": ["", ""] for name in ("desired", "before", "detail", "notes", "reason")},
        "version": 1, "updated_at": "2026-11-01 10:00:06.000", "updated_by": "carol",
    }  # fmt: skip
    await clickhouse.insert("operation", [row])
    edit, acted = (await governing.get(LIVE)).json["last_changes"]
    assert (edit["what"], edit["by"], edit["detail"]) == ("edit", "bob", "3 pods by hand")
    assert (acted["what"], acted["by"], acted["operation_id"]) == ("operation", "carol", "op1")
    assert acted["detail"] == "scaled to 4 pods (succeeded)"
    assert acted["at"] == "2026-11-01T10:00:05.000Z"


async def test_an_autoscaler_is_shown(governing: Api, cluster: Cluster) -> None:
    await make(cluster)
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"}
    spec = {"scaleTargetRef": reference, "minReplicas": 2, "maxReplicas": 9}
    metadata = {"name": "cart-hpa", "namespace": "shop"}
    kind = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler"}
    await cluster.create(
        Target(AUTOSCALERS, "shop", "cart-hpa"), {**kind, "metadata": metadata, "spec": spec}
    )
    found = (await governing.get(LIVE)).json["autoscaler"]
    assert (found["name"], found["min_replicas"], found["max_replicas"]) == ("cart-hpa", 2, 9)


async def test_what_may_not_be_read_is_said_and_the_rest_is_shown(governing: Api, cluster: Cluster) -> None:
    await make(cluster)
    for resource in ("pods", "events", "replicasets", "horizontalpodautoscalers"):
        cluster.fault(method="GET", path=f"/namespaces/shop/{resource}$", status=403, count=None)
    found = (await governing.get(LIVE)).json
    reasons = {one["part"]: one["reason"] for one in found["untold"]}
    assert set(reasons) == {"pods", "events", "replicasets", "autoscaler"}
    assert "may not list pods in namespace shop" in reasons["pods"]
    assert "may not list events in namespace shop" in reasons["events"]
    assert found["pods"] == []
    assert found["rollout"]["wanted"] == 2
    cluster.faults.clear()
    cluster.fault(method="GET", path="/replicasets$", status=403, count=None)

    async def shown() -> Json | None:
        found: Json = (await governing.get(LIVE)).json
        return found if len(found["pods"]) == 2 else None

    assert {pod["current"] for pod in (await until(shown))["pods"]} == {None}
    cluster.faults.clear()
    cluster.fault(method="GET", path="/deployments/cart$", status=403, count=None)
    refused = await governing.get(LIVE)
    assert refused.status == 409
    assert "may not get deployments in namespace shop" in refused.json["detail"]


async def test_a_service_that_is_gone_and_an_env_without_a_cluster(governing: Api, cluster: Cluster) -> None:
    assert (await governing.get(LIVE)).status == 404
    elsewhere = await governing.get(LIVE.replace("/envs/test/", "/envs/other/"))
    assert elsewhere.status == 409
    cluster.fault(method="GET", path="/deployments/cart$", drop=True, count=None)
    assert (await governing.get(LIVE)).status == 503


async def test_vertical_autoscalers_of_it_are_shown(
    governing: Api, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one(name: str, kind: str, target: str, **policy: str) -> VerticalAutoscaler:
        spec: Any = {"targetRef": {"kind": kind, "name": target}, "updatePolicy": policy}
        return vertical_autoscaler_of({"metadata": {"namespace": "shop", "name": name}, "spec": spec})

    async def listed(_clusters: Clusters, _env: str, namespace: str = "") -> list[VerticalAutoscaler]:
        assert namespace == "shop"
        return [
            one("first", "Deployment", "cart"),
            one("second", "Deployment", "cart", updateMode="Off"),
            one("other", "Deployment", "pay"),
            one("set", "StatefulSet", "cart"),
        ]

    await make(cluster)
    assert (await governing.get(LIVE)).json["vertical"] == [], "the cluster doesn't know the kind"
    monkeypatch.setattr(surroundings, "vertical_autoscalers", listed)
    assert (await governing.get(LIVE)).json["vertical"] == [
        {"name": "first", "mode": "Auto", "changes": True},
        {"name": "second", "mode": "Off", "changes": False},
    ]
    monkeypatch.undo()
    cluster.fault(path="/verticalpodautoscalers", status=403, count=None)
    found = (await governing.get(LIVE)).json
    assert found["vertical"] == []
    assert [one["part"] for one in found["untold"]] == ["vertical"]
