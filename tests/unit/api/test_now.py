"""An env as it is now, put together of a store's answers: what is told, what is unknown, what is worst."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_api.now.models import NowService, QueryName
from kubedoor_api.now.nodes import nodes_of
from kubedoor_api.now.reading import Answers, read_hot, read_pods, read_whose
from kubedoor_api.now.summary import Snapshot, snapshot_of
from kubedoor_core.metrics.counted import Spoken
from kubedoor_core.metrics.labelling import Labelling
from kubedoor_core.metrics.samples import PodKey
from kubedoor_core.metrics.traffic.dialects import DIALECTS, Dialect
from kubedoor_core.prometheus import Sample

MIB = 1_048_576
RANGE_S = 120
MICROMETER: Spoken[Dialect] = Spoken("m", DIALECTS[3], Labelling("namespace", pod="pod"))
ISTIO: Spoken[Dialect] = Spoken("i", DIALECTS[0], Labelling("namespace", "workload"))


def sample(value: float, **labels: str) -> Sample:
    return Sample({"namespace": "shop", **labels}, value)


def controller(kind: str, name: str) -> dict[str, str]:
    return {"owner_kind": kind, "owner_name": name, "owner_is_controller": "true"}


def answers(**more: list[Sample] | None) -> Answers:
    """Two pods of the Deployment `cart`, all well, but for what is given."""
    pods = ("cart-6b7-aaaaa", "cart-6b7-bbbbb")
    told: dict[QueryName, list[Sample] | None] = {
        "pods": [sample(1, pod=pod, phase="Running") for pod in pods],
        "cpu": [sample(50, pod=pod) for pod in pods],
        "memory": [sample(100, pod=pod) for pod in pods],
        "restarts": [Sample({}, 2)],
        "owners": [
            *(sample(1, pod=pod, **controller("ReplicaSet", "cart-6b7")) for pod in pods),
            sample(1, replicaset="cart-6b7", **controller("Deployment", "cart")),
        ],
        "replicas": [sample(2, deployment="cart", what=what) for what in ("asked", "ready")],
        "requests": [sample(0.1, pod=pod, node="n1", resource="cpu") for pod in pods],
        "limits": [sample(200 * MIB, pod=pod, node="n1", resource="memory") for pod in pods]
        + [sample(1, pod=pod, unlimited="cpu") for pod in pods],
        "nodes": [
            *(
                Sample({"node": "n1", "resource": name}, value)
                for name, value in (("cpu", 4.0), ("pods", 110.0))
            ),
            Sample({"node": "n1", "condition": "Ready"}, 1),
        ],
        "node_use": [],
        "volumes": [],
        "autoscalers": [],
        "traffic": [],
        "latency": [],
    }
    return {**told, **more}  # type: ignore[dict-item]  # names of queries


def snapshot(**more: list[Sample] | None) -> Snapshot:
    return snapshot_of(answers(**more), [ISTIO, MICROMETER], RANGE_S)


def cart(**more: list[Sample] | None) -> NowService:
    (one,) = [one for one in snapshot(**more).services if one.name == "cart"]
    return one


def test_a_service_is_what_its_pods_are() -> None:
    one = cart()
    assert (one.kind, one.ready, one.asked, one.pods.running) == ("Deployment", 2, 2, 2)
    assert (one.cpu.used, one.cpu.request, one.cpu.limit) == (100, 200, None)
    assert (one.mem.used, one.mem.request, one.mem.limit) == (200, None, 400)
    assert (one.restarts_1h, one.qps, one.troubles) == (0, None, [])


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        ("cpu", lambda one: one.cpu.used),
        ("memory", lambda one: one.mem.used),
        ("pods", lambda one: one.pods.running),
        ("restarts", lambda one: one.restarts_1h),
        ("requests", lambda one: one.cpu.request),
        ("limits", lambda one: one.mem.limit),
    ],
)
@pytest.mark.parametrize("answer", [None, []], ids=["failed", "no such series"])
def test_what_was_not_told_is_unknown_and_never_zero(
    query: str, unknown: Any, answer: list[Sample] | None
) -> None:
    assert unknown(cart(**{query: answer})) is None


def test_a_service_that_is_scaled_down_uses_nothing() -> None:
    """Which is known, where pods are told of at all."""
    none = [sample(0, deployment="idle", what=what) for what in ("asked", "ready")]
    idle = next(one for one in snapshot(replicas=none).services if one.name == "idle")
    assert (idle.cpu.used, idle.mem.used, idle.pods.running, idle.troubles) == (0, 0, 0, [])


@pytest.mark.parametrize(
    ("more", "trouble"),
    [
        (
            {"pods": [sample(1, pod="cart-6b7-aaaaa", container="app", reason="CrashLoopBackOff")]},
            "crash_loop",
        ),
        ({"pods": [sample(1, pod="cart-6b7-aaaaa", container="app", reason="ErrImagePull")]}, "image"),
        (
            {
                "replicas": [
                    sample(2, deployment="cart", what="asked"),
                    sample(0, deployment="cart", what="ready"),
                ]
            },
            "none_ready",
        ),
        (
            {
                "replicas": [
                    sample(2, deployment="cart", what="asked"),
                    sample(1, deployment="cart", what="ready"),
                ]
            },
            "pods_missing",
        ),
        ({"pods": [sample(1, pod="cart-6b7-aaaaa", phase="Pending")]}, "pending"),
        (
            {"memory": [sample(190, pod="cart-6b7-aaaaa"), sample(190, pod="cart-6b7-bbbbb")]},
            "mem_near_limit",
        ),
        ({"restarts": [sample(3, pod="cart-6b7-aaaaa")]}, "restarts"),
        (
            {
                "traffic": [
                    sample(1200, told_by="i", workload="cart", what="requests"),
                    sample(24, told_by="i", workload="cart", what="errors"),
                ]
            },
            "errors",
        ),
    ],
)
def test_each_trouble_is_told(more: dict[str, list[Sample]], trouble: str) -> None:
    assert trouble in cart(**more).troubles


def test_what_is_worst_comes_first() -> None:
    replicas = [
        sample(2, deployment=name, what=what) for name in ("cart", "apple") for what in ("asked", "ready")
    ]
    crashing = [sample(1, pod="cart-6b7-aaaaa", container="app", reason="CrashLoopBackOff")]
    assert [one.name for one in snapshot(replicas=replicas, pods=crashing).services] == ["cart", "apple"]
    assert [one.name for one in snapshot(replicas=replicas).services] == ["cart", "apple"], (
        "then who uses most"
    )


def test_requests_are_those_of_the_source_that_is_believed_most() -> None:
    told = [
        sample(1200, told_by="m", pod="cart-6b7-aaaaa", what="requests"),
        sample(600, told_by="i", workload="cart", what="requests"),
        sample(6, told_by="i", workload="cart", what="errors"),
    ]
    latency = [sample(90, told_by="i", workload="cart"), sample(900, told_by="m", pod="cart-6b7")]
    one = cart(traffic=told, latency=latency)
    assert (one.qps, one.error_pct, one.p95_ms) == (5, 1, 90)


def test_a_hot_pod_is_told_of_three_or_more() -> None:
    def told(*counts: float) -> list[str]:
        counted = [
            sample(count, told_by="m", pod=f"cart-6b7-{at}", what="requests")
            for at, count in enumerate(counts)
        ]
        owners = [
            sample(1, replicaset="cart-6b7", **controller("Deployment", "cart")),
            *(
                sample(1, pod=f"cart-6b7-{at}", **controller("ReplicaSet", "cart-6b7"))
                for at in range(len(counts))
            ),
        ]
        keys = [PodKey("shop", f"cart-6b7-{at}") for at in range(len(counts))]
        whose = read_whose(owners, keys, [])
        return [hot.pod for hot in read_hot(counted, [MICROMETER], RANGE_S, whose)]

    assert told(100, 100, 900) == ["cart-6b7-2"]
    assert told(100, 900) == []
    assert told(100, 100, 250) == []
    assert told(1, 1, 50) == [], "too few requests say nothing"


def test_a_namespace_has_pods_of_no_service_too() -> None:
    told = [*(answers()["pods"] or []), sample(1, pod="alone", phase="Running")]
    (one,) = snapshot(pods=told).namespaces
    assert (one.services, one.pods.running, one.troubled) == (1, 3, 0)


def test_sums_are_of_the_namespaces_that_somebody_sees() -> None:
    one = snapshot()
    every, none = one.tiles(None), one.tiles(frozenset({"another"}))
    assert (every.services, every.cpu.used, every.cpu.allocatable) == (1, 100, 4000)
    assert every.nodes is not None
    assert (none.services, none.cpu.used, none.nodes) == (0, None, None)


def test_pods_are_called_what_they_are_at_their_source() -> None:
    """Scraped without `honor_labels` the exporter's own place has the plain names."""
    aside = {"namespace": "monitoring", "pod": "ksm", "exported_namespace": "shop", "exported_pod": "cart-1"}
    assert list(read_pods({"pods": [Sample({**aside, "phase": "Running"}, 1)]})) == [PodKey("shop", "cart-1")]


