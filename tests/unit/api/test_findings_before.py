"""What was changed before: what may have brought a finding about comes first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kubedoor_api.findings.before import (
    Aspect,
    Change,
    ChangeCode,
    node_changes,
    ranked,
    rollouts,
    template_aspects,
    values_aspects,
)
from kubedoor_api.findings.facts import CORDON_TAINT, Subject
from kubedoor_api.findings.reading import read_template
from kubedoor_core.domain.control import ContainerValues
from support.findings import NOW, ago, facts, node, not_ready, replica_set, template

Json = dict[str, Any]
CART = Subject("Deployment", "shop", "cart")
LOWERED = Aspect("limit_mem_mib lowered", "app", 512, 384)


def change(code: ChangeCode, minutes: float, *aspects: Aspect, source: str = "") -> Change:
    return Change(code, NOW - timedelta(minutes=minutes), "jane", CART, source or code, aspects)


def test_a_lowered_limit_comes_before_what_else_was_changed_and_before_what_enforced_it() -> None:
    changes = [
        change("rollout", 20, LOWERED),
        change("admission", 20, LOWERED),
        change("edit", 25, LOWERED),
        change("operation", 2, Aspect("restart")),
        change("schedule", 5, Aspect("replicas raised", "", 2, 3)),
        change("rollout", 10, Aspect("image", "app", "cart:1", "cart:2"), source="image"),
    ]
    order = [(one.source, one.explains) for one in ranked("oom", "app", NOW, changes)]
    assert order == [
        ("edit", True), ("admission", True), ("rollout", True), ("image", True),
        ("schedule", False), ("operation", False),
    ]  # fmt: skip
    assert ranked("crash_loop", "app", NOW, changes)[0].source == "image"


def test_an_operation_comes_before_the_edit_that_it_made() -> None:
    raised = Aspect("replicas raised", "", 2, 9)
    changes = [change("edit", 4.99, raised), change("operation", 5, raised)]
    assert [one.code for one in ranked("quota", "", NOW, changes)] == ["operation", "edit"]


def test_what_is_of_another_container_or_another_hour_explains_nothing() -> None:
    other = change("edit", 5, Aspect("limit_mem_mib lowered", "sidecar", 512, 384))
    assert [one.explains for one in ranked("oom", "app", NOW, [other])] == [False]
    assert ranked("oom", "app", NOW, [change("edit", 61, LOWERED), change("edit", -1, LOWERED)]) == []


def test_what_keeps_a_pod_off_nodes_says_which_change_may_be_behind_it() -> None:
    changes = [
        change("rollout", 50, Aspect("placement"), source="placed"),
        change("edit", 5, Aspect("request_cpu_m raised", "app", 100, 9000), source="raised"),
    ]
    for reason, first, explaining in (("cpu", "raised", 2), ("taint", "placed", 1), ("unknown", "placed", 2)):
        found = ranked("unschedulable", "", NOW, changes, reason)
        assert found[0].source == first
        assert sum(one.explains for one in found) == explaining


def test_values_that_moved_are_told_with_both_ends() -> None:
    before = (ContainerValues("app", 100, None, 256, 512), ContainerValues("gone", 50))
    after = (ContainerValues("app", 200, 500, 256, 384),)
    assert list(values_aspects(before, after)) == [
        Aspect("request_cpu_m raised", "app", 100, 200),
        Aspect("limit_cpu_m lowered", "app", None, 500),
        LOWERED,
        Aspect("request_cpu_m lowered", "gone", 50, None),
    ]


def test_two_templates_are_compared_by_what_matters() -> None:
    first = read_template(template())
    assert template_aspects(first, read_template(template())) == ()
    assert template_aspects(first, read_template(template("cart:2", limit_mem="384Mi"))) == (
        Aspect("image", "app", "cart:1", "cart:2"),
        LOWERED,
    )
    assert template_aspects(first, read_template(template(nodeSelector={"a": "b"}))) == (Aspect("placement"),)
    assert template_aspects(first, read_template(template(hostNetwork=True))) == (Aspect("template"),)
    again = template()
    again["metadata"]["annotations"] = {"kubectl.kubernetes.io/restartedAt": "now"}
    assert template_aspects(first, read_template(again)) == (Aspect("restart"),)


def test_the_newest_rollout_counts_while_it_is_young() -> None:
    sets = [replica_set(1), replica_set(2, template("cart:2"), created_at=ago(minutes=10))]
    given = facts(replica_sets=sets)
    [found] = rollouts(given, CART, NOW - timedelta(hours=1))
    assert (found.source, found.aspects) == ("cart-2", (Aspect("image", "app", "cart:1", "cart:2"),))
    assert list(rollouts(given, CART, NOW - timedelta(minutes=5))) == []
    assert list(rollouts(facts(), CART, NOW - timedelta(hours=1))) == []


def test_a_node_is_cordoned_when_its_taint_says() -> None:
    def cordoned(at: str | None) -> Json:
        taint = {"key": CORDON_TAINT, "effect": "NoSchedule", **({"timeAdded": at} if at else {})}
        made: Json = node(unschedulable=True, taints=[taint])
        return made

    hour = NOW - timedelta(hours=1)
    [found] = node_changes(facts(nodes=[cordoned(ago(minutes=4))]), hour)
    assert (found.aspects[0].after, found.at) == ("cordoned", NOW - timedelta(minutes=4))
    for long_ago in (ago(hours=2), None):
        assert list(node_changes(facts(nodes=[cordoned(long_ago)]), hour)) == []


def test_nodes_that_went_away_and_came_are_told() -> None:
    new = node("new")
    new["metadata"]["creationTimestamp"] = ago(minutes=3)
    given = facts(nodes=[not_ready("n1"), node("n2"), new])
    changes = list(node_changes(given, NOW - timedelta(hours=1)))
    assert {(one.source, *one.aspects) for one in changes} == {
        ("n1", Aspect("node", after="not ready")), ("new", Aspect("node added", after="new")),
    }  # fmt: skip
    found = ranked("unschedulable", "", NOW, changes, "cpu")
    assert [(one.source, one.explains) for one in found] == [("n1", True), ("new", False)]
