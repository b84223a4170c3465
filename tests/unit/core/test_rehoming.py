"""Where pods go that leave their node: all of them together, by every rule of the scheduler."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kubedoor_core.domain.placement.board import Board
from kubedoor_core.domain.placement.model import HOST, Node, Pod, PodTerm, Rules
from kubedoor_core.domain.placement.rehoming import rehome
from kubedoor_core.domain.placement.selecting import Requirement

APART = Rules(anti_affinity=(PodTerm((Requirement("app", "In", ("a",)),), None, HOST),))


def node(number: int, cpu: int = 1000) -> Node:
    return Node(f"n{number}", {"cpu": cpu, "memory": 1000, "pods": 10}, {HOST: f"n{number}"})


def pod(number: int, where: str, cpu: int, rules: Rules | None = None) -> Pod:
    needs = {"cpu": cpu, "memory": 10, "pods": 1}
    return Pod("shop", f"p{number}", needs, {"app": "a"}, rules or Rules(), where)


def test_pods_share_what_room_there_is() -> None:
    nodes = [node(0), node(1), node(2)]
    pods = [pod(0, "n0", 600), pod(1, "n0", 500), pod(2, "n1", 500), pod(3, "n2", 400)]
    found = rehome(nodes, {"n1", "n2"}, pods, pods[:2])
    assert found.placed == {("shop", "p0"): "n2", ("shop", "p1"): "n1"}
    assert found.unplaced == ()
    one = rehome(nodes, {"n1"}, pods, pods[:2])
    assert one.placed == {("shop", "p1"): "n1"}
    assert [(left.pod.name, left.why) for left in one.unplaced] == [("p0", "cpu")]


def test_what_keeps_a_pod_off_is_told() -> None:
    nodes = [node(0), node(1)]
    pods = [pod(0, "n0", 100, APART), pod(1, "n1", 100, APART)]
    found = rehome(nodes, {"n1"}, pods, pods[:1])
    assert [(left.pod.name, left.why) for left in found.unplaced] == [("p0", "anti_affinity")]
    assert rehome(nodes, set(), pods, pods[:1]).unplaced[0].why is None, "there is no other node"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(10, 500), st.booleans()), max_size=12))
def test_every_state_on_the_way_fits(made: list[tuple[int, int, bool]]) -> None:
    nodes, pods, asked = [node(number) for number in range(4)], [], [0, 0, 0, 0]
    for number, (where, cpu, apart) in enumerate(made):
        if asked[where] + cpu <= 1000:
            asked[where] += cpu
            pods.append(pod(number, f"n{where}", cpu, APART if apart else None))
    leaving = [one for one in pods if one.node == "n0"]
    found = rehome(nodes, {"n1", "n2", "n3"}, pods, leaving)
    assert found.placed.keys() | {left.pod.key for left in found.unplaced} == {one.key for one in leaving}
    board = Board(nodes, pods)
    for one in leaving:
        board.take(one)
    for one in leaving:
        if one.key in found.placed:
            board.put(one, board.number[found.placed[one.key]])
    assert (board.free >= 0).all()
    assert "n0" not in found.placed.values()