def test_without_owners_names_tell_whose_traffic_is_whose() -> None:
    whose = read_whose(None, [], [("shop", "StatefulSet", "cart"), ("shop", "Deployment", "cart")])
    assert whose.find("shop", "cart", "") == ("shop", "Deployment", "cart")
    assert whose.find("shop", "another", "") is None


def node_use(*labels: dict[str, str]) -> list[Sample]:
    return [Sample(one, 700.0) for one in labels]


@pytest.mark.parametrize(
    "told",
    [
        node_use({"what": "kubelet_cpu", "node": "n1"}),
        node_use({"what": "kubelet_cpu", "instance": "n1:10250"}),
        node_use(
            {"what": "kubelet_cpu", "instance": "10.0.0.1:10250"}, {"node": "n1", "internal_ip": "10.0.0.1"}
        ),
        node_use(
            {"what": "exporter_cpu", "instance": "10.0.0.1:9100"},
            {"instance": "10.0.0.1:9100", "nodename": "n1"},
        ),
    ],
    ids=["by its label", "by its name", "by its address", "by node-exporter"],
)
def test_a_nodes_use_is_found_whichever_label_names_it(told: list[Sample]) -> None:
    (one,) = nodes_of(answers(node_use=told), [])
    assert one.cpu.used == 700


