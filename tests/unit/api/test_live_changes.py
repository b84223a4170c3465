"""What Kubernetes notes of changes and events, as a real API server writes it."""

from __future__ import annotations

from typing import Any

from kubedoor_api.kube.objects.meta import ObjectMeta
from kubedoor_api.kube.objects.pods import PodSpec, PodStatus
from kubedoor_api.kube.objects.workloads import Deployment
from kubedoor_api.workloads.live import past_us
from kubedoor_api.workloads.pods import concerns, event_of, latest, newest, own, pod_of, rollout_of

Json = Any
SPEC: Json = {"f:spec": {"f:replicas": {}}}


def noted(manager: str, at: str, fields: Json | None = None, subresource: str = "") -> Json:
    """An entry of managedFields."""
    more = {"subresource": subresource} if subresource else {}
    return {
        "manager": manager,
        "operation": "Update",
        "apiVersion": "apps/v1",
        "time": at,
        "fieldsType": "FieldsV1",
        "fieldsV1": fields if fields is not None else SPEC,
        **more,
    }


def test_the_last_change_past_us_is_the_latest_of_the_spec_by_another() -> None:
    entries = [
        noted("helm", "2026-11-01T08:00:00Z"),
        noted("kubectl-edit", "2026-11-20T09:30:00Z"),
        noted("kubectl-label", "2026-11-21T09:30:00Z", {"f:metadata": {"f:labels": {}}}),
        noted("kubedoor-api", "2026-11-22T10:00:00Z", subresource="scale"),
        noted("kube-controller-manager", "2026-11-22T10:00:05Z", {"f:status": {}}, "status"),
        noted("someone", "2026-11-22T10:00:05Z", SPEC, "status"),
    ]
    found = past_us({"metadata": {"managedFields": entries}})
    assert found is not None
    assert (found.by, found.at.isoformat(), found.detail) == (
        "kubectl-edit", "2026-11-20T09:30:00+00:00", "changed the Deployment",
    )  # fmt: skip
    entries.append(noted("kubectl", "2026-11-21T12:00:00Z", subresource="scale"))
    scaled = past_us({"metadata": {"managedFields": entries}})
    assert scaled is not None
    assert (scaled.by, scaled.detail) == ("kubectl", "scaled")
    assert past_us({"metadata": {}}) is None


def event(kind: str, name: str, **more: Any) -> Json:
    """An event of an object."""
    return {"involvedObject": {"kind": kind, "name": name}, "metadata": {}, **more}


def test_events_of_what_is_gone_belong_to_the_service_and_those_of_a_namesake_do_not() -> None:
    sets = {"cart-5c4d8f7b6d"}
    assert concerns(event("Pod", "cart-5c4d8f7b6d-x7k2p"), "cart", sets, ())
    assert concerns(event("ReplicaSet", "cart-5c4d8f7b6d"), "cart", sets, ())
    assert concerns(event("Deployment", "cart"), "cart", sets, ())
    assert concerns(event("HorizontalPodAutoscaler", "h"), "cart", sets, {"h"})
    assert not concerns(event("Pod", "cart-admin-5c4d8f7b6d-x7k2p"), "cart", sets, ())
    assert not concerns(event("StatefulSet", "cart"), "cart", sets, ())


def test_both_ways_of_counting_events_are_read() -> None:
    old = event_of(
        event(
            "Pod", "p", type="Warning", reason="BackOff", message="m", count=7,
            firstTimestamp="2026-11-20T09:00:00Z", lastTimestamp="2026-11-20T09:30:00Z",
        )
    )  # fmt: skip
    new = event_of(
        event(
            "Pod", "p", reason="Killing", eventTime="2026-11-20T10:00:00.123456Z",
            firstTimestamp=None, lastTimestamp=None,
            series={"count": 3, "lastObservedTime": "2026-11-20T10:05:00.000001Z"},
        )
    )  # fmt: skip
    assert (old.count, old.type, new.count, new.type) == (7, "Warning", 3, "Normal")
    assert [one.reason for one in latest([old, new])] == ["Killing", "BackOff"]


def test_only_own_replica_sets_count_and_the_newest_is_by_revision() -> None:
    key = "deployment.kubernetes.io/revision"
    deployment: Deployment = {"metadata": {"uid": "u1", "annotations": {key: "2"}}, "spec": {}, "status": {}}

    def replica_set(name: str, uid: str, revision: str) -> Json:
        owners = [{"kind": "Deployment", "name": "cart", "uid": uid}]
        return {"metadata": {"name": name, "ownerReferences": owners, "annotations": {key: revision}}}

    found = own(
        [replica_set("a", "u1", "1"), replica_set("b", "u1", "2"), replica_set("c", "u2", "2")], deployment
    )
    assert [one["metadata"]["name"] for one in found] == ["a", "b"]
    assert newest(found, deployment) == "b"
    assert rollout_of({**deployment, "spec": {"paused": True}}).state == "paused"


def test_an_evicted_pod_and_a_native_sidecar() -> None:
    from datetime import UTC, datetime

    now = datetime(2026, 11, 20, tzinfo=UTC)
    spec: PodSpec = {
        "initContainers": [
            {"name": "migrate"},
            {"name": "mesh", "restartPolicy": "Always", "resources": {"requests": {"cpu": "0.1"}}},
        ],
        "containers": [{"name": "app", "resources": {"limits": {"memory": "1G", "cpu": "x"}}}],
    }
    metadata: ObjectMeta = {"name": "p", "creationTimestamp": "2026-11-19T23:00:00Z"}
    status: PodStatus = {
        "phase": "Failed",
        "reason": "Evicted",
        "message": "The node was low on resource: memory.",
    }
    pod = pod_of({"metadata": metadata, "spec": spec, "status": status}, None, now)
    assert (pod.status, pod.reason, pod.age_s) == ("Evicted", "The node was low on resource: memory.", 3600)
    assert [one.name for one in pod.containers] == ["mesh", "app"]
    assert (pod.containers[0].request_cpu_m, pod.containers[1].limit_mem_mib) == (100, 954)
    assert pod.containers[1].limit_cpu_m is None
