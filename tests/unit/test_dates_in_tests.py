"""No test may depend on the day it runs: what goes into a table with a TTL bears a date counted from today.

A row that is older than the TTL of its table is gone with the next merge. A test that writes one with a fixed
date passes for months, and then fails on every commit.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kubedoor_core.migrate import load_migrations, sql_directory
from kubedoor_dev.demo.paths import CHECKOUT

TESTS = CHECKOUT / "tests"
STATEMENTS = [s for migration in load_migrations(sql_directory()) for s in migration.statements]
WITH_TTL = frozenset(
    found[1]
    for statement in STATEMENTS
    if (found := re.search(r"TABLE (?:IF NOT EXISTS )?(\w+)", statement))
    and re.search(r"^TTL\s", statement, re.MULTILINE)  # the TTL of a column empties it, and leaves the row
)
WRITTEN = re.compile(rf"insert(?:\(\s*\"|\s+into\s+)(?:{'|'.join(sorted(WITH_TTL))})\b", re.IGNORECASE)
"""A statement or a call that writes to one of them."""
CLOCK = re.compile(r"\bFakeClock\(")
"""The product writes at the time that such a clock shows."""
MADE = re.compile(r"(\w+\.)?(date|datetime)\((?!209)\d.*", re.DOTALL)
DAY = re.compile(r"\b(20[0-8]\d)-(\d\d)-(\d\d)(?!\d)")
"""A row of the 2090s is never old: it is left alone."""


def is_day(year: int, month: int, day: int) -> bool:
    """Tell whether there is such a day: 2026-99-99 is a bad value that a test sends on purpose."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def fixed_dates(source: str) -> Iterator[str]:
    """Yield each fixed date in the strings of a module, and each `date` or `datetime` of a fixed year."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = (match for match in DAY.finditer(node.value) if is_day(*map(int, match.groups())))
            yield from (f"line {node.lineno}: {match[0]}" for match in found)
        elif isinstance(node, ast.Call) and MADE.fullmatch(ast.unparse(node)):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def old_some_day(source: str) -> list[str]:
    """Return the fixed dates of a module that writes to tables with a TTL, or sets the product's clock."""
    return list(fixed_dates(source)) if WRITTEN.search(source) or CLOCK.search(source) else []


def test_no_row_of_a_table_with_a_ttl_has_a_fixed_date() -> None:
    here = Path(__file__)
    found = {
        str(path.relative_to(TESTS)): dates
        for path in TESTS.rglob("*.py")
        if path != here and (dates := old_some_day(path.read_text(encoding="utf-8")))
    }
    assert not found, "count these from today, as the rows are gone once they are older than the table's TTL"


def test_the_tables_with_a_ttl_are_known() -> None:
    assert {"admission_log", "event", "notification", "schedule_run", "collection_claim"} <= WITH_TTL
    assert "resource_daily" not in WITH_TTL


@pytest.mark.parametrize(
    "source",
    [
        'clickhouse.insert("event", [{"at": "2026-05-30 10:00:00.000"}])',
        'row = {"at": timestamp(datetime(2026, 5, 30, tzinfo=UTC))}\nclickhouse.insert(\n    "event", [row])',
        "execute(\"INSERT INTO admission_log VALUES ('2026-05-30 10:00:00.000')\")",
        "clock = FakeClock(datetime.datetime(2027, 3, 25))",
    ],
)
def test_a_fixed_date_is_found(source: str) -> None:
    assert old_some_day(source)


@pytest.mark.parametrize(
    "source",
    [
        'clickhouse.insert("event", [{"at": timestamp(datetime.now(UTC))}])\nbad = "2026-99-99"',
        'clickhouse.insert("resource_daily", [{"date": "2026-05-30"}])',
        'clickhouse.insert("event_like", [{"date": "2026-05-30"}])',
        "clock = FakeClock(START)",
    ],
)
def test_what_does_not_grow_old_is_left_alone(source: str) -> None:
    assert not old_some_day(source)
