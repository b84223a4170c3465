"""No cell, and no part of one, is a formula to a spreadsheet; everything comes back as it was."""

from __future__ import annotations

import csv
import random

import pytest

from kubedoor_api.web.csv_text import render, safe, unsafe

FORMULAS = [
    "=cmd", "+1", "-2+3", "@SUM(1)", "x;=cmd", "a;b; =cmd", ";=cmd", " =1+1", "\t=1", "\r=1", "\n=1", "\v=1",
    "\N{NO-BREAK SPACE}=1", "\N{ZERO WIDTH SPACE}=1", "\N{BYTE ORDER MARK}=1", "＝1+1", "＋1", "－1", "＠A",
    "﹦1", "\N{MINUS SIGN}1", '"=1', "'=1", "' =1", "''=1", "first line\n=cmd", "x\t=cmd", 'x;"=cmd',
]  # fmt: skip
TEXTS = ["", "plain", "it's", "'quoted'", "a=b", "a-b; c-d", "x;y", "1-2", "don't; 'really'", "é=1", "a @ b"]


def cells_of(text: str, delimiter: str) -> list[str]:
    """The cells as a spreadsheet sees them that splits at another separator, with or without quotes."""
    quoted = [cell for row in csv.reader(text.splitlines(), delimiter=delimiter) for cell in row]
    return [*quoted, *(cell for line in text.splitlines() for cell in line.split(delimiter))]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_quoted_whichever_separator_the_spreadsheet_takes(formula: str) -> None:
    text = render(["service", "note"], [["cart", formula]])
    for delimiter in (",", ";", "\t"):
        for cell in cells_of(text, delimiter):
            seen = cell.strip(' "\t\r\n\v\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{BYTE ORDER MARK}')
            assert seen[:1] not in {*"=+-@＝＋－＠﹦\N{MINUS SIGN}"} or seen == "", (delimiter, cell)
    assert unsafe(str(safe(formula))) == formula


@pytest.mark.parametrize("text", TEXTS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text
    assert unsafe(text) == text


def test_numbers_stay_numbers() -> None:
    assert safe(-5) == -5


def test_whatever_is_exported_comes_back() -> None:
    chance = random.Random(7)
    for _ in range(20_000):
        text = "".join(chance.choice("ab '\";=+-@＝\t\n\r") for _ in range(chance.randrange(9)))
        assert unsafe(str(safe(text))) == text, repr(text)
