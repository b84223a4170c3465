"""JSON Patch as the API server's library applies it, departures from the RFC included."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_dev.cluster.jsonpatch import PatchError, apply

Json = Any


def op(kind: str, path: str, **more: Json) -> dict[str, Json]:
    return {"op": kind, "path": path, **more}


APPLIES: list[tuple[str, Json, dict[str, Json], Json]] = [
    ("add a key", {}, op("add", "/a", value=1), {"a": 1}),
    ("add over a key", {"a": 1}, op("add", "/a", value=2), {"a": 2}),
    ("add null", {}, op("add", "/a", value=None), {"a": None}),
    ("add without a value", {}, op("add", "/a"), {"a": None}),
    ("add before an item", [1, 3], op("add", "/1", value=2), [1, 2, 3]),
    ("add at the end", [1], op("add", "/-", value=2), [1, 2]),
    ("add at the length", [1], op("add", "/1", value=2), [1, 2]),
    ("add from the end", [1, 2], op("add", "/-1", value=3), [1, 2, 3]),
    ("escaped keys", {"a/b": {}}, op("add", "/a~1b/c~0d", value=1), {"a/b": {"c~d": 1}}),
    ("escaped escape", {}, op("add", "/~01", value=1), {"~1": 1}),
    ("empty key", {}, op("add", "/", value=1), {"": 1}),
    ("replace a key", {"a": 1}, op("replace", "/a", value=2), {"a": 2}),
    ("replace a missing key", {}, op("replace", "/a", value=2), {"a": 2}),
    ("replace an item", [1, 2], op("replace", "/-1", value=3), [1, 3]),
    ("replace the whole", {"a": 1}, op("replace", "", value=[1]), [1]),
    ("remove a key", {"a": 1, "b": 2}, op("remove", "/a"), {"b": 2}),
    ("remove a null", {"a": None}, op("remove", "/a"), {}),
    ("remove an item", [1, 2, 3], op("remove", "/1"), [1, 3]),
    ("test", {"a": {"b": [1]}}, op("test", "/a", value={"b": [1.0]}), {"a": {"b": [1]}}),
    ("test a missing key for null", {}, op("test", "/a", value=None), {}),
    ("test the whole", {"a": 1}, op("test", "", value={"a": 1}), {"a": 1}),
    ("move", {"a": 1}, op("move", "/b", **{"from": "/a"}), {"b": 1}),
    ("copy", {"a": [1]}, op("copy", "/b", **{"from": "/a"}), {"a": [1], "b": [1]}),
]

FAILS: list[tuple[str, Json, Json, str]] = [
    ("missing parent", {}, op("add", "/a/b", value=1), "doc is missing path"),
    ("null parent", {"a": None}, op("add", "/a/b", value=1), "doc is missing path"),
    ("scalar parent", {"a": 1}, op("add", "/a/b", value=1), "doc is missing path"),
    ("add the whole", {}, op("add", "", value={}), "doc is missing path"),
    ("no slash", {}, op("add", "a", value=1), "doc is missing path"),
    ("replace under a missing parent", {}, op("replace", "/a/b", value=1), "doc is missing path"),
    ("replace beyond the end", [1], op("replace", "/1", value=1), "doc is missing key"),
    ("replace the whole by a scalar", {}, op("replace", "", value=1), "must be object or array"),
    ("remove a missing key", {}, op("remove", "/a"), "Unable to remove nonexistent key: a"),
    ("remove beyond the end", [1], op("remove", "/1"), "Unable to access invalid index: 1"),
    ("add beyond the end", [1], op("add", "/2", value=1), "Unable to access invalid index: 2"),
    ("index that is none", [1], op("add", "/x", value=1), "not a proper array index: 'x'"),
    ("index with a space", [1], op("add", "/ 0", value=1), "not a proper array index: ' 0'"),
    ("test another value", {"a": 1}, op("test", "/a", value=2), "testing value /a failed"),
    ("true is not 1", {"a": True}, op("test", "/a", value=1), "testing value /a failed"),
    ("move a missing key", {}, op("move", "/b", **{"from": "/a"}), "nonexistent key: a"),
    ("copy from a missing parent", {}, op("copy", "/b", **{"from": "/a/b"}), "missing from path"),
    ("another operation", {}, op("append", "/a", value=1), "Unexpected kind: append"),
    ("an operation that is none", {}, "add", "an operation is an object"),
    ("no path", {}, {"op": "add", "value": 1}, "failed to decode path"),
]


@pytest.mark.parametrize(
    ("document", "operation", "expected"), [c[1:] for c in APPLIES], ids=[c[0] for c in APPLIES]
)
def test_applies(document: Json, operation: dict[str, Json], expected: Json) -> None:
    assert apply(document, [operation]) == expected


@pytest.mark.parametrize(
    ("document", "operation", "message"), [c[1:] for c in FAILS], ids=[c[0] for c in FAILS]
)
def test_fails(document: Json, operation: Json, message: str) -> None:
    with pytest.raises(PatchError, match=message):
        apply(document, [operation])


def test_a_patch_that_is_no_list_fails() -> None:
    with pytest.raises(PatchError, match="list of operations"):
        apply({}, {"op": "add"})  # type: ignore[arg-type]  # the mistake that is tested


def test_the_document_and_the_patch_stay_as_they_were() -> None:
    document: Json = {"a": {"b": [1]}}
    value: Json = {"deep": []}
    patch = [op("add", "/c", value=value), op("add", "/c/deep/-", value=2), op("remove", "/a/b/0")]
    assert apply(document, patch) == {"a": {"b": []}, "c": {"deep": [2]}}
    assert document == {"a": {"b": [1]}}
    assert value == {"deep": []}


def test_nothing_is_applied_when_a_later_operation_fails() -> None:
    document: Json = {"a": 1}
    with pytest.raises(PatchError):
        apply(document, [op("remove", "/a"), op("remove", "/a")])
    assert document == {"a": 1}


DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), DOCUMENTS), st.text(max_size=3), DOCUMENTS)
def test_what_is_added_is_found_and_what_is_removed_is_gone(document: Json, key: str, value: Json) -> None:
    path = "/" + key.replace("~", "~0").replace("/", "~1")
    added = apply(document, [op("add", path, value=value), op("test", path, value=value)])
    assert added[key] == value
    without = {k: v for k, v in document.items() if k != key}
    assert apply(added, [op("remove", path)]) == without