def test_the_kubelets_figure_comes_before_node_exporters() -> None:
    told = [
        Sample({"what": "kubelet_cpu", "node": "n1"}, 500),
        Sample({"what": "exporter_cpu", "node": "n1"}, 900),
        Sample({"what": "kubelet_cpu", "instance": "10.9.9.9:10250"}, 1),
    ]
    (one,) = nodes_of(answers(node_use=told), [])
    assert one.cpu.used == 500


def test_a_node_has_what_its_pods_ask_for() -> None:
    known = answers()
    (one,) = nodes_of(known, read_pods(known).values())
    assert (one.cpu.requested, one.pods, one.pods_most, one.ready) == (200, 2, 110, True)
    (unknown,) = nodes_of(answers(requests=None), [])
    assert (unknown.cpu.requested, unknown.pods, unknown.cpu.used) == (None, None, None)


def test_a_node_that_is_not_well_says_how() -> None:
    told = [
        Sample({"node": "n1", "resource": "cpu"}, 4),
        Sample({"node": "n1", "condition": "DiskPressure"}, 1),
        Sample({"node": "n1", "what": "cordoned"}, 1),
    ]
    (one,) = nodes_of(answers(nodes=told), [])
    assert (one.ready, one.cordoned, one.pressure) == (False, True, ["DiskPressure"])
    (unknown,) = nodes_of(answers(nodes=told[:1]), [])
    assert unknown.ready is None, "where the store tells no conditions"
