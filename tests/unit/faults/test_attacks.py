"""Each attack of `docs/faults.md` has a test, which is there under the name that the document gives it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[3]
ATTACKS = 22
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[list[str]]:
    """The cells of the document's table of attacks."""
    _, _, rest = (CHECKOUT / "docs" / "faults.md").read_text().partition("## Attacks")
    lines = [line for line in rest.splitlines() if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_attack_is_told_once_and_in_order() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, ATTACKS + 1))


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row[0]))
def test_every_attack_has_a_test_that_is_there(row: list[str]) -> None:
    named = NAMED.findall(row[-1])
    assert named
    for path, name in named:
        tree = ast.parse((CHECKOUT / path).read_text())
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        assert name in {one.name for one in tree.body if isinstance(one, functions)}, f"{path} has no {name}"
