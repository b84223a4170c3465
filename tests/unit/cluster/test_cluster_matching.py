"""Selectors, and which webhooks a write goes to."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_dev.cluster import matching, selectors
from kubedoor_dev.cluster.attributes import Attributes, Context, Operation
from kubedoor_dev.cluster.resources import (
    DEPLOYMENTS,
    NAMESPACES,
    WEBHOOKS,
    Resource,
    form_of,
)
from kubedoor_dev.cluster.selectors import SelectorError
from unit.cluster.manifests import Json, deployment

LABELS = {"app": "web", "tier": "front"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True), ("app=web", True), ("app==web", True), ("app!=web", False), ("other!=x", True),
        ("app=web,tier=back", False), ("app in (web, api)", True), ("app notin (web)", False),
        ("app", True), ("!app", False), ("!other", True), ("app in (web),tier in (back,front)", True),
        ("app=", False), ("kubernetes.io/name!=x", True),
    ],
)  # fmt: skip
def test_label_selectors(text: str, found: bool) -> None:
    assert selectors.matches(selectors.from_text(text), LABELS) is found


@pytest.mark.parametrize("text", ["app web", "=web", "app in web", ","])
def test_what_is_no_label_selector(text: str) -> None:
    with pytest.raises(SelectorError):
        selectors.from_text(text)


def test_selector_objects_and_their_text() -> None:
    selector = {
        "matchLabels": {"app": "web"},
        "matchExpressions": [
            {"key": "tier", "operator": "In", "values": ["front", "edge"]},
            {"key": "zone", "operator": "DoesNotExist"},
        ],
    }
    assert selectors.matches(selectors.from_object(selector), LABELS)
    assert selectors.to_text(selector) == "app=web,tier in (edge,front),!zone"


def test_field_selectors() -> None:
    (requirement,) = selectors.fields_from_text("metadata.name=web", ["metadata.name"])
    assert requirement.matches(deployment("web"))
    assert not requirement.matches(deployment("api"))
    with pytest.raises(SelectorError, match=r"field label not supported: spec\.replicas"):
        selectors.fields_from_text("spec.replicas=1", ["metadata.name"])


def write(
    operation: Operation = "CREATE",
    resource: Resource = DEPLOYMENTS,
    subresource: str = "",
    obj: Json | None = None,
    old: Json | None = None,
) -> Attributes:
    form = form_of(resource, subresource)
    obj = obj if obj is not None or operation == "DELETE" else deployment()
    return Attributes(operation, resource, subresource, form, "shop", "web", obj, old, {}, Context())


def hook(**fields: Any) -> Json:
    rule = {
        "operations": ["CREATE", "UPDATE"],
        "apiGroups": ["apps"],
        "apiVersions": ["v1"],
        "resources": ["deployments", "deployments/scale"],
        "scope": "*",
    }
    rule |= {key: fields.pop(key) for key in list(fields) if key in rule}
    return {"rules": [rule], **fields}


CASES: list[tuple[str, Json, Attributes, bool]] = [
    ("the rule", hook(), write(), True),
    ("another operation", hook(), write("DELETE", old=deployment()), False),
    ("any operation", hook(operations=["*"]), write("DELETE", old=deployment()), True),
    ("another group", hook(apiGroups=[""]), write(), False),
    ("any group", hook(apiGroups=["*"], apiVersions=["*"]), write(), True),
    ("another version", hook(apiVersions=["v1beta1"]), write(), False),
    ("scale", hook(), write("UPDATE", subresource="scale"), True),
    ("scale not asked for", hook(resources=["deployments"]), write(subresource="scale"), False),
    ("status not asked for", hook(), write("UPDATE", subresource="status"), False),
    ("* leaves subresources out", hook(resources=["*"]), write(subresource="scale"), False),
    ("* has resources", hook(resources=["*"]), write(), True),
    ("*/*", hook(resources=["*/*"]), write(subresource="scale"), True),
    ("*/scale", hook(resources=["*/scale"]), write(subresource="scale"), True),
    ("*/scale is not status", hook(resources=["*/scale"]), write(subresource="status"), False),
    ("deployments/*", hook(resources=["deployments/*"]), write(subresource="status"), True),
    ("namespaced", hook(scope="Namespaced"), write(), True),
    ("cluster-scoped", hook(scope="Cluster"), write(), False),
    ("namespace selected", hook(namespaceSelector={"matchLabels": {"team": "a"}}), write(), True),
    ("namespace not selected", hook(namespaceSelector={"matchLabels": {"team": "b"}}), write(), False),
    ("object selected", hook(objectSelector={"matchLabels": {"app": "web"}}), write(), True),
    ("object not selected", hook(objectSelector={"matchLabels": {"app": "x"}}), write(), False),
    ("the old object is enough", hook(objectSelector={"matchLabels": {"app": "x"}}),
     write("UPDATE", old=deployment("x")), True),
    ("a Scale has no labels", hook(objectSelector={"matchLabels": {"app": "web"}}),
     write("UPDATE", subresource="scale", obj={"metadata": {}}, old={"metadata": {}}), False),
    ("webhook configurations", hook(apiGroups=["*"], resources=["*"]), write(resource=WEBHOOKS), False),
    ("a namespace by its own labels",
     hook(apiGroups=["*"], resources=["namespaces"], namespaceSelector={"matchLabels": {"own": "1"}}),
     write(resource=NAMESPACES, obj={"metadata": {"labels": {"own": "1"}}}), True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("webhook", "attributes", "selected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_which_writes_go_to_a_webhook(webhook: Json, attributes: Attributes, selected: bool) -> None:
    assert matching.selects(webhook, attributes, {"team": "a"}) is selected
