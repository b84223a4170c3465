"""Large answers are made once for all who wait, and never from before a request came."""

from __future__ import annotations

import asyncio

import pytest

from kubedoor_api.web.concurrency import AT_ONCE, SingleFlight


class Kitchen:
    """Makes answers that say how many were begun before them."""

    def __init__(self) -> None:
        self.begun = 0
        self.now = 0
        self.most = 0
        self.go = asyncio.Event()

    async def make(self) -> int:
        self.begun += 1
        self.now += 1
        self.most = max(self.most, self.now)
        number = self.begun
        await self.go.wait()
        self.now -= 1
        return number


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_who_waits_for_the_same_gets_the_same() -> None:
    kitchen, sharing = Kitchen(), SingleFlight()
    first = [asyncio.create_task(sharing.get("list", kitchen.make)) for _ in range(AT_ONCE)]
    await settle()
    others = [asyncio.create_task(sharing.get("list", kitchen.make)) for _ in range(48)]
    await settle()
    kitchen.go.set()
    assert await asyncio.gather(*first) == [1] * AT_ONCE
    assert await asyncio.gather(*others) == [2] * 48


async def test_what_was_begun_before_a_request_is_not_given_to_it() -> None:
    kitchen, sharing = Kitchen(), SingleFlight()
    early = asyncio.create_task(sharing.get("list", kitchen.make))
    await settle()
    late = asyncio.create_task(sharing.get("list", kitchen.make))
    kitchen.go.set()
    assert (await early, await late) == (1, 2)


async def test_different_answers_are_made_a_few_at_a_time() -> None:
    kitchen, sharing = Kitchen(), SingleFlight()
    tasks = [asyncio.create_task(sharing.get(number, kitchen.make)) for number in range(10)]
    await settle()
    kitchen.go.set()
    await asyncio.gather(*tasks)
    assert (kitchen.begun, kitchen.most) == (10, AT_ONCE)


async def test_who_goes_away_takes_nothing_from_the_others_and_errors_are_everybodys() -> None:
    kitchen, sharing = Kitchen(), SingleFlight()
    busy = [asyncio.create_task(sharing.get(number, kitchen.make)) for number in range(AT_ONCE)]
    await settle()

    async def fail() -> int:
        raise ValueError("no")

    gone, staying = (asyncio.create_task(sharing.get("bad", fail)) for _ in range(2))
    await settle()
    gone.cancel()
    kitchen.go.set()
    await asyncio.gather(*busy)
    with pytest.raises(ValueError, match="no"):
        await staying
    assert await sharing.get("good", kitchen.make) == AT_ONCE + 1
