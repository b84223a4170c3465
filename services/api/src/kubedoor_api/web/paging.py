"""One part of a list, and how many rows it has in all parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from kubedoor_api.web.fields import Page

R = TypeVar("R")

Part = Callable[[int, int], Awaitable[tuple[list[R], int]]]
"""Returns rows by limit and offset, and the total, which any row tells; 0 without one."""


async def page_of(part: Part[R], page: Page) -> tuple[list[R], int]:
    """Return a part and the total; beyond the last part, without a row, the very first row tells it."""
    rows, total = await part(page.limit, page.offset)
    if not rows and page.offset:
        _, total = await part(1, 0)
    return rows, total
