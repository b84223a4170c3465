"""Services of another rule: the notation, which one holds, and what the derivation makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_core.domain.derivation.exceptions import RuleBook
from kubedoor_core.domain.derivation.rules import PRESETS, Rule
from kubedoor_core.domain.env_policy import RULE_EXCEPTIONS
from kubedoor_core.errors import BadValueError

ENV_RULE = Rule(lookback_days=7, margin_pct=20, floor_cpu_m=25, floor_mem_mib=64)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("shop/cart: own_peak", {"request_rule": "own_peak"}),
        ("shop/.*: margin_pct=12.5 lookback_days=3", {"margin_pct": 12.5, "lookback_days": 3}),
        (".*: memory_rule=max memory_margin_pct=15", {"memory_rule": "max", "memory_margin_pct": 15.0}),
        ("(?:shop|data)/cart: request_rule=whole_day", {"request_rule": "whole_day"}),
        ("other/.*: fleet; shop/.*: hold_fall_pct=5; .*: fleet", {"hold_fall_pct": 5.0}),
        ("other/.*: fleet", {}),
        ("shop: fleet", {}),
        ("", {}),
    ],
)
def test_the_first_that_matches_the_whole_name_holds(text: str, rule: dict[str, Any]) -> None:
    ruling = RuleBook(ENV_RULE, RULE_EXCEPTIONS.read(text)).ruling(("shop", "Deployment", "cart"))
    assert {name: getattr(ruling.rule, name) for name in rule} == rule
    same = set(Rule.__dataclass_fields__) - set(rule)
    assert all(getattr(ruling.rule, name) == getattr(ENV_RULE, name) for name in same)
    assert bool(ruling.because) == bool(rule)


def test_a_preset_is_taken_as_a_whole_but_for_the_floors() -> None:
    book = RuleBook(ENV_RULE, RULE_EXCEPTIONS.read("shop/.*: careful margin_pct=30"))
    rule = book.ruling(("shop", "Deployment", "cart")).rule
    careful = PRESETS["careful"]
    assert (rule.request_rule, rule.memory_rule, rule.margin_pct) == ("whole_day", "max", 30)
    assert (rule.lookback_days, rule.floor_cpu_m, rule.floor_mem_mib) == (careful.lookback_days, 25, 64)
    assert book.lookback_days == max(careful.lookback_days, 7)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shop/.*", "is not SERVICES: RULE"),
        (": fleet", "is not SERVICES: RULE"),
        ("shop/.*:", "is not SERVICES: RULE"),
        ("shop/(: fleet", "regular expression"),
        ("shop/.*: best", "neither a preset"),
        ("shop/.*: fleet careful", "neither a preset"),
        ("shop/.*: floor_cpu_m=5", "neither a preset"),
        ("shop/.*: lookback_days=0", "from 1 to 366"),
        ("shop/.*: lookback_days=2.5", "whole number"),
        ("shop/.*: margin_pct=-1", "from 0 to 500"),
        ("shop/.*: margin_pct=nan", "from 0 to 500"),
        ("shop/.*: memory_rule=p99", "one of p95, max"),
        ("; ".join(["shop/.*: fleet"] * 51), "at most 50"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(BadValueError, match=said):
        RULE_EXCEPTIONS.read(text)


def test_it_is_shown_as_it_was_written() -> None:
    text = "shop/.*: own_peak; data/.*: careful"
    assert str(RULE_EXCEPTIONS.read(f"  {text} ")) == text
