"""Rows are read as values of a type: by column, times and days as such, and refused where they do not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from pydantic import ValidationError

from kubedoor_core.clickhouse import ClickHouse

ROWS = """
SELECT toUInt64(2) AS version, toDate('2026-03-29') AS day, 'cart' AS name,
    toDateTime64('2026-03-29 01:02:03.004', 3, 'UTC') AS at
FROM numbers({count:UInt8})
"""


class Stamp(NamedTuple):
    """A row, whose columns come in another order."""

    name: str
    version: int
    day: date
    at: datetime


class Other(NamedTuple):
    """What no row of these is."""

    name: int


CART = Stamp("cart", 2, date(2026, 3, 29), datetime(2026, 3, 29, 1, 2, 3, 4000, UTC))


async def test_rows_are_values_of_a_type(clickhouse: ClickHouse) -> None:
    assert await clickhouse.fetch_as(Stamp, ROWS, count=2) == [CART, CART]
    assert await clickhouse.fetch_as(Stamp, ROWS, count=0) == []


async def test_the_first_row_is_one_or_none(clickhouse: ClickHouse) -> None:
    assert await clickhouse.fetch_one_as(Stamp, ROWS, count=2) == CART
    assert await clickhouse.fetch_one_as(Stamp, ROWS, count=0) is None


async def test_a_row_of_another_type_is_refused(clickhouse: ClickHouse) -> None:
    with pytest.raises(ValidationError):
        await clickhouse.fetch_one_as(Other, ROWS, count=1)


@pytest.mark.parametrize(
    "value", ["plain", "it's", "';", "a\\b", "\\'", "[x,'y']", "tab\there", "new\nline", "nul\0", "", "名前"]
)
async def test_texts_are_bound_as_they_are_alone_and_in_arrays(clickhouse: ClickHouse, value: str) -> None:
    statement = "SELECT {one:String} AS one, {several:Array(String)} AS several"
    row = await clickhouse.fetch_one(statement, one=value, several=[value, "z", value])
    assert row == {"one": value, "several": [value, "z", value]}
