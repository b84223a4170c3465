"""A part of a list tells how many rows there are in all parts, also where it lies beyond the last one."""

from __future__ import annotations

import pytest

from kubedoor_api.web.fields import Page, page_of


@pytest.mark.parametrize(
    ("rows", "offset", "found"),
    [(3, 0, [0, 1]), (3, 2, [2]), (3, 3, []), (3, 700, []), (0, 0, []), (0, 5, [])],
)
async def test_every_part_tells_the_total(rows: int, offset: int, found: list[int]) -> None:
    async def part(limit: int, offset: int) -> tuple[list[int], int]:
        """Do as ClickHouse does with `count() OVER ()`: without a row there is no total."""
        taken = list(range(rows))[offset : offset + limit]
        return taken, rows if taken else 0

    assert await page_of(part, Page(limit=2, offset=offset)) == (found, rows)
