"""Quantities by value, in all of Kubernetes' notations."""

from __future__ import annotations

import math
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


SUFFIXES = {
    "": Fraction(1), "n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000),
    "k": Fraction(10**3), "M": Fraction(10**6), "E": Fraction(10**18), "Ki": Fraction(1024),
    "Ei": Fraction(1024**6), "e3": Fraction(1000), "E-12": Fraction(1, 10**12), "e+0": Fraction(1),
}  # fmt: skip


@given(
    st.sampled_from(["", "+", "-"]),
    st.from_regex(r"[0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20}", fullmatch=True),
    st.sampled_from(sorted(SUFFIXES)),
)
def test_every_digit_counts(sign: str, number: str, suffix: str) -> None:
    nanos = math.ceil(Fraction(number) * SUFFIXES[suffix] * quantity.NANO)
    assert quantity.parse(sign + number + suffix) == (-nanos if sign == "-" else nanos)
