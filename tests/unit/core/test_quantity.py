"""Quantities by value, in all of Kubernetes' notations."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_core.domain import quantity
from kubedoor_core.errors import BadValueError

GIB = 1024**3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1000m"), ("0.1", "100m"), (".5", "500m"), ("1.", "1"), ("1e3", "1k"), ("1E3", "1000"),
        ("1E", "1e18"),
        ("1Gi", "1024Mi"), ("1Gi", "1073741824"), ("1G", "1000M"), ("129e6", "129M"), ("128974848", "123Mi"),
        ("1500u", "1.5m"), ("+2", "2"), ("0", "0m"), ("2e-3", "2m"), ("1Ki", "1024"), ("1P", "1000T"),
    ],
)  # fmt: skip
def test_equal_values_in_other_words(one: str, other: str) -> None:
    assert quantity.parse(one) == quantity.parse(other)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.1", Fraction(1, 10)),
        ("1Gi", GIB),
        ("1.5Gi", GIB * 3 // 2),
        (2, 2),
        (0.3, Fraction(3, 10)),
        ("-1", -1),
    ],
)
def test_exact_values(written: object, value: Fraction | int) -> None:
    assert quantity.parse(written) == value * quantity.NANO


def test_less_than_a_nano_is_rounded_up_as_kubernetes_does() -> None:
    assert quantity.parse("0.1n") == 1


@pytest.mark.parametrize(
    "written",
    ["", " ", "1 ", "abc", "1KiB", "1ki", "1mi", "--1", "1e", "e3", "1e999999999", "0x10", "٣", "1,5",
     "9" * 100, None, True, [], {}, "NaN", "Inf", float("nan"), float("inf"), "1Gi\n"],
)  # fmt: skip
def test_what_is_no_quantity_is_refused(written: object) -> None:
    with pytest.raises(BadValueError, match="is not a quantity"):
        quantity.parse(written)


@given(st.integers(0, 10**9))
def test_what_we_write_reads_back(value: int) -> None:
    assert quantity.parse(quantity.cpu_text(value)) == quantity.cpu(value)
    assert quantity.parse(quantity.memory_text(value)) == quantity.memory(value)


@given(st.text(max_size=50))
def test_no_text_surprises(text: str) -> None:
    try:
        quantity.parse(text)
    except BadValueError as error:
        assert str(error).isprintable()  # noqa: PT017 the message is what is tested
