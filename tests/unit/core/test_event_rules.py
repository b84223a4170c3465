"""Rules of events: what they say, and what is refused with what would be right."""

from __future__ import annotations

import pytest

from kubedoor_core.domain.event_rules import Told, parse_event_rules
from kubedoor_core.errors import BadValueError

BACK_OFF = Told("Warning", "BackOff", "Pod", "prod-shop", ("cart-5d9f7c6b8d-x2vbn", "cart"))


def test_two_rules_are_read_with_what_they_leave_out() -> None:
    text = "type=Warning reason=BackOff|Failed.* count=5 in=30m mention=<!here> @jane ; kind=Node"
    first, second = parse_event_rules(text).each
    assert (first.type, first.reason.text, first.count, first.minutes) == (
        "Warning",
        "BackOff|Failed.*",
        5,
        30,
    )
    assert (first.mention, second.mention) == ("<!here> @jane", "")
    assert (second.type, second.kind.text, second.count, second.minutes) == ("", "Node", 1, 10)
    assert parse_event_rules(" ; ").each == ()


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        ("type=Warning", True),
        ("type=Normal", False),
        ("reason=BackOff", True),
        ("reason=Back", False),
        ("namespace=prod-.*", True),
        ("namespace=shop", False),
        ("name=cart", True),
        ("name=cart-.*-x2vbn", True),
        ("name=pay", False),
        ("kind=Pod namespace=prod-.* reason=BackOff name=cart", True),
        ("kind=Node name=cart", False),
    ],
)
def test_all_that_a_rule_names_has_to_match_whole(rule: str, matches: bool) -> None:
    assert parse_event_rules(rule).each[0].matches(BACK_OFF) is matches


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mention=@here", "names no event"),
        ("reasons=BackOff", "is none of type, reason"),
        ("reason=", "is none of type"),
        ("reason=(", "not a regular expression"),
        ("type=Error", "Warning or Normal"),
        ("reason=x count=0", "from 1 to 1000"),
        ("reason=x count=٣", "from 1 to 1000"),
        ("reason=x in=2h", "such as 10m"),
        ("reason=x in=61m", "from 1 to 60"),
        (";".join(["kind=Pod"] * 51), "at most 50"),
    ],
)
def test_what_is_no_rule_is_refused_and_says_why(text: str, says: str) -> None:
    with pytest.raises(BadValueError, match=says):
        parse_event_rules(text)
