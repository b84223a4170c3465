"""What pods ask of nodes, and which nodes have room."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.workloads.room import Amount, Node, asked_by, held_by, place, rooms, surge_of

Json = Any


def container(cpu: str, memory: str = "0", **more: Any) -> Json:
    return {"resources": {"requests": {"cpu": cpu, "memory": memory}}, **more}


def node(name: str, cpu: str = "4", memory: str = "8Gi", *, ready: bool = True, **spec: Any) -> Json:
    conditions = [{"type": "Ready", "status": "True" if ready else "False"}]
    allocatable = {"cpu": cpu, "memory": memory, "pods": "110"}
    return {
        "metadata": {"name": name},
        "spec": spec,
        "status": {"allocatable": allocatable, "conditions": conditions},
    }


@pytest.mark.parametrize(
    ("spec", "cpu_m"),
    [
        ({"containers": [container("100m"), container("0.25")]}, 350),
        ({"containers": [container("100m")], "initContainers": [container("300m")]}, 300),
        (
            {
                "containers": [container("100m")],
                "initContainers": [container("50m", restartPolicy="Always"), container("300m")],
            },
            350,
        ),
        ({"containers": [container("100m")], "overhead": {"cpu": "10m"}}, 110),
        ({"containers": [container("100m")], "resources": {"requests": {"cpu": "1"}}}, 1000),
        ({"containers": [{}]}, 0),
        ({"containers": [container("1u")]}, 1),
    ],
)
def test_a_pod_asks_for_what_the_scheduler_reckons(spec: Json, cpu_m: int) -> None:
    assert asked_by(spec).cpu_m == cpu_m


def test_a_node_has_left_what_its_pods_do_not_hold() -> None:
    running: Pod = {
        "spec": {"nodeName": "a", "containers": [container("1", "1Gi")]},
        "status": {"phase": "Running"},
    }
    over: Pod = {**running, "status": {"phase": "Succeeded"}}
    waiting: Pod = {"spec": {"containers": [container("1")]}, "status": {"phase": "Pending"}}
    held: dict[str, tuple[Amount, int]] = {}
    held_by([running, over, waiting], held)
    taint = {"key": "dedicated", "effect": "NoSchedule"}
    soft = {"key": "spot", "effect": "PreferNoSchedule"}
    nodes = [node("a"), node("b", unschedulable=True), node("c", ready=False), node("d", taints=[taint]),
             node("e", taints=[soft])]  # fmt: skip
    found = rooms(nodes, held)
    assert [one.name for one in found] == ["a", "e"]
    assert (found[0].free, found[0].pods) == (Amount(3000, 7168), 109)


def test_pods_are_put_where_there_is_room() -> None:
    nodes = [
        Node("a", Amount(1000, 1000), 10),
        Node("b", Amount(700, 1000), 10),
        Node("c", Amount(9000, 9000), 1),
    ]
    left, unplaced = place(nodes, Amount(400, 100), 6)
    assert ([one.free.cpu_m for one in left], unplaced) == ([200, 300, 8600], 2)
    assert place(nodes, Amount(), 100) == ([*_emptied(nodes)], 79)


def _emptied(nodes: list[Node]) -> list[Node]:
    return [Node(one.name, one.free, 0) for one in nodes]


@pytest.mark.parametrize(
    ("strategy", "surge"),
    [
        ({}, 3),
        ({"type": "Recreate"}, 0),
        ({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 2}}, 2),
        ({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "10%"}}, 1),
    ],
)
def test_a_rollout_makes_more_pods_for_a_while(strategy: Json, surge: int) -> None:
    assert surge_of({"strategy": strategy}, 10) == surge
