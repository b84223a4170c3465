"""Rules whose numbers are set by name: bounds, what is not known, and what does not go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.named_numbers import numbers_of, parse_named
from kubedoor_core.domain.score.policy import PARTS, ScorePolicy
from kubedoor_core.errors import BadValueError

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("rules", [AdvicePolicy, ScorePolicy])
def test_nothing_set_is_as_announced_and_every_number_can_be_set(rules: type[object]) -> None:
    assert parse_named("", rules).rules == rules()
    every = " ".join(f"{one.name}={one.default}" for one in numbers_of(rules))
    assert parse_named(every, rules).rules == rules()
    for one in numbers_of(rules):
        assert one.least <= one.default <= one.most
        for beyond in (one.least - 1, one.most + 1, "nan", "inf", "", "much"):
            with pytest.raises(BadValueError, match=f"{one.name} is a "):
                parse_named(f"{one.name}={beyond}", rules)


def test_what_is_named_holds_and_the_text_is_kept() -> None:
    found = parse_named(" kept_share=0.8,  min_replicas=3 ", AdvicePolicy)
    assert (found.rules.kept_share, found.rules.min_replicas, found.rules.days) == (0.8, 3, 14)
    assert str(found) == "kept_share=0.8, min_replicas=3"
    score = parse_named("weight_cost=0", ScorePolicy).rules
    assert [score.weights[part] for part in PARTS] == [0, 30, 20, 10, 5]


@pytest.mark.parametrize(
    ("text", "rules", "reason"),
    [
        ("keep=1", AdvicePolicy, "'keep=1' is none of days, .* such as days=14"),
        ("days", AdvicePolicy, "days is a whole number from 7 to 60, not ''"),
        ("days=14.5", AdvicePolicy, "days is a whole number"),
        ("days=14 days=15", AdvicePolicy, "days is there twice"),
        ("days=7 least_days=8", AdvicePolicy, "least_days is 8, and days only 7"),
        ("used_well=0.3 used_badly=0.3", ScorePolicy, "used_badly must be below used_well"),
        ("errors_pct=6", ScorePolicy, "errors_pct must not be above many_errors_pct, which is 5"),
        (" ".join(f"weight_{part}=0" for part in PARTS), ScorePolicy, "one part at least must have a weight"),
    ],
)
def test_what_is_wrong_is_said(text: str, rules: type[object], reason: str) -> None:
    with pytest.raises(BadValueError, match=reason):
        parse_named(text, rules)


@pytest.mark.parametrize(("rules", "document"), [(AdvicePolicy, "advice"), (ScorePolicy, "score")])
def test_the_document_says_what_holds(rules: type[object], document: str) -> None:
    text = (DOCS / f"{document}.md").read_text().replace("`", " ").replace(". ", " ").split()
    missing = [one.name for one in numbers_of(rules) if f"{one.name}={one.default:g}" not in text]
    assert missing == []
