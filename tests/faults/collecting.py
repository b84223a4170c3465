"""Collections that go on, and what they must leave: the same rows of each day, however often they run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from faults.load import SETTLED_S, Load
from faults.results import eventually, must
from faults.system import API
from kubedoor_dev.demo.clients import Json

REST_S = 1.0
DAYS = "SELECT * EXCEPT (collected_at) FROM resource_daily FINAL WHERE NOT deleted ORDER BY ALL"


async def days(load: Load) -> list[Json]:
    """Every row of every day."""
    return await load.system.database.fetch(DAYS)


async def request(load: Load, dates: list[str]) -> str | None:
    """Ask for a collection through the console; none where it was not acknowledged."""
    answer = await load.send("POST", f"{API}/collections", {"dates": dates})
    return str(answer.document["id"]) if answer and answer.status == 202 else None


async def ended(load: Load, identity: str) -> Json:
    """Wait for the end of a collection and return it."""
    found: list[Json] = []

    async def over() -> bool:
        answer = await load.send("GET", f"{API}/collections/{identity}")
        if answer and answer.status == 200:
            found.append(answer.document)
        return bool(found) and found[-1]["state"] not in ("pending", "running")

    await eventually("a collection is over", over, SETTLED_S)
    return found[-1]


def dates_of(load: Load) -> list[str]:
    """The days of the company, oldest first."""
    return [day.isoformat() for day in load.system.stack.company.dates]


async def collect(load: Load) -> Json:
    """Collect all days and return the run."""
    made: list[str] = []

    async def acknowledged() -> bool:
        if identity := await request(load, dates_of(load)):
            made.append(identity)
        return bool(made)

    await eventually("a collection is acknowledged", acknowledged, SETTLED_S)
    return await ended(load, made[-1])


async def collected(load: Load, when: str) -> list[Json]:
    """Collect until it succeeds, as on a busy machine a query may take too long; return every row.

    :raises NotHeldError: when no collection succeeds.
    """

    async def succeeded() -> bool:
        return bool((await collect(load))["state"] == "succeeded")

    await eventually(f"a collection {when} succeeds", succeeded, SETTLED_S)
    return await days(load)


@dataclass
class Collecting:
    """Collections one after the other.

    :ivar done: how many ended well.
    """

    load: Load
    done: int = 0

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Collect while the block lasts, and once after it; each row must be as it was before."""
        before = await collected(self.load, "before the fault")
        must(before, "the collection before the fault left no row")
        stopped = asyncio.Event()

        async def again() -> None:
            while not stopped.is_set():
                if (await collect(self.load))["state"] == "succeeded":
                    self.done += 1
                await asyncio.sleep(REST_S)

        task = asyncio.create_task(again())
        try:
            yield
        finally:
            stopped.set()
            await asyncio.wait({task}, timeout=SETTLED_S)
            task.cancel()
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error
        after = await collected(self.load, "after the fault")
        must(after == before, "days were changed by being collected again")
