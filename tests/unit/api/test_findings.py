"""What is found wrong: each kind by what Kubernetes tells, one finding a cause, none when all is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kubedoor_api.findings.causes import signs
from kubedoor_api.findings.facts import Facts, Figure, Refusal, Subject
from kubedoor_api.findings.told import with_events
from kubedoor_api.kube_events.event import KubeEvent
from support.findings import (
    NOW,
    ago,
    company,
    condition,
    deployment,
    ended,
    facts,
    found,
    node,
    not_ready,
    pod,
    quota,
    replica_set,
    template,
    waiting_for_a_node,
)

Json = Any
CART = Subject("Deployment", "shop", "cart")
STUCK = condition("Progressing", "False", "ProgressDeadlineExceeded")
REFUSED = condition("ReplicaFailure", "True", "FailedCreate", 'pods "cart-1-x" is forbidden')


def image_away(number: int = 0) -> Json:
    waits = {"state": {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}}
    return pod(number, ready=False, phase="Pending", container=waits)


def not_created(said: str, reason: str = "CreateContainerConfigError") -> Facts:
    waits = {"state": {"waiting": {"reason": reason, "message": said}}}
    return facts([pod(ready=False, phase="Pending", container=waits)])


def unready(number: int = 0, **container: Any) -> Json:
    return pod(number, ready=False, container=container)


def unhealthy(name: str) -> KubeEvent:
    return told("Unhealthy", "Pod", name, "HTTP probe failed with statuscode: 500")


def told(reason: str, kind: str, name: str, message: str = "", uid: str = "e1", of: str = "") -> KubeEvent:
    at = NOW - timedelta(seconds=20)
    namespace = "" if kind == "Node" else "shop"
    return KubeEvent(uid, 7, at, at, "Warning", reason, message, kind, name, namespace, "Deployment", of)


def measured(kind: Any, subject: Subject = CART) -> Facts:
    return facts([pod()], figures=(Figure(kind, subject, "app", 0.9, 0.5),))


FAULTS = {
    "crash_loop": facts([pod(ready=False, container=ended("Error", 1))]),
    "oom": facts([pod(ready=False, container=ended("OOMKilled", 137))]),
    "image": facts([image_away()]),
    "config": not_created('secret "db" not found'),
    "unschedulable": facts([waiting_for_a_node(of=template(cpu="9"))]),
    "probe_failing": facts([unready()]),
    "rollout_stuck": facts(deployments=[deployment(availableReplicas=0, conditions=[STUCK])]),
    "throttled": measured("throttled"),
    "memory_near_limit": measured("memory_near_limit", Subject("Pod", "shop", "cart-1-0")),
    "heap_full": measured("heap_full"),
    "gc_storm": measured("gc_storm"),
    "hpa_capped": measured("hpa_capped"),
    "quota": facts(deployments=[deployment(conditions=[REFUSED])], quotas=[quota("1900Mi", "2Gi")]),
    "pods_refused": facts(deployments=[deployment(conditions=[REFUSED])], quotas=[quota("1Gi", "2Gi")]),
    "node_not_ready": facts(nodes=[not_ready("n1")]),
    "node_pressure": facts(
        nodes=[
            node(
                conditions=[
                    {"type": "Ready", "status": "True", "lastTransitionTime": ago(days=1)},
                    {"type": "DiskPressure", "status": "True", "lastTransitionTime": ago(minutes=1)},
                ]
            )
        ]
    ),
    "evicted": facts(
        [
            pod(
                phase="Failed",
                reason="Evicted",
                conditions=[{"type": "Ready", "status": "False", "lastTransitionTime": ago(minutes=1)}],
                message="The node was low on resource: memory.",
            )
        ]
    ),
    "pvc_full": measured("pvc_full", Subject("PersistentVolumeClaim", "shop", "data")),
    "errors_up": measured("errors_up"),
    "latency_up": measured("latency_up"),
    "hot_pod": measured("hot_pod"),
    "admission_refused": facts(refusals=(Refusal("shop", "Deployment", "cart", NOW, "u1", "jane"),)),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_is_found_once_under_its_own_name(kind: str) -> None:
    [only] = found(FAULTS[kind])
    assert only.sign.kind == kind
    assert only.sign.evidence
    assert only.sign.subject.kind in {"Deployment", "Node", "ResourceQuota", "PersistentVolumeClaim"}


def test_in_a_quiet_hour_nothing_is_found() -> None:
    starting = pod(1, ready=False, container={"state": {"running": {"startedAt": ago(seconds=20)}}})
    creating = pod(2, ready=False, container={"state": {"waiting": {"reason": "ContainerCreating"}}})
    restarted_once = pod(3, container={"restartCount": 1, **_died_once()})
    rolling = deployment(replicas=4, updatedReplicas=2, availableReplicas=3)
    killed_long_ago = pod(4, container={"restartCount": 1, **_died_once("OOMKilled", 137, minutes=90)})
    done = pod(5, phase="Succeeded", ready=False)
    quiet = [starting, creating, restarted_once, killed_long_ago, done]
    assert found(facts(quiet, deployments=[rolling], quotas=[quota("2Gi", "2Gi")])) == []
    assert found(company(20)) == []


def _died_once(reason: str = "Error", code: int = 1, minutes: float = 3) -> Json:
    return {
        "lastState": {"terminated": {"reason": reason, "exitCode": code, "finishedAt": ago(minutes=minutes)}}
    }


def test_a_container_killed_for_memory_is_told_though_it_runs_again() -> None:
    [only] = found(facts([pod(container={"restartCount": 1, **_died_once("OOMKilled", 137)})]))
    assert (only.sign.kind, only.sign.container, only.sign.pods) == ("oom", "app", ("cart-1-0",))
    [shown] = only.sign.evidence
    assert shown.code == "container_ended"
    assert shown.parameters["exit_code"] == 137


def test_pods_of_one_service_are_one_finding() -> None:
    [only] = found(facts([pod(number, ready=False, container=ended("Error", 1)) for number in range(9)]))
    assert len(only.sign.pods) == 9
    assert len(only.sign.evidence) == 5


def test_what_the_liveness_probe_has_killed_is_no_crash() -> None:
    killed = pod(ready=False, container=ended("Error", 137))
    assert found(facts([killed]))[0].sign.kind == "crash_loop"
    [only] = found(facts([killed], events=(unhealthy("cart-1-0"),)))
    assert only.sign.kind == "probe_failing"
    assert [one.code for one in only.sign.evidence] == ["container_ended", "event"]


def test_a_rollout_is_stuck_also_where_the_pods_before_it_serve_on() -> None:
    serving = deployment(replicas=2, updatedReplicas=1, availableReplicas=2, conditions=[STUCK])
    [only] = found(facts([pod()], deployments=[serving]))
    assert only.sign.kind == "rollout_stuck"
    assert only.sign.evidence[0].parameters == {"desired": 2, "updated": 1, "available": 2}


@pytest.mark.parametrize(
    "kind", ["crash_loop", "oom", "image", "config", "unschedulable", "probe_failing", "quota"]
)
def test_a_rollout_that_stands_still_for_a_reason_is_told_by_the_reason(kind: str) -> None:
    fault, refused = FAULTS[kind], [REFUSED] if kind == "quota" else []
    stuck = facts(deployments=[deployment(availableReplicas=0, conditions=[STUCK, *refused])]).deployments
    both = {**fault.__dict__, "deployments": stuck}
    given = Facts(**{name: both[name] for name in Facts.__dataclass_fields__})
    [only] = found(given)
    assert only.sign.kind == kind
    assert [sign.kind for sign in only.symptoms] == ["rollout_stuck"]


def test_errors_of_a_service_that_is_killed_for_memory_are_its_symptoms() -> None:
    figures = tuple(Figure(kind, CART, "app", 1.0, 0.5) for kind in ("errors_up", "latency_up", "gc_storm"))
    [only] = found(facts([pod(ready=False, container=ended("OOMKilled", 137))], figures=figures))
    assert only.sign.kind == "oom"
    assert {sign.kind for sign in only.symptoms} == {"errors_up", "latency_up", "gc_storm"}


def test_a_node_that_dies_is_one_finding_and_names_what_it_takes_along() -> None:
    names = [f"svc{number}" for number in range(40)]
    on_it = [pod(0, "n1", rs=f"{name}-1", ready=False, container=ended("Error", 1)) for name in names]
    waits = []
    for name in names:
        new = waiting_for_a_node(1)
        new["metadata"] |= {"name": f"{name}-1-1"}
        new["metadata"]["ownerReferences"][0]["name"] = f"{name}-1"
        waits.append(new)
    figures = tuple(Figure("errors_up", Subject("Deployment", "shop", name), "", 1, 0.1) for name in names)
    given = facts(
        [*on_it, *waits],
        nodes=[not_ready("n1"), node("n2", cpu="50m")],
        deployments=[deployment(name, 2, availableReplicas=0, conditions=[STUCK]) for name in names],
        replica_sets=[replica_set(name=name) for name in names],
        figures=figures,
    )
    [only] = found(given)
    assert (only.sign.kind, only.sign.subject) == ("node_not_ready", Subject("Node", "", "n1"))
    assert len(only.affected) == 40
    assert len(only.symptoms) == 120


def test_what_would_not_fit_on_the_dead_node_either_is_a_finding_of_its_own() -> None:
    given = facts([waiting_for_a_node(of=template(cpu="64"))], nodes=[not_ready("n1"), node("n2", cpu="50m")])
    assert {one.sign.kind for one in found(given)} == {"node_not_ready", "unschedulable"}


def test_pods_that_only_a_node_under_pressure_could_take_are_its_symptoms() -> None:
    pressed = {"type": "DiskPressure", "status": "True", "lastTransitionTime": ago(minutes=2)}
    ready = {"type": "Ready", "status": "True", "lastTransitionTime": ago(days=1)}
    taint = {"key": "node.kubernetes.io/disk-pressure", "effect": "NoSchedule"}
    of = template(nodeSelector={"disk": "local"})
    nodes = [
        node("n1", labels={"disk": "local"}, conditions=[ready, pressed], taints=[taint]),
        node("n2"),
    ]
    [only] = found(facts([waiting_for_a_node(of=of)], nodes=nodes))
    assert (only.sign.kind, only.sign.subject.name, only.affected) == ("node_pressure", "n1", (CART,))
    [symptom] = only.symptoms
    assert symptom.evidence[0].parameters["reason"] == "pressure"
    short = template(nodeSelector={"disk": "local"}, cpu="99")
    assert [one.sign.kind for one in found(facts([waiting_for_a_node(of=short)], nodes=nodes))] == [
        "node_pressure", "unschedulable",
    ]  # fmt: skip


def test_evictions_from_a_node_under_pressure_are_its_symptoms() -> None:
    given = facts(
        list(_evicted()),
        nodes=[
            node(
                conditions=[
                    {"type": "Ready", "status": "True", "lastTransitionTime": ago(days=1)},
                    {"type": "MemoryPressure", "status": "True", "lastTransitionTime": ago(minutes=2)},
                ]
            )
        ],
    )
    [only] = found(given)
    assert (only.sign.kind, only.affected) == ("node_pressure", (CART,))


def _evicted() -> list[Json]:
    gone = [{"type": "Ready", "status": "False", "lastTransitionTime": ago(minutes=1)}]
    return [pod(number, phase="Failed", reason="Evicted", conditions=gone) for number in range(3)]


def test_a_quota_is_one_finding_for_all_whom_it_keeps_from_making_pods() -> None:
    given = facts(
        deployments=[deployment(name, conditions=[REFUSED]) for name in ("cart", "pay")],
        replica_sets=[replica_set(name=name) for name in ("cart", "pay")],
        quotas=[quota("1900Mi", "2Gi")],
    )
    [only] = found(given)
    assert only.sign.subject == Subject("ResourceQuota", "shop", "team")
    assert only.sign.evidence[0].parameters["used"] == 1900
    assert [one.name for one in only.affected] == ["cart", "pay"]


def test_a_pod_that_is_isolated_or_on_its_way_out_says_nothing() -> None:
    isolated, leaving = (pod(number, ready=False, container=ended("Error", 1)) for number in range(2))
    isolated["metadata"]["labels"]["kubedoor.io/isolated"] = "true"
    leaving["metadata"]["deletionTimestamp"] = ago(seconds=5)
    assert found(facts([isolated, leaving])) == []


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("crash_loop", told("BackOff", "Pod", "cart-1-0")),
        ("image", told("Failed", "Pod", "cart-1-0", "unauthorized")),
        ("unschedulable", told("FailedScheduling", "Pod", "cart-1-0", "0/1 nodes are available")),
        ("rollout_stuck", told("FailedMount", "Pod", "cart-5d9f7c6b8d-x2vbn", of="cart")),
        ("quota", told("FailedCreate", "ReplicaSet", "cart-5d9f7c6b8d", of="cart")),
        ("node_not_ready", told("NodeNotReady", "Node", "n1")),
    ],
)
def test_events_that_say_more_are_evidence_by_their_ids(kind: str, event: KubeEvent) -> None:
    others = (
        told("Pulled", event.object_kind, event.object_name, uid="e2"),
        told(event.reason, event.object_kind, "other", uid="e3"),
    )
    given = replace(FAULTS[kind], events=(event, *others))
    [sign] = [one for one in signs(given) if one.kind == kind]
    more = with_events(sign, given).evidence[len(sign.evidence) :]
    assert [(one.code, one.parameters["uid"]) for one in more] == [("event", "e1")]
    assert with_events(with_events(sign, given), given) == with_events(sign, given)


@pytest.mark.parametrize(
    ("said", "reason", "missing"),
    [
        ('secret "db" not found', "CreateContainerConfigError", ("Secret", "db", None)),
        ('configmaps "cart-env" not found', "CreateContainerConfigError", ("ConfigMap", "cart-env", None)),
        ("couldn't find key pw in Secret shop/db", "CreateContainerConfigError", ("Secret", "db", "pw")),
        (
            "couldn't find key a.b in ConfigMap shop/c",
            "CreateContainerConfigError",
            ("ConfigMap", "c", "a.b"),
        ),
        ("failed to generate spec: no command specified", "CreateContainerError", (None, None, None)),
        ("", "CreateContainerError", (None, None, None)),
    ],
)
def test_what_a_container_is_not_created_for_want_of_is_named(
    said: str, reason: str, missing: tuple[str | None, ...]
) -> None:
    [only] = found(not_created(said, reason))
    told = only.sign.evidence[0].parameters
    assert (only.sign.kind, only.sign.container, told["reason"]) == ("config", "app", reason)
    assert tuple(told.get(f"missing_{part}") for part in ("kind", "name", "key")) == missing
