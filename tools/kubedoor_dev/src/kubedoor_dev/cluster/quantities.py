"""Kubernetes' quantities: read by value, and written in the API server's canonical form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

Notation = Literal["decimal", "binary", "exponent"]

DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
SHAPE = re.compile(r"([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
NANO = 10**9

WRONG_FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
WRONG_NUMBER = "unable to parse numeric part of quantity"
WRONG_SUFFIX = "unable to parse quantity's suffix"


class QuantityError(ValueError):
    """Not a quantity; the message is the API server's."""


@dataclass(frozen=True, order=True)
class Quantity:
    """An exact amount, and the notation it is written in."""

    value: Fraction
    notation: Notation = "decimal"

    def __str__(self) -> str:
        """Write it as the API server does: the largest suffix that leaves a whole number."""
        if self.notation == "binary" and abs(self.value) >= 1024:
            return _binary(_ceiling(self.value))
        suffixes = {f"e{power}": power for power in DECIMAL.values()} | {"": 0}
        return _decimal(self.value, suffixes if self.notation == "exponent" else DECIMAL)

    def rounded_up(self, scale: int) -> Quantity:
        """Round up (away from zero) to 1/scale."""
        return Quantity(Fraction(_ceiling(self.value * scale), scale), self.notation)


@lru_cache(maxsize=4096)
def parse(text: str) -> Quantity:
    """Read a quantity.

    :raises QuantityError: when it is none.
    """
    shape = SHAPE.fullmatch(text)
    if not shape:
        raise QuantityError(WRONG_FORMAT)
    number, suffix = shape.groups()
    if not NUMBER.fullmatch(number):
        raise QuantityError(WRONG_NUMBER)
    factor, notation = _suffix(suffix)
    return Quantity(Fraction(number.rstrip(".")) * factor, notation).rounded_up(NANO)


def _suffix(suffix: str) -> tuple[Fraction, Notation]:
    if suffix in DECIMAL:
        return Fraction(10) ** DECIMAL[suffix], "decimal"
    if suffix in BINARY:
        return Fraction(2 ** BINARY[suffix]), "binary"
    if re.fullmatch(r"[eE][-+]?\d{1,3}", suffix):
        return Fraction(10) ** int(suffix[1:]), "exponent"
    raise QuantityError(WRONG_SUFFIX)


def _ceiling(value: Fraction) -> int:
    """Round away from zero."""
    size = -(-abs(value.numerator) // value.denominator)
    return size if value >= 0 else -size


def _binary(value: int) -> str:
    suffix = ""
    for name, power in BINARY.items():
        if value % (1 << power):
            break
        suffix = name
    return f"{value >> BINARY[suffix] if suffix else value}{suffix}"


def _decimal(value: Fraction, suffixes: dict[str, int]) -> str:
    if value == 0:
        return "0"
    for suffix, power in sorted(suffixes.items(), key=lambda item: item[1], reverse=True):
        scaled = value / Fraction(10) ** power
        if scaled.denominator == 1:
            return f"{scaled.numerator}{'' if power == 0 else suffix}"
    raise AssertionError("parse rounds to what the smallest suffix can hold")
