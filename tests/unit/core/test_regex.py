"""Expressions that people enter: RE2's, matched whole, and refused with the way out."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from kubedoor_api.access.roles import Grant
from kubedoor_core.domain.mode import governed
from kubedoor_core.errors import BadValueError
from kubedoor_core.regex import MAX_CHARS, REMEMBERED_NAMES, Expression, expression
from kubedoor_core.settings import ServiceSettings


@pytest.mark.parametrize(
    ("text", "name", "matches"),
    [
        (".*", "shop", True),
        ("shop", "shop", True),
        ("shop", "shops", False),
        ("shop|pay-.*", "pay-eu", True),
        ("shop|pay", "the-pay", False),
        ("(?i)SHOP", "shop", True),
        ("", "", True),
        ("", "shop", False),
        (".*", "\ud800", False),
    ],
)
def test_an_expression_matches_the_whole_name(text: str, name: str, matches: bool) -> None:
    tried = Expression(text)
    assert tried.matches(name) is matches
    assert tried.matches(name) is matches


def test_nested_repeats_over_a_long_name_end() -> None:
    """With a backtracking engine this takes longer than the universe has lasted."""
    assert not Expression("(a+)+(a*)*b").matches("a" * 100_000)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("(?!kube-).*", "namespaces_excluded"),
        ("shop(?=-eu).*", "look-ahead"),
        ("(?<!a)b", "look-behind"),
        (r"(a)\1", "back-references"),
        ("(?P<n>a)(?P=n)", "back-references"),
        ("(", "missing"),
        ("a{5000}", "repetition"),
        ("((a{90}){90}){9}", "repetition"),
        ("\ud800", "surrogate"),
        ("a" * (MAX_CHARS + 1), "characters"),
    ],
)
def test_what_re2_has_not_is_refused_with_the_way_out(text: str, says: str) -> None:
    with pytest.raises(BadValueError, match=r"is (not )?a regular expression") as refused:
        expression(text)
    assert says in str(refused.value)


def test_no_flood_of_names_fills_the_memory() -> None:
    tried = Expression("a.*")
    for number in range(3 * REMEMBERED_NAMES):
        assert tried.matches(f"a{number}")
        assert len(tried._known) <= REMEMBERED_NAMES
    assert tried.matches("a" * 10_000)
    assert "a" * 10_000 not in tried._known


@pytest.mark.parametrize(
    ("included", "excluded", "namespace", "expected"),
    [
        (".*", "", "shop", True),
        (".*", "", "", True),
        (".*", "kube-.*|default", "default", False),
        (".*", "kube-.*|default", "defaults", True),
        ("shop.*", "shop-test", "shop-test", False),
        ("shop.*", "shop-test", "pay", False),
        (".*", "", "kube-system", False),
        (".*", "", "kubedoor", False),
    ],
)
def test_what_is_included_and_not_left_out_is_governed(
    included: str, excluded: str, namespace: str, expected: bool
) -> None:
    assert governed(namespace, expression(included), expression(excluded), "kubedoor") is expected


def test_a_setting_and_a_grant_are_checked_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBEDOOR_CLICKHOUSE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("KUBEDOOR_ENV", "test")
    assert ServiceSettings().namespaces_excluded == ""
    monkeypatch.setenv("KUBEDOOR_NAMESPACES_EXCLUDED", "(?!a).*")
    with pytest.raises(ValidationError, match="RE2"):
        ServiceSettings()
    with pytest.raises(ValidationError, match="RE2"):
        Grant.model_validate({"role": "viewer", "namespace": "(?!a).*"})
