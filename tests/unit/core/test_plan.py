"""Which pods to move: use gets more even with each move, and every state between them fits."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kubedoor_core.domain.placement.board import Board
from kubedoor_core.domain.placement.model import HOST, Node, Pod, PodTerm, Rules
from kubedoor_core.domain.placement.plan import Use, plan
from kubedoor_core.domain.placement.selecting import Requirement

APART = Rules(anti_affinity=(PodTerm((Requirement("app", "In", ("a",)),), None, HOST),))


def node(number: int) -> Node:
    return Node(f"n{number}", {"cpu": 1000, "memory": 1000, "pods": 10}, {HOST: f"n{number}"})


def pod(number: int, where: str, cpu: int = 100, app: str = "a", rules: Rules | None = None) -> Pod:
    needs = {"cpu": cpu, "memory": 50, "pods": 1}
    return Pod("shop", f"p{number}", needs, {"app": app}, rules or Rules(), where)


def test_the_pod_that_uses_most_goes_where_least_is_used() -> None:
    nodes = [node(0), node(1), node(2)]
    pods = [pod(0, "n0"), pod(1, "n0"), pod(2, "n1")]
    used = {"n0": Use(900, 400), "n1": Use(300, 400), "n2": Use(100, 400)}
    movable = {pods[0].key: Use(400, 0), pods[1].key: Use(100, 0)}
    made = plan(nodes, pods, used, movable, most_moves=1)
    assert made.hot == ("n0",)
    assert [(one.pod.name, one.source, one.target) for one in made.moves] == [("p0", "n0", "n2")]
    assert made.after < made.before


def test_nothing_moves_where_nothing_is_hot_may_or_fits() -> None:
    nodes = [node(0), node(1)]
    full = [pod(0, "n0"), pod(1, "n1", cpu=950)]
    uneven = {"n0": Use(900, 100), "n1": Use(100, 100)}
    assert plan(nodes, full, uneven, {full[0].key: Use(300, 0)}).moves == (), "it does not fit"
    free = [pod(0, "n0"), pod(1, "n1")]
    assert plan(nodes, free, uneven, {}).moves == (), "none may"
    even = {"n0": Use(500, 100), "n1": Use(480, 100)}
    assert plan(nodes, free, even, {free[0].key: Use(300, 0)}).moves == ()
    apart = [pod(0, "n0", rules=APART), pod(1, "n1", rules=APART)]
    assert plan(nodes, apart, uneven, {apart[0].key: Use(300, 0)}).moves == ()
    assert plan(nodes, free, {}, {free[0].key: Use(300, 0)}).moves == (), "no use is known"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(10, 400), st.integers(0, 600), st.booleans()), max_size=12
    )
)
def test_every_state_between_moves_fits_and_none_is_less_even(made: list[tuple[int, int, int, bool]]) -> None:
    nodes = [node(number) for number in range(4)]
    pods, asked = [], [0, 0, 0, 0]
    for number, (where, cpu, _, apart) in enumerate(made):
        if asked[where] + cpu <= 1000:
            asked[where] += cpu
            pods.append(pod(number, f"n{where}", cpu, f"app-{number % 3}", APART if apart else None))
    uses = {one.key: Use(float(made[int(one.name[1:])][2]), 10.0) for one in pods}
    used = {
        f"n{number}": Use(sum(uses[one.key].cpu_m for one in pods if one.node == f"n{number}"), 100.0)
        for number in range(4)
    }
    found = plan(nodes, pods, used, uses)
    board = Board(nodes, pods)
    assert len(found.moves) <= 20
    before = found.before
    for move in found.moves:
        index = board.number[move.target]
        assert board.take(move.pod) == board.number[move.source]
        assert board.why_not(move.pod, index) is None
        board.put(move.pod, index)
        assert (board.free[index] >= 0).all()
        assert move.deviation < before
        before = move.deviation
    assert np.isclose(found.after, before)
