"""How few nodes hold some pods: against every way there is of putting a few pods on a few nodes."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubedoor_core.domain.placement.board import Board
from kubedoor_core.domain.placement.bounds import lower_bound, martello_toth
from kubedoor_core.domain.placement.model import HOST, HostPort, Node, Pod, PodTerm, Rules, Spread, Taint
from kubedoor_core.domain.placement.packing import Task, pack
from kubedoor_core.domain.placement.reading import read_rules
from kubedoor_core.domain.placement.selecting import Requirement, matches

ZONE = "topology.kubernetes.io/zone"
Placed = tuple[int, ...]


def node(number: int, cpu: int = 10, mem: int = 10, slots: int = 8, zone: str = "a", **more: int) -> Node:
    capacity = {"cpu": cpu, "memory": mem, "pods": slots, **more}
    return Node(f"n{number}", capacity, {HOST: f"n{number}", ZONE: zone})


def pod(
    number: int, cpu: int = 3, mem: int = 3, app: str = "web", rules: Rules | None = None, **more: int
) -> Pod:
    needs = {"cpu": cpu, "memory": mem, "pods": 1, **more}
    return Pod("shop", f"p{number}", needs, {"app": app}, rules or Rules())


def of_app(app: str, key: str = HOST) -> PodTerm:
    return PodTerm((Requirement("app", "In", (app,)),), frozenset({"shop"}), key)


def holds(nodes: Sequence[Node], pods: Sequence[Pod], placed: Placed, present: Sequence[int]) -> bool:
    """Tell by definition whether pods may lie as they do, without the code that places them."""
    on: dict[int, list[Pod]] = {index: [] for index in present}
    for one, where in zip(pods, placed, strict=True):
        on[where].append(one)
    for index, here in on.items():
        for resource in {name for one in here for name in one.needs}:
            if sum(one.needs.get(resource, 0) for one in here) > nodes[index].capacity.get(resource, 0):
                return False
        ports = [port for one in here for port in one.rules.ports]
        if len(set(ports)) < len(ports):
            return False
    return all(_kept(nodes, pods, placed, present, number) for number in range(len(pods)))


def _kept(
    nodes: Sequence[Node], pods: Sequence[Pod], placed: Placed, present: Sequence[int], number: int
) -> bool:
    one, own = pods[number], nodes[placed[number]].labels

    def others(term: PodTerm) -> list[str]:
        return [
            nodes[placed[other]].labels[term.topology_key]
            for other in range(len(pods))
            if other != number and matches(term.selector, pods[other].labels)
        ]

    for term in one.rules.anti_affinity:
        if own[term.topology_key] in others(term):
            return False
    for term in one.rules.affinity:
        found = others(term)
        if own[term.topology_key] not in found and (found or not matches(term.selector, one.labels)):
            return False
    for spread in one.rules.spread:
        key = spread.term.topology_key
        counted = Counter({nodes[index].labels[key]: 0 for index in present})
        counted.update(others(spread.term))
        counted[own[key]] += matches(spread.term.selector, one.labels)
        if counted[own[key]] - min(counted.values()) > spread.max_skew:
            return False
    return True


def optimum(nodes: Sequence[Node], pods: Sequence[Pod]) -> int | None:
    """Return how few nodes hold all pods; None where even all of them do not."""
    for count in range(len(nodes) + 1):
        for present in itertools.combinations(range(len(nodes)), count):
            if any(
                holds(nodes, pods, placed, present) for placed in itertools.product(present, repeat=len(pods))
            ):
                return count
    return None


RULES = st.sampled_from(
    [
        Rules(),
        Rules(anti_affinity=(of_app("web"),)),
        Rules(anti_affinity=(of_app("db"),)),
        Rules(affinity=(of_app("db", ZONE),)),
        Rules(spread=(Spread(of_app("web"), 1, 1),)),
        Rules(spread=(Spread(of_app("web", ZONE), 1, 1),)),
        Rules(ports=(HostPort(80, "TCP", ""),)),
    ]
)
PODS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["web", "db"]), RULES), max_size=8
)
FEW = 4


@settings(max_examples=40, deadline=None)
@given(PODS, st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=3))
def test_lower_bound_optimum_and_ours(made: list[tuple[int, int, str, Rules]], zones: list[str]) -> None:
    nodes = [node(number, zone=zone) for number, zone in enumerate(zones)]
    pods = [pod(number, *one) for number, one in enumerate(made)]
    least, best, ours = lower_bound(nodes, pods).nodes, optimum(nodes, pods), pack(Task(nodes, pods))
    placed = tuple(int(ours.placed[one.key][1:]) for one in pods if one.key in ours.placed)
    if ours.unplaced:
        assert {one.pod.key for one in ours.unplaced} | set(ours.placed) == {one.key for one in pods}
        return
    present = [int(name[1:]) for name in ours.nodes]
    assert holds(nodes, pods, placed, present), (ours.placed, pods)
    assert best is not None
    assert least <= best <= len(ours.nodes)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), max_size=8))
def test_without_rules_all_pods_find_a_place_on_enough_nodes(sizes: list[tuple[int, int]]) -> None:
    nodes = [node(number) for number in range(len(sizes) or 1)]
    pods = [pod(number, cpu, mem) for number, (cpu, mem) in enumerate(sizes)]
    ours = pack(Task(nodes, pods))
    assert ours.unplaced == ()
    assert lower_bound(nodes, pods).nodes <= len(ours.nodes) <= len(nodes)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 10), min_size=1, max_size=8))
def test_martello_toth_is_no_more_than_the_optimum_and_no_less_than_the_sum(items: list[int]) -> None:
    bound = martello_toth(np.array(items, dtype=np.float64), 10.0)
    fewest = (
        next(
            count
            for count in range(1, len(items) + 1)
            if any(
                all(
                    sum(size for size, where in zip(items, placed, strict=True) if where == bin_) <= 10
                    for bin_ in range(count)
                )
                for placed in itertools.product(range(count), repeat=len(items))
            )
        )
        if len(items) <= 6
        else len(items)
    )
    assert -(-sum(items) // 10) <= bound <= fewest


@pytest.mark.parametrize(
    ("items", "bound"),
    [
        ([6, 6, 6], 3),
        ([6, 6, 4, 4], 2),
        ([5, 5, 5], 2),
        ([7, 7, 3, 3, 3], 3),
        ([10] * 4, 4),
        ([], 0),
        ([4, 4, 4], 2),
    ],
)
def test_martello_toth_by_hand(items: list[int], bound: int) -> None:
    assert martello_toth(np.array(items, dtype=np.float64), 10.0) == bound


def test_what_can_not_leave_holds_its_node() -> None:
    nodes = [node(number) for number in range(4)]
    stays = replace(pod(0, 1, 1), node="n3", pin="no_owner")
    ours = pack(Task(nodes, [stays, pod(1, 5, 5), pod(2, 4, 4)]))
    assert ours.nodes == ("n3",)
    assert [(one.pod.name, one.why) for one in ours.holding] == [("p0", "no_owner")]


def test_a_pod_that_must_be_apart_holds_a_node_of_its_own() -> None:
    nodes = [node(number) for number in range(4)]
    apart = Rules(anti_affinity=(of_app("web"),))
    ours = pack(Task(nodes, [pod(number, 1, 1, rules=apart) for number in range(3)]))
    assert len(ours.nodes) == 3
    assert {one.why for one in ours.holding} == {"anti_affinity"}
    assert lower_bound(nodes, [pod(n, 1, 1, rules=apart) for n in range(3)]) == (3, "apart")


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (pod(0, 11), "cpu"), (pod(0, 1, 11), "memory"), (pod(0, 1, 1, gpu=1), "other_resource"),
        (pod(0, rules=read_rules({"nodeSelector": {"disk": "ssd"}}, "shop", {})), "affinity"),
        (pod(0, rules=Rules(affinity=(of_app("db"),))), "pod_affinity"),
    ],
)  # fmt: skip
def test_why_a_pod_finds_no_node(one: Pod, why: str) -> None:
    ours = pack(Task([node(0), node(1)], [one]))
    assert [(left.pod, left.why) for left in ours.unplaced] == [(one, why)]


def test_taints_volumes_and_resources_of_their_own() -> None:
    tainted = replace(node(0), taints=(Taint("gpu", "yes", "NoSchedule"),))
    tolerating = read_rules({"tolerations": [{"key": "gpu", "operator": "Exists"}]}, "shop", {})
    nodes = [tainted, node(1, gpu=1), node(2, zone="b")]
    in_b = read_rules({"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
        "nodeSelectorTerms": [{"matchExpressions": [{"key": ZONE, "operator": "In", "values": ["b"]}]}]}}}},
        "shop", {})  # fmt: skip
    volume = Rules(volume_terms=(in_b.node_terms or (),))
    board = Board(nodes, [pod(0), pod(1, rules=tolerating), pod(2, rules=volume), pod(3, gpu=1)])
    assert [board.why_not(pod(0), index) for index in range(3)] == ["taint", None, None]
    assert board.why_not(pod(1, rules=tolerating), 0) is None
    assert [board.why_not(pod(2, rules=volume), index) for index in range(3)] == [
        "taint",
        "volume_zone",
        None,
    ]
    assert [board.why_not(pod(3, gpu=1), index) for index in range(3)] == ["taint", None, "other_resource"]


def test_headroom_is_left_on_every_node() -> None:
    nodes = [node(number, 100, 100) for number in range(4)]
    pods = [pod(number, 50, 50) for number in range(4)]
    assert len(pack(Task(nodes, pods)).nodes) == 2
    assert len(pack(Task(nodes, pods, usable=0.9)).nodes) == 4
    assert lower_bound(nodes, pods, 0.9) == (4, "cpu")
