"""How many items a list has in all parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol


class Counted(Protocol):
    """A row that tells the total: `count() OVER () AS total`."""

    @property
    def total(self) -> int:
        """How many rows there are in all parts."""


async def total_of(
    first: Counted | None, offset: int, first_of_all: Callable[[], Awaitable[Counted | None]]
) -> int:
    """Return the total, which any row tells; where there is none beyond the last part, the very first does.

    :param first: the first row of the part, if it has one.
    :param first_of_all: fetches the first row of the whole list; called only for an empty part.
    """
    if first is None and offset:
        first = await first_of_all()
    return first.total if first else 0
