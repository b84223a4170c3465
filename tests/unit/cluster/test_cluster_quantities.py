"""Quantities are read by value and written in the API server's canonical form."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_dev.cluster.quantities import BINARY, DECIMAL, QuantityError, parse

CANONICAL = {
    "1": "1", "1000m": "1", "0.1": "100m", ".5": "500m", "1.": "1", "1500m": "1500m", "+1": "1",
    "-1": "-1", "0": "0", "0Mi": "0", "0.0": "0", "1000": "1k", "128974848": "128974848",
    "1e3": "1e3", "129e6": "129e6", "1E3": "1e3", "1000e3": "1e6", "1e-3": "1e-3", "0.1e1": "1",
    "1Ki": "1Ki", "1024Mi": "1Gi", "1.5Gi": "1536Mi", "0.5Gi": "512Mi", "0.5Ki": "512",
    "1G": "1G", "1000M": "1G", "1E": "1E", "100u": "100u", "1n": "1n", "0.1n": "1n",
    "1.25Ki": "1280", "3Ei": "3Ei", "2048Ki": "2Mi", "1500": "1500", "12e0": "12",
    "0.1Ki": "102400m",
}  # fmt: skip


@pytest.mark.parametrize(("text", "canonical"), CANONICAL.items())
def test_canonical_form(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical


@pytest.mark.parametrize("text", ["", "m", "abc", " 1", "1 ", "1gi", "١"])
def test_what_does_not_look_like_one(text: str) -> None:
    with pytest.raises(QuantityError, match=r"quantities must match|unable to parse quantity's suffix"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.2.3", "numeric part"),
        (".", "numeric part"),
        ("1mm", "suffix"),
        ("1KiB", "must match"),
        ("1K", "suffix"),
        ("1ei", "suffix"),
    ],
)
def test_what_only_looks_like_one(text: str, why: str) -> None:
    with pytest.raises(QuantityError, match=why):
        parse(text)


@given(st.integers(-(10**12), 10**12), st.sampled_from([*DECIMAL, *BINARY, "e2", "E-5"]))
def test_the_canonical_form_has_the_same_value(number: int, suffix: str) -> None:
    quantity = parse(f"{number}{suffix}")
    assert parse(str(quantity)).value == quantity.value
    assert str(parse(str(quantity))) == str(quantity)


@given(st.fractions(0, 10**6))
def test_rounding_goes_up(value: Fraction) -> None:
    text = f"{float(value):.12f}"
    exact = Fraction(text)
    rounded = parse(text).rounded_up(1000).value
    assert 0 <= rounded - exact < Fraction(1, 1000) + Fraction(1, 10**9)
