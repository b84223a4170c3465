"""Tasks that end when somebody is done with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it has ended; an error that ended it comes out here.

    Unlike `await task` with `CancelledError` suppressed, a cancellation of whoever waits is not lost
    in the wait, so that it ends as well.
    """
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()


@asynccontextmanager
async def background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run a task until the block is left."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        await end(task)
