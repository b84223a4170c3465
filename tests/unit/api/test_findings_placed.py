"""Why a pod has no node: worked out node by node."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_api.findings.facts import Facts, Volume
from kubedoor_api.findings.scheduling import Placement, Room
from kubedoor_core.domain.placement.selecting import read_node_terms
from support.findings import facts, found, node, not_ready, pod, template, waiting_for_a_node

Json = Any
ZONE = "topology.kubernetes.io/zone"
GPU = {"key": "gpu", "value": "yes", "effect": "NoSchedule"}
CLAIMING: Json = {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}
IN_A: Json = {"matchExpressions": [{"key": ZONE, "operator": "In", "values": ["a"]}]}

IN_A_ALONE = Volume(read_node_terms((IN_A,)))


def affinity(*expressions: Json) -> Json:
    terms = {"nodeSelectorTerms": [{"matchExpressions": list(expressions)}]}
    return {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}}


APART: Json = {
    "affinity": {
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [
                {"topologyKey": ZONE, "labelSelector": {"matchLabels": {"app": "cart"}}}
            ]
        }
    }
}


def placed(spec: Json, *nodes: Json, others: tuple[Json, ...] = (), **more: Any) -> Placement:
    given: Facts = facts([waiting_for_a_node(99, spec), *others], nodes=nodes, **more)
    return Room(given).place(given.pods["shop", "cart-1-99"])


@pytest.mark.parametrize(
    ("reason", "place"),
    [
        ("cpu", placed(template(cpu="2"), node(cpu="1"))),
        ("memory", placed(template(), node(memory="128Mi"))),
        ("pods", placed(template(), node(pods=1), others=(pod(),))),
        ("taint", placed(template(), node(taints=[GPU]))),
        ("cordoned", placed(template(), node(unschedulable=True))),
        ("not_ready", placed(template(), not_ready("n1"))),
        ("affinity", placed(template(nodeSelector={"disk": "ssd"}), node())),
        ("affinity", placed(template(**affinity({"key": "x", "operator": "Exists"})), node())),
        ("affinity", placed(template(**affinity({"key": "c", "operator": "Gt", "values": ["4"]})),
                            node(labels={"c": "4"}))),
        ("anti_affinity", placed(template(**APART), node(labels={ZONE: "a"}), node("n2", labels={ZONE: "a"}),
                                 others=(pod(),))),
        ("volume_zone", placed(template(**CLAIMING), node(labels={ZONE: "b"}),
                               claims={("shop", "data"): "pv"}, volumes={"pv": IN_A_ALONE})),
    ],
)  # fmt: skip
def test_the_reason_is_what_stands_in_the_way(reason: str, place: Placement) -> None:
    assert place.reason == reason
    assert place.alone[place.reason] == sum(place.alone.values())


@pytest.mark.parametrize(
    "place",
    [
        placed(template(), node()),
        placed(template(tolerations=[{"key": "gpu", "operator": "Exists"}]), node(taints=[GPU])),
        placed(template(tolerations=[{"key": "gpu", "value": "yes"}]), node(taints=[GPU])),
        placed(template(tolerations=[{"operator": "Exists"}]), node(taints=[GPU], unschedulable=True)),
        placed(template(), node(taints=[{**GPU, "effect": "PreferNoSchedule"}])),
        placed(template(nodeSelector={"disk": "ssd"}), node(labels={"disk": "ssd"})),
        placed(template(**affinity({"key": "c", "operator": "Lt", "values": ["4"]})),
               node(labels={"c": "3"})),
        placed(template(**APART), node("n2", labels={ZONE: "b"}), node(labels={ZONE: "a"}), others=(pod(),)),
        placed(template(**CLAIMING), node(labels={ZONE: "a"}), claims={("shop", "data"): "pv"},
               volumes={"pv": IN_A_ALONE}),
        placed(template(cpu="1"), node(cpu="1"), others=(pod(phase="Succeeded", of=template(cpu="1")),)),
    ],
)  # fmt: skip
def test_what_fits_has_no_reason(place: Placement) -> None:
    assert place.reason is None


def test_what_alone_would_let_it_in_comes_before_what_stands_in_more_ways() -> None:
    full = [node(f"n{number}", cpu="1", taints=[GPU]) for number in range(5)]
    place = placed(template(cpu="2"), node("short", cpu="1"), *full)
    assert place.reason == "cpu"
    assert dict(place.blocked) == {"cpu": 6, "taint": 5}
    assert dict(place.alone) == {"cpu": 1}
    assert place.nearest is not None
    assert (place.nearest[0], place.nearest[1].cpu_m) == ("short", 1000)


@pytest.mark.parametrize(
    ("reason", "place"),
    [
        ("cordoned", placed(template(nodeSelector={"pool": "old"}),
                            node("old", unschedulable=True, labels={"pool": "old"}), node(), node("n2"))),
        ("taint", placed(template(nodeSelector={"pool": "gpu"}),
                         node("gpu", taints=[GPU], labels={"pool": "gpu"}), node(), node("n2"))),
        ("cpu", placed(template(cpu="2"), node(cpu="1"), node("g1", taints=[GPU]), node("g2", taints=[GPU]))),
        ("cpu", placed(template(cpu="2", **CLAIMING), node(cpu="1", labels={ZONE: "a"}),
                       node("n2", labels={ZONE: "b"}), node("n3", labels={ZONE: "b"}),
                       claims={("shop", "data"): "pv"}, volumes={"pv": IN_A_ALONE})),
    ],
)  # fmt: skip
def test_nodes_that_a_pod_is_not_meant_for_give_no_reason(reason: str, place: Placement) -> None:
    assert place.reason == reason
    assert len(place.blocked) == 2, "they are counted all the same"


def test_the_finding_counts_nodes_by_reason() -> None:
    given = facts(
        [waiting_for_a_node(of=template(cpu="2")), pod(1, "small", of=template(cpu="800m"))],
        nodes=[node("small", cpu="1"), node("tainted", taints=[GPU])],
    )
    [only] = found(given)
    shown = only.sign.evidence[0].parameters
    assert (shown["reason"], shown["nodes_cpu"], shown["nodes_taint"], shown["nodes"]) == ("cpu", 1, 1, 2)
    assert (shown["nearest"], shown["free_cpu_m"], shown["cpu_m"]) == ("small", 200, 2000)


def test_where_it_would_fit_the_scheduler_is_quoted() -> None:
    [only] = found(facts([waiting_for_a_node()]))
    assert only.sign.evidence[0].parameters["reason"] == "unknown"
    assert only.sign.evidence[1].parameters["said"] == "0/1 nodes are available"
