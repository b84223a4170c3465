"""Merge patches, strategic merge patches and server-side apply."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_dev.cluster import patches
from kubedoor_dev.cluster.apply import check_conflicts, server_side_apply
from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.merge import MergeError, json_merge, strategic_merge
from unit.cluster.manifests import Json, deployment

Value = Any


@pytest.mark.parametrize(
    ("document", "patch", "expected"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}, {"a": {"c": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
        ({}, {"a": None}, {}),
    ],
)
def test_json_merge(document: Value, patch: Value, expected: Value) -> None:
    assert json_merge(document, patch) == expected


A, B = {"name": "a", "image": "1"}, {"name": "b", "image": "1"}
UDP, TCP = {"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53, "protocol": "TCP"}
VARIABLE = {"name": "x", "value": "1"}
STRATEGIC: list[tuple[str, Value, Value, Value]] = [
    (
        "a container by its name",
        {"containers": [A, B]},
        {"containers": [{"name": "b", "image": "2"}]},
        {"containers": [A, {"name": "b", "image": "2"}]},
    ),
    ("a container more", {"containers": [A]}, {"containers": [B]}, {"containers": [A, B]}),
    (
        "a container less",
        {"containers": [A, B]},
        {"containers": [{"name": "a", "$patch": "delete"}]},
        {"containers": [B]},
    ),
    (
        "containers replaced",
        {"containers": [A]},
        {"containers": [B, {"$patch": "replace"}]},
        {"containers": [B]},
    ),
    (
        "a variable less",
        {"env": [VARIABLE]},
        {"env": [{"name": "x", "$patch": "delete"}]},
        {"env": []},
    ),
    (
        "a variable's value",
        {"env": [VARIABLE]},
        {"env": [{"name": "x", "value": None}]},
        {"env": [{"name": "x"}]},
    ),
    ("ports by number and protocol", {"ports": [UDP]}, {"ports": [TCP]}, {"ports": [UDP, TCP]}),
    ("an atomic list", {"args": ["a"]}, {"args": ["b"]}, {"args": ["b"]}),
    ("null removes", {"spec": {"paused": True}}, {"spec": {"paused": None}}, {"spec": {}}),
    ("a map replaced", {"m": {"a": 1}}, {"m": {"b": 2, "$patch": "replace"}}, {"m": {"b": 2}}),
    (
        "retained keys",
        {"strategy": {"type": "RollingUpdate", "rollingUpdate": {}}},
        {"strategy": {"type": "Recreate", "$retainKeys": ["type"]}},
        {"strategy": {"type": "Recreate"}},
    ),
    (
        "the order told",
        {"containers": [A, B]},
        {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}], "containers": [A]},
        {"containers": [B, A]},
    ),
    ("finalizers united", {"finalizers": ["a"]}, {"finalizers": ["b"]}, {"finalizers": ["a", "b"]}),
    (
        "a finalizer less",
        {"finalizers": ["a", "b"]},
        {"$deleteFromPrimitiveList/finalizers": ["a"]},
        {"finalizers": ["b"]},
    ),
]


@pytest.mark.parametrize(
    ("document", "patch", "expected"), [c[1:] for c in STRATEGIC], ids=[c[0] for c in STRATEGIC]
)
def test_strategic_merge(document: Value, patch: Value, expected: Value) -> None:
    assert strategic_merge(document, patch) == expected


def test_an_item_without_its_key_cannot_be_merged() -> None:
    with pytest.raises(MergeError, match="does not contain declared merge key: name"):
        strategic_merge({"containers": [A]}, {"containers": [{"image": "2"}]})


@pytest.mark.parametrize("name", [{}, []])
def test_a_key_that_is_no_scalar_cannot_be_merged(name: Value) -> None:
    with pytest.raises(MergeError, match="merge key name is not a scalar"):
        strategic_merge({"containers": [A]}, {"containers": [{"name": name}]})


def test_the_document_stays_as_it_was() -> None:
    document = deployment()
    strategic_merge(
        document, {"spec": {"template": {"spec": {"containers": [{"name": "main", "tty": True}]}}}}
    )
    assert document == deployment()


def config(**spec: Value) -> Json:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def test_apply_takes_back_what_it_set_before() -> None:
    live = config(replicas=3, paused=True, containers=[A, B])
    before = config(paused=True, containers=[A, B])
    after = server_side_apply(live, config(containers=[B]), before)
    assert after == config(replicas=3, containers=[B])


def test_apply_leaves_what_others_set() -> None:
    live = config(replicas=3, containers=[{**A, "tty": True}])
    after = server_side_apply(live, config(containers=[{"name": "a", "image": "2"}]), None)
    assert after == config(replicas=3, containers=[{"name": "a", "image": "2", "tty": True}])


def test_apply_conflicts_where_another_value_is_wanted() -> None:
    others = {"helm": config(replicas=3, containers=[A])}
    check_conflicts(config(replicas=3), others)
    with pytest.raises(ApiError) as error:
        check_conflicts(config(replicas=4, containers=[{**A, "image": "2"}]), others)
    assert error.value.code == 409
    assert error.value.details == {
        "causes": [
            {"reason": "FieldManagerConflict", "message": 'conflict with "helm"', "field": field}
            for field in (".spec.replicas", '.spec.containers[name="a"].image')
        ]
    }


@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        ("application/json", b"{}", 415),
        (patches.JSON_PATCH, b"{}", 400),
        (patches.MERGE_PATCH, b"[]", 400),
        (patches.MERGE_PATCH, b"{", 400),
        (patches.APPLY_PATCH, b"a: [", 400),
    ],
)
def test_what_is_no_patch_is_refused(content_type: str, body: bytes, code: int) -> None:
    with pytest.raises(ApiError) as error:
        patches.read_patch(content_type, body)
    assert error.value.code == code


def test_a_patch_that_does_not_apply_is_the_clients_fault() -> None:
    patch = patches.read_patch(patches.JSON_PATCH, b'[{"op": "remove", "path": "/a"}]')
    with pytest.raises(ApiError, match="nonexistent key") as error:
        patch.applied_to({})
    assert (error.value.code, error.value.reason) == (422, "Invalid")
