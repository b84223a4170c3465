"""The arithmetic of a rollout: never too many pods, never too few, and it ends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_dev.cluster.nodes import NodeSize, Scheduler, node, requested
from kubedoor_dev.cluster.replicasets import template_hash
from kubedoor_dev.cluster.rollout import Count, Plan, bounds, plan
from unit.cluster.manifests import Json, with_resources


def spec(replicas: int, surge: int | str = "25%", unavailable: int | str = "25%") -> Json:
    rolling = {"maxSurge": surge, "maxUnavailable": unavailable}
    return {"replicas": replicas, "strategy": {"type": "RollingUpdate", "rollingUpdate": rolling}}


@pytest.mark.parametrize(
    ("replicas", "surge", "unavailable", "expected"),
    [
        (10, "25%", "25%", (3, 2)), (1, "25%", "25%", (1, 0)), (4, 0, 1, (0, 1)), (4, "0%", "0%", (0, 1)),
        (0, "25%", "25%", (0, 0)), (3, 1, 5, (1, 3)),
    ],
)  # fmt: skip
def test_bounds(replicas: int, surge: Any, unavailable: Any, expected: tuple[int, int]) -> None:
    assert bounds(spec(replicas, surge, unavailable)) == expected


def test_a_new_deployment_gets_all_at_once() -> None:
    assert plan(spec(3), Count(0, 0), []) == Plan(3, ())


def test_scaling_without_a_rollout() -> None:
    assert plan(spec(7), Count(3, 3), [Count(0, 0)]) == Plan(7, (0,))
    assert plan(spec(0), Count(3, 3), []) == Plan(0, ())


def test_recreate_waits_until_the_old_are_gone() -> None:
    recreate = {"replicas": 3, "strategy": {"type": "Recreate"}}
    assert plan(recreate, Count(0, 0), [Count(3, 3)]) == Plan(0, (0,))
    assert plan(recreate, Count(0, 0), [Count(0, 0)]) == Plan(3, (0,))


def test_nothing_rolls_while_paused() -> None:
    paused = {**spec(3), "paused": True}
    assert plan(paused, Count(0, 0), [Count(3, 3)]) == Plan(0, (3,))
    assert plan({**paused, "replicas": 5}, Count(0, 0), [Count(3, 3)]) == Plan(0, (5,))


def test_a_rollout_that_never_gets_ready_keeps_the_old_available() -> None:
    new, old = Count(0, 0), Count(4, 4)
    for _ in range(20):
        step = plan(spec(4), new, [old])
        new, old = Count(step.new, 0), Count(step.olds[0], step.olds[0])
    assert old.available == 3
    assert new.replicas == 2


PERCENT_OR_COUNT = st.one_of(st.integers(0, 5), st.integers(0, 100).map(lambda one: f"{one}%"))


@given(st.integers(0, 12), PERCENT_OR_COUNT, PERCENT_OR_COUNT, st.lists(st.integers(0, 12), max_size=3))
def test_a_rollout_stays_within_its_bounds_and_ends(
    replicas: int, surge: int | str, unavailable: int | str, before: list[int]
) -> None:
    wanted = spec(replicas, surge, unavailable)
    most, least = replicas + bounds(wanted)[0], replicas - bounds(wanted)[1]
    new, olds = Count(0, 0), [Count(count, count) for count in before]
    for _ in range(100):
        available = new.available + sum(old.available for old in olds)
        step = plan(wanted, new, olds)
        grown = step.new > new.replicas
        assert not grown or step.new + sum(step.olds) <= max(most, 0)
        new = Count(step.new, min(new.available, step.new))
        olds = [Count(count, min(count, old.available)) for count, old in zip(step.olds, olds, strict=True)]
        left = new.available + sum(old.available for old in olds)
        assert left >= min(available, least)
        new = Count(new.replicas, new.replicas)  # what was made gets ready before the next step
    assert new.replicas == replicas
    assert not any(old.replicas for old in olds)


def test_the_hash_follows_the_template() -> None:
    one, other = with_resources({})["spec"]["template"], with_resources({"limits": {}})["spec"]["template"]
    assert template_hash(one) == template_hash(with_resources({})["spec"]["template"])
    assert template_hash(one) != template_hash(other)
    assert set(template_hash(one)) <= set("bcdfghjklmnpqrstvwxz2456789")


def pod(uid: str, cpu: str, node_name: str | None = None, phase: str = "Running") -> Json:
    containers = [{"name": "a", "resources": {"requests": {"cpu": cpu, "memory": "1Gi"}}}]
    made: Json = {"metadata": {"uid": uid}, "spec": {"containers": containers}, "status": {"phase": phase}}
    if node_name:
        made["spec"]["nodeName"] = node_name
    return made


def test_pods_go_where_there_is_most_room() -> None:
    nodes = [node("a", NodeSize(cpu="4")), node("b", NodeSize(cpu="2"))]
    scheduler = Scheduler()
    assert scheduler.place(pod("1", "1"), nodes) == "a"
    scheduler.changed(pod("1", "3", "a"))
    assert scheduler.place(pod("2", "1"), nodes) == "b"
    assert scheduler.place(pod("2", "2"), nodes) is None
    scheduler.changed(pod("1", "3", "a", phase="Succeeded"))
    assert scheduler.place(pod("2", "2"), nodes) == "a"


def test_a_node_keeps_a_tenth_and_can_be_full_or_closed() -> None:
    small = node("a", NodeSize(cpu="10", memory="10Gi", pods=1))
    assert small["status"]["allocatable"] == {"cpu": "9", "memory": "9Gi", "pods": "1"}
    scheduler = Scheduler()
    scheduler.changed(pod("1", "1", "a"))
    assert scheduler.place(pod("2", "1"), [small]) is None
    small["spec"]["unschedulable"] = True
    assert Scheduler().place(pod("2", "1"), [small]) is None


def test_what_a_pod_asks_for() -> None:
    def container(cpu: str, **more: str) -> Json:
        return {"resources": {"requests": {"cpu": cpu}}, **more}

    inits = [container("5"), container("500m", restartPolicy="Always")]
    asked: Json = {"spec": {"containers": [container("1"), container("1")], "initContainers": inits}}
    assert requested(asked, "cpu") == 5
    asked["spec"]["initContainers"] = inits[1:]
    assert float(requested(asked, "cpu")) == 2.5
    asked["spec"]["resources"] = {"requests": {"cpu": "3"}}
    assert requested(asked, "cpu") == 3
