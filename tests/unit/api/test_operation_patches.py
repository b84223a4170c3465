"""What operations read of manifests, and the patches that they send."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from unittest.mock import ANY

import pytest

from kubedoor_api.kube.manifests import control_value, owner_of, replicas_of, selector_text
from kubedoor_api.kube.objects.meta import LabelSelector, OwnerReference, Requirement
from kubedoor_api.operations.manifests import Live, differences, restart_patch, rollback_patch
from kubedoor_api.operations.operation import TemplateBefore

Json = Any


def template_before(annotations: Json | None = None, **resources: Any) -> TemplateBefore:
    container: Json = {"name": "app", "resources": resources}
    template: Json = {"metadata": {"annotations": annotations}, "spec": {"containers": [container]}}
    return Live({"metadata": {"name": "cart"}, "spec": {"template": template}}).template


def test_a_restart_says_the_same_however_often() -> None:
    at = datetime(2026, 11, 23, 3, tzinfo=UTC)
    assert restart_patch("op", at) == restart_patch("op", at)
    patch: Json = restart_patch("op", at)
    assert patch["spec"]["template"]["metadata"]["annotations"] == {
        "kubedoor.io/restarted-by": "op",
        "kubedoor.io/restarted-at": "2026-11-23T03:00:00+00:00",
    }


def test_the_way_back_names_what_changed_and_nothing_else() -> None:
    before = template_before(None, requests={"cpu": "1", "memory": "100M"}, limits={"cpu": "2"})
    now = template_before(
        {"kubedoor.io/restarted-by": "op"},
        requests={"cpu": "1000m", "memory": "64Mi"},
        limits={"cpu": "2", "memory": "1Gi"},
    )
    assert [(old.name, names) for old, _, names in differences(before, now)] == [
        ("app", ["request_memory", "limit_memory"])
    ]
    patch: Json = rollback_patch(before, now)
    template = patch["spec"]["template"]
    assert template["metadata"]["annotations"] == {
        "kubedoor.io/restarted-by": None,
        "kubedoor.io/restarted-at": None,
    }
    assert template["spec"]["containers"] == [
        {"name": "app", "resources": {"requests": {"memory": "100M"}, "limits": {"memory": None}}}
    ]
    assert rollback_patch(now, now) == {"spec": {"template": {"metadata": ANY}}}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("request_cpu", "0.1", 100),
        ("limit_cpu", "1500u", 2),
        ("request_memory", "100M", 96),
        ("limit_memory", "2Gi", 2048),
    ],
)
def test_values_are_kept_in_whole_units(name: str, text: str, value: int) -> None:
    assert control_value(name, text) == value


def test_a_missing_count_means_one() -> None:
    assert (replicas_of({"spec": {}}), replicas_of({"spec": {"replicas": 0}})) == (1, 0)


def test_a_selector_in_words() -> None:
    expressions: list[Requirement] = [
        {"key": "tier", "operator": "In", "values": ["a", "b"]},
        {"key": "track", "operator": "NotIn", "values": ["canary"]},
        {"key": "app", "operator": "Exists"},
        {"key": "old", "operator": "DoesNotExist"},
    ]
    selector: LabelSelector = {"matchLabels": {"app": "cart"}, "matchExpressions": expressions}
    assert selector_text(selector) == "app=cart,tier in (a,b),track notin (canary),app,!old"


def test_what_owns_an_autoscaler() -> None:
    owner: OwnerReference = {"kind": "ScaledObject", "name": "web", "controller": True}
    assert owner_of({"metadata": {"ownerReferences": [owner]}}) == "ScaledObject web"
    assert owner_of({"metadata": {"ownerReferences": [{**owner, "controller": False}]}}) == ""
