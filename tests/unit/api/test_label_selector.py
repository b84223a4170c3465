"""Label selectors are read as Kubernetes reads them, in time that grows with their length alone."""

from __future__ import annotations

import re
import sys

import pytest

from kubedoor_api.schedules import selector
from kubedoor_api.schedules.selector import check_labels
from kubedoor_api.schedules.times import BadFieldError

GOOD = [
    "", "tier=web", "tier==web", "tier!=web", "tier = web , !legacy", "tier", "!tier", "! tier", "tier=",
    "tier in (web)", "tier in (web, api)", "tier notin(a,b),x", "tier in ()", "tier in (,a)", "in in (in)",
    "app.kubernetes.io/name=cart", "a.b/c in (d)", "size>5", "size < -3", "notin", "a=,b", "\ttier\n=\rweb ",
    f"{'p' * 253}/{'n' * 63}={'v' * 63}",
]  # fmt: skip
BAD = {
    "a,": "", ",a": ",a", "a b": "a b", "a=b=c, d": "a=b=c", "x, tier in (a, y": "tier in (a, y",
    "tier in a": "tier in a", "tier (a)": "tier (a)", "!a=b": "!a=b", "a>b": "a>b", "a>": "a>", "-a": "-a",
    "a/b/c=d": "a/b/c=d", "/a": "/a", "A/b": "A/b", "a=b-": "a=b-", "a in (b) c": "a in (b) c", "a)": "a)",
    "n" * 64: "n" * 64, f"{'p' * 254}/n": f"{'p' * 254}/n", "a=b, c in (d e), f": "c in (d e)", " ": "",
    "a;b": "a;b", "é": "é", "a>٣": "a>٣",
}  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_what_kubernetes_takes_is_taken(text: str) -> None:
    check_labels(text)


@pytest.mark.parametrize("text", BAD)
def test_what_is_none_is_named(text: str) -> None:
    with pytest.raises(BadFieldError) as error:
        check_labels(text)
    assert error.value.parameters == {"value": BAD[text]}


def calls_for(text: str) -> int:
    """How many calls reading a selector takes, those of built-in functions included."""
    count = 0

    def counted(_frame: object, event: str, _about: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        check_labels(text)
    except BadFieldError:
        pass
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("repeated", [",        ", "a,", ",", "!", "(", "a in (b),", "a" * 20])
def test_a_long_selector_takes_no_more_than_its_length(repeated: str) -> None:
    short, long = (calls_for(f"a in ({repeated * times})!") for times in (100, 1000))
    assert long <= 11 * short


def test_no_expression_of_it_repeats_within_a_repetition() -> None:
    """Which is what made blanks in a list take nine times longer with each further one."""
    expressions = [value for value in vars(selector).values() if isinstance(value, re.Pattern)]
    assert expressions
    for expression in expressions:
        assert re.search(r"[*+}]\)[*+{]", expression.pattern) is None
