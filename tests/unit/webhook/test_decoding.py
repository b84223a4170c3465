"""A review read in part: decided, and refused, with the same words as one that is read as a whole."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_core.domain.admission.decide import decide
from kubedoor_core.domain.admission.review import Review, parse_review
from kubedoor_core.domain.control import ContainerValues, Service
from kubedoor_core.domain.mode import Mode
from kubedoor_core.errors import BadValueError
from kubedoor_webhook import decoding
from kubedoor_webhook.decoding import read_review
from support.reviews import Json, container, deployment, restarted, review, scale

SERVICE = Service("shop", "checkout", 3, "manual", containers=(ContainerValues("app", 250, 1000, 512, 1024),))
LIVE = deployment(
    container("app", {"requests": {"cpu": "1", "memory": "1Gi"}}, env=[{"name": "A", "value": 'ü"\\'}]),
    initContainers=[container("side", {"limits": {"cpu": "2"}}, restartPolicy="Always")],
    resources={"limits": {"cpu": "4"}},
)
COUNTED = {**LIVE, "spec": {**LIVE["spec"], "replicas": 7}}
USUAL = {
    "created": review(LIVE),
    "rolled out": review(restarted(LIVE), LIVE),
    "counted": review(COUNTED, LIVE),
    "unchanged": review(LIVE, LIVE),
    "scaled": review(scale(4), scale(2), subresource="scale"),
}
NUMBERS = deployment(
    container("app", {"requests": {"cpu": 1, "memory": 1e9}}), resources={"limits": {"cpu": 4}}
)
UNUSUAL = {
    "with numbers": review(NUMBERS),
    "created with an old object": review(LIVE, NUMBERS, operation="CREATE"),
}
Outcome = tuple[object, ...]


def outcome(read: object) -> Outcome:
    """What becomes of a review: what is logged of it, and the decision or the words of its refusal."""
    try:
        found = read() if callable(read) else read
        assert isinstance(found, Review)
        named = found._replace(object=None, old_object=None)
        return named, decide(found, SERVICE, Mode.ENFORCE), decide(found, None, Mode.ENFORCE)
    except BadValueError as error:
        return (str(error),)


def both(body: bytes) -> tuple[Outcome, Outcome]:
    """Return what becomes of a body that is read in part, and as a whole."""
    return outcome(lambda: read_review(body)), outcome(lambda: parse_review(orjson.loads(body)))


@pytest.mark.parametrize("name", USUAL)
def test_what_the_api_server_sends_is_read_in_part(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps(USUAL[name]).encode()
    _, expected = both(body)

    def never(_: object) -> None:
        raise AssertionError("read as a whole")

    monkeypatch.setattr(decoding, "_parsed", orjson.loads if name == "rolled out" else never)
    assert outcome(lambda: read_review(body)) == expected


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything in a document."""
    yield at
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield from places(member, (*at, key))


def changed(document: Json, path: tuple[Any, ...], value: object) -> Any:
    """Return a copy with another value at a path; without it for `...`."""
    if not path:
        return value
    made = copy.deepcopy(document)
    holder: Any = made
    for key in path[:-1]:
        holder = holder[key]
    if value is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return made


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_others_send_is_read_as_a_whole(name: str) -> None:
    in_part, as_a_whole = both(json.dumps(UNUSUAL[name]).encode())
    assert in_part == as_a_whole


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "x", "100m", "Always", "UPDATE", "ü"]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(
        st.sampled_from(["name", "spec", "template", "resources", "requests", "cpu", "x"]), inner, max_size=3
    ),
    max_leaves=6,
)  # fmt: skip


@given(st.data())
def test_whatever_a_review_holds_it_is_decided_alike(data: st.DataObject) -> None:
    document: Any = data.draw(st.sampled_from([*USUAL.values(), *UNUSUAL.values()]))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(sorted(places(document), key=str)))
        value = data.draw(json_values if not path else json_values | st.just(...))
        document = changed(document, path, value)
    if document is ...:
        return
    text = json.dumps(
        document, ensure_ascii=data.draw(st.booleans()), indent=data.draw(st.none() | st.just(1))
    )
    in_part, as_a_whole = both(text.encode())
    assert in_part == as_a_whole


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"metadata": None, "spec": {}}, {"spec": {}}),
        ({"spec": {"a": None}}, {"spec": {}}),
        ({"spec": {"a": 1, "b": 2}}, {"spec": {"b": 2, "a": 1.0}}),
        ({"spec": {}, "unknown": 1}, {"spec": {}, "unknown": 2}),
        (None, {}),
        ({}, None),
        (None, None),
        (..., None),
        (None, ...),
        (..., ...),
        (..., {}),
        ({}, ...),
        ({"spec": {}}, "text"),
        ("text", "text"),
        ([], []),
    ],
)
def test_templates_are_held_against_one_another_as_kubernetes_would(before: object, after: object) -> None:
    def of(template: object) -> Json:
        return {**LIVE, "spec": {"replicas": 3, **({} if template is ... else {"template": template})}}

    in_part, as_a_whole = both(json.dumps(review(of(after), of(before))).encode())
    assert in_part == as_a_whole


def test_no_json_is_refused_wherever_it_is_broken() -> None:
    good = json.dumps(USUAL["rolled out"]).encode()
    for broken in (b"", b"[", good[:-1], good.replace(b'"A"', b'"\xff"'), good.replace(b'"A"', b'"\\x"')):
        with pytest.raises(BadValueError, match="not JSON"):
            read_review(broken)


def test_what_is_nested_without_end_is_refused() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    body = json.dumps(USUAL["created"]).encode().replace(b'"Always"', deep, 1)
    with pytest.raises(BadValueError, match="not JSON"):
        read_review(body)
