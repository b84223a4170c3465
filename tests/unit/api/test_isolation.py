"""Which labels isolating a pod takes off, and what else that changes."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_api.kube.manifests import selects
from kubedoor_api.kube.objects.meta import LabelSelector
from kubedoor_api.pods.isolation import (
    ISOLATED,
    Isolation,
    held,
    isolate,
    isolation_of,
    removal,
    restoral,
    smallest,
)

Json = Any
LABELS = {"app": "cart", "track": "stable", "tier": "web", "pod-template-hash": "5d9f"}


def pod(**labels: str) -> Json:
    metadata = {"name": "cart-5d9f-x", "uid": "1", "resourceVersion": "7", "labels": labels or LABELS}
    return {"metadata": metadata}


def service(name: str, **selector: str) -> Json:
    return {"metadata": {"name": name}, "spec": {"selector": selector}}


def policy(name: str, **selector: str) -> Json:
    return {"metadata": {"name": name}, "spec": {"podSelector": {"matchLabels": selector}}}


REPLICA_SET: Json = {
    "metadata": {"uid": "rs"},
    "spec": {"selector": {"matchLabels": {"app": "cart", "pod-template-hash": "5d9f"}}},
}


def planned(
    services: list[Json], policies: list[Json] | None = None, owner: Json | None = REPLICA_SET
) -> Isolation:
    return isolate(pod(), owner, [pod()], services, policies or [])


def test_the_fewest_labels_that_break_every_selector_go() -> None:
    found = planned([
        service("cart", app="cart"),
        service("cart-web", app="cart", tier="web"),
        service("pay", app="pay"),
        service("canary", app="cart", track="canary"),
        service("all-by-hand"),
    ])  # fmt: skip
    assert found.labels == {"pod-template-hash": "5d9f", "app": "cart"}
    assert [(one.name, one.key) for one in found.services] == [("cart", "app"), ("cart-web", "app")]
    assert (found.owner_keys, found.service_keys) == (("pod-template-hash",), ("app",))
    left = {key: value for key, value in LABELS.items() if key not in found.labels}
    assert not {"app": "cart"}.items() <= left.items()
    assert not selects(REPLICA_SET["spec"]["selector"], left)


def test_a_label_that_a_network_policy_selects_by_is_avoided_where_another_will_do() -> None:
    policies = [policy("web", app="cart")]
    avoided = planned([service("cart", app="cart", tier="web")], policies)
    assert (avoided.service_keys, avoided.policies) == (("tier",), ())
    forced = planned([service("cart", app="cart")], [*policies, policy("else", app="pay")])
    assert [(one.name, one.effect) for one in forced.policies] == [("web", "no_longer_selected")]
    denies = {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}
    new = {"metadata": {"name": "no-app"}, "spec": {"podSelector": denies}}
    assert [(one.name, one.effect) for one in planned([service("cart", app="cart")], [new]).policies] == [
        ("no-app", "newly_selected")
    ]


def test_without_a_replica_set_the_pod_only_leaves_its_services() -> None:
    bare = planned([service("cart", app="cart")], owner=None)
    assert (bare.labels, bare.owner_keys, bare.owner_uid) == ({"app": "cart"}, (), "")
    assert planned([], owner=None).labels == {}


def test_a_service_that_selects_by_the_hash_is_left_with_the_replica_set() -> None:
    found = planned([service("blue", **{"pod-template-hash": "5d9f"})])
    assert found.labels == {"pod-template-hash": "5d9f"}
    assert found.leaves_early
    assert not planned([service("cart", app="cart")]).leaves_early


@pytest.mark.parametrize("sets", [3, 40])
def test_each_set_is_broken_however_many_there_are(sets: int) -> None:
    every = [{f"k{number}", f"k{number + 1}"} for number in range(0, sets * 2, 2)] + [{"k0"}]
    chosen = smallest(every, {"k2"})
    assert all(set(chosen) & one for one in every)
    assert len(chosen) == sets
    assert "k2" not in chosen


def test_the_patch_holds_to_the_pod_as_it_was_seen_and_is_empty_once_it_is_done() -> None:
    found = planned([service("cart", app="cart")])
    patch = removal(pod(), found.labels, {"kubedoor.io/action": "1"})
    assert patch[:2] == [
        {"op": "test", "path": "/metadata/uid", "value": "1"},
        {"op": "test", "path": "/metadata/resourceVersion", "value": "7"},
    ]
    assert {"op": "add", "path": "/metadata/labels/kubedoor.io~1isolated", "value": "true"} in patch
    assert {"op": "add", "path": "/metadata/annotations", "value": {}} in patch
    done = pod(**{"tier": "web", "track": "stable", ISOLATED: "true"})
    done["metadata"]["annotations"] = {"kubedoor.io/action": "1"}
    assert removal(done, found.labels, {"kubedoor.io/action": "1"}) == []
    back = restoral(done, found.labels)
    assert {"op": "add", "path": "/metadata/labels/app", "value": "cart"} in back
    assert {"op": "remove", "path": "/metadata/annotations/kubedoor.io~1action"} in back
    assert restoral(pod(), found.labels) == []
    assert isolation_of(found.json()) == found


def test_a_slice_holds_a_pod_by_its_uid() -> None:
    slices: list[Json] = [{"endpoints": [{"targetRef": {"uid": "1"}}]}, {"endpoints": None}]
    assert held(slices, "1")
    assert not held(slices, "2")


@pytest.mark.parametrize(
    ("operator", "values", "selected"),
    [("In", ["cart"], True), ("NotIn", ["cart"], False), ("Exists", [], True), ("DoesNotExist", [], False)],
)
def test_selectors_by_expression(operator: str, values: list[str], selected: bool) -> None:
    selector: LabelSelector = {"matchExpressions": [{"key": "app", "operator": operator, "values": values}]}
    assert selects(selector, LABELS) is selected
    assert selects({"matchExpressions": [{"key": "no", "operator": "NotIn", "values": ["x"]}]}, LABELS)
    assert selects({}, LABELS)
    assert not selects(None, LABELS)
