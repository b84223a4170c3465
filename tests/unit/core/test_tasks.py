"""Tasks that are ended: what they raise comes out, and no cancellation is lost."""

from __future__ import annotations

import asyncio

import pytest

from kubedoor_core.tasks import background, end


async def forever() -> None:
    await asyncio.Event().wait()


async def test_a_block_that_is_left_ends_its_task() -> None:
    seen: list[asyncio.Task[None]] = []

    async def work() -> None:
        task = asyncio.current_task()
        assert task is not None
        seen.append(task)
        await forever()

    async with background(work()):
        await asyncio.sleep(0)
    assert seen[0].cancelled()


async def test_an_error_that_ended_the_task_comes_out() -> None:
    async def fail() -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        async with background(fail()):
            await asyncio.sleep(0)


async def test_who_is_cancelled_while_it_waits_for_the_end_ends_as_well() -> None:
    let_go, ending = asyncio.Event(), asyncio.Event()
    went_on = False

    async def slow_to_end() -> None:
        try:
            await forever()
        finally:
            ending.set()
            await asyncio.shield(let_go.wait())

    async def waits() -> None:
        nonlocal went_on
        task = asyncio.create_task(slow_to_end())
        await asyncio.sleep(0)
        await end(task)
        went_on = True

    waiting = asyncio.create_task(waits())
    await ending.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not went_on
    let_go.set()
