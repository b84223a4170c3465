"""What a model answers is read, held to its bounds and made plain, whatever it is."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubedoor_api.ai.guards import MAX_CHARS, MAX_REASONS, Bounds, Refused, guard, plain_text
from kubedoor_api.ai.tasks import (
    EXPLANATION,
    NARRATIVE,
    REVIEW,
    Explanation,
    InvalidAnswerError,
    Narrative,
    Review,
    object_in,
    read_answer,
)

NO = json.dumps({"headline": "no"})
GOOD = {"headline": "h", "causes": [{"text": "t", "facts": ["d1"], "likelihood": "low"}], "unknown": []}
NAMES = {"svc-01": "cart", "ns-01": "shop"}
BOUNDS = Bounds(frozenset({"d1", "f1"}), NAMES, frozenset({"billing"}), 3, 9, "traffic")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(GOOD),
        f"```json\n{json.dumps(GOOD)}\n```",
        f"<think>{{not this}} and {NO}</think>{json.dumps(GOOD)}",
        f"Sure! {json.dumps(GOOD)} Ask me {{anything}}",
        json.dumps(GOOD) * 2,
        json.dumps({**GOOD, "confidence": 0.9}),
    ],
)
def test_the_one_object_is_found(text: str) -> None:
    assert read_answer(text, Explanation).headline == "h"


@pytest.mark.parametrize(
    "text",
    [
        "", "no", "{", "[]", "null", '"{}"', json.dumps(GOOD)[:-5], json.dumps(GOOD) + '{"a":1}',
        '{"headline": NaN}', "{" * 40_000, '{"a":' * 5000, "[" * 40_000 + "{}",
        json.dumps({**GOOD, "causes": {}}),
        json.dumps({**GOOD, "headline": 5}),
        json.dumps({"causes": []}), "<think>" + json.dumps(GOOD),
    ],
)  # fmt: skip
def test_what_is_no_answer_says_so(text: str) -> None:
    with pytest.raises(InvalidAnswerError):
        read_answer(text, Explanation)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_no_text_surprises_the_reader(text: str) -> None:
    with contextlib.suppress(InvalidAnswerError):
        object_in(text)


def _cause(text: str = "t", *facts: str) -> dict[str, Any]:
    return {"text": text, "facts": list(facts or ("d1",)), "likelihood": "high"}


def _explained(**values: Any) -> Explanation:
    return Explanation.model_validate({**GOOD, **values})


def test_a_reason_without_a_known_fact_is_dropped() -> None:
    shown = guard(_explained(causes=[_cause("a", "x9"), _cause("b", "x9", "d1", "d1"), _cause("c ")]), BOUNDS)
    assert [(one.text, one.facts) for one in shown.reasons] == [("b", ("d1",)), ("c", ("d1",))]
    assert shown.dropped == 1


def test_names_come_back_and_foreign_ones_stay_away() -> None:
    texts = ["svc-01 in ns-01", "svc-99", "see billing/ledger", "BILL\u200bING", "billing-api"]
    shown = guard(_explained(causes=[_cause(text) for text in texts], headline="as billing"), BOUNDS)
    assert [one.text for one in shown.reasons] == ["cart in shop", "svc-99", "billing-api"]
    assert (shown.headline, shown.dropped) == ("", 2)


def test_no_more_reasons_than_are_read() -> None:
    assert len(guard(_explained(causes=[_cause()] * 50), BOUNDS).reasons) == MAX_REASONS


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("see https://evil.example/x?y", "see […]"),
        ("[click](http://evil.example) now", "click now"),
        ("![i](//evil.example/a.png)", "i"),
        ("<img src=x onerror=alert(1)>hi<script>x</script>", "hix"),
        ("go to evil.com/a", "go to […]"),
        ("hｔtps://evil.example", "[…]"),
        ("javascript:alert(1)", "[…]"),
        ("**bold** `code`", "bold code"),
        ("a\u202eb\u0000c\nd", "ab c d"),
        ("x" * 999, "x" * (MAX_CHARS - 1) + "…"),
        ("P95 of app is 3.5 of 10 cores; see d1.", "P95 of app is 3.5 of 10 cores; see d1."),
        ("请求值 4500m，实际用 450m。", "请求值 4500m，实际用 450m。"),
        ("a < b and c > d", "a < b and c > d"),
    ],
)
def test_texts_are_plain(given: str, shown: str) -> None:
    assert plain_text(given, {}) == shown


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_made_plain(text: str) -> None:
    shown = plain_text(text, {})
    assert len(shown) <= MAX_CHARS
    assert "://" not in shown
    assert not any(ord(one) < 32 or "\u202a" <= one <= "\u202e" for one in shown)


def _review(replicas: int | None, *, agree: bool = False) -> Review:
    reason = {"text": "t", "facts": ["f1"]}
    values = {
        "agree": agree,
        "replicas": replicas,
        "risk": "low",
        "reasons": [reason],
        "watch": ["cpu", "cpu"],
    }
    return Review.model_validate(values)


def test_a_count_within_bounds_is_a_proposal() -> None:
    assert guard(_review(5), BOUNDS).proposal == 5
    assert guard(_review(None), BOUNDS).agrees
    agreed = guard(_review(5, agree=True), BOUNDS)
    assert (agreed.agrees, agreed.proposal) == (True, None)
    assert agreed.watch == ("cpu",)


@given(st.integers())
def test_no_count_passes_its_bounds(replicas: int) -> None:
    shown = guard(_review(replicas), BOUNDS)
    assert shown.proposal is None or 3 <= shown.proposal <= 9
    assert (shown.refused is None) == (3 <= replicas <= 9)


def test_a_refused_count_says_because_of_what() -> None:
    low, high = guard(_review(1), BOUNDS).refused, guard(_review(10), BOUNDS).refused
    assert (low, high) == (Refused(1, "below_least", 3, "traffic"), Refused(10, "above_most", 9, ""))


@pytest.mark.parametrize(
    ("shape", "schema"), [(Explanation, EXPLANATION), (Narrative, NARRATIVE), (Review, REVIEW)]
)
def test_schemas_are_strict_and_of_the_same_fields(shape: type[Explanation], schema: dict[str, Any]) -> None:
    assert set(schema["required"]) == set(schema["properties"]) == set(shape.model_fields)

    def strict(part: dict[str, Any]) -> None:
        if part["type"] == "object":
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
            for one in part["properties"].values():
                strict(one)
        if part["type"] == "array":
            strict(part["items"])
        assert not {"maxLength", "minimum", "maximum", "maxItems"} & part.keys(), "strict modes refuse them"

    strict(schema)
