"""Many people at the console at once, each with connections of their own."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from faults.checking import watched
from faults.load import EDITED, PROBE, Load
from faults.results import must
from faults.rows.pressure import p99_ms
from faults.scale import Scale
from faults.system import API

PAGES = (
    f"{API}/services?limit=100",
    f"{API}/overview",
    f"{API}/services/{EDITED}/{PROBE}",
    f"{API}/operations",
)
AT_ONCE, ROUNDS = 8, 4
SHARE = 0.7
"""How much of what the machine takes people ask for."""
LEAST_PACE_S = 1.0
GIVEN_UP_S = 20.0
"""The api waits as long at least for ClickHouse: who is refused earlier is not refused for want of time."""
TRIES = 20
PATIENCE = aiohttp.ClientTimeout(total=300)


@dataclass
class Visits:
    """What people got: statuses, seconds of each page, and what must not happen."""

    statuses: Counter[int] = field(default_factory=Counter)
    took_s: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def look(self, session: aiohttp.ClientSession, path: str) -> None:
        """Look at a page, and try again when told to; a refusal without need is noted."""
        for _ in range(TRIES):
            began_s = time.monotonic()
            async with session.get(path) as answer:
                text = await answer.text()
            took_s = time.monotonic() - began_s
            self.statuses[answer.status] += 1
            if answer.status == 200:
                self.took_s.append(took_s)
                return
            if answer.status != 503 or "Retry-After" not in answer.headers or took_s < GIVEN_UP_S:
                self.wrong.append(f"{path} got {answer.status} after {took_s:.1f} s: {text[:200]}")
                return
            await asyncio.sleep(int(answer.headers["Retry-After"]))
        self.wrong.append(f"{path} was refused {TRIES} times")


@asynccontextmanager
async def _person(load: Load) -> AsyncIterator[aiohttp.ClientSession]:
    place = load.system.endpoints
    headers = {"Authorization": aiohttp.encode_basic_auth(place.user, place.password)}
    async with aiohttp.ClientSession(place.console, headers=headers, timeout=PATIENCE) as session:
        yield session


async def _pages_per_s(load: Load, visits: Visits) -> float:
    """How many pages the machine makes in a second now, for a few who ask without a rest."""

    async def person(first: int) -> None:
        async with _person(load) as session:
            for turn in range(first, first + ROUNDS):
                await visits.look(session, PAGES[turn % len(PAGES)])

    began_s = time.monotonic()
    await asyncio.gather(*(person(number) for number in range(AT_ONCE)))
    return AT_ONCE * ROUNDS / (time.monotonic() - began_s)


async def console_users(load: Load, scale: Scale) -> str:
    """200 people look at lists, services and the overview, each as often as the machine can take it."""
    visits = Visits()
    async with watched(load), load.going_on(acting=False):
        able_per_s = await _pages_per_s(load, visits)
        pace_s = max(LEAST_PACE_S, scale.users / (able_per_s * SHARE))
        end_s = time.monotonic() + max(scale.users_s, pace_s)

        async def person(number: int) -> None:
            await asyncio.sleep(pace_s * number / scale.users)
            async with _person(load) as session:
                for turn in itertools.count(number):
                    await visits.look(session, PAGES[turn % len(PAGES)])
                    if time.monotonic() + pace_s > end_s:
                        return
                    await asyncio.sleep(pace_s)

        async with asyncio.TaskGroup() as group:
            for number in range(scale.users):
                group.create_task(person(number))
    must(not visits.wrong, "; ".join(visits.wrong[:3]))
    memory = load.system.memory_kib("api") // 1024
    again = f", {visits.statuses[503]:,} at a further try" if visits.statuses[503] else ""
    return (
        f"{scale.users} people, {visits.statuses[200]:,} pages{again}, no error, one each {pace_s:.1f} s (the"
        f" machine makes {able_per_s:.0f} a second); p99 {p99_ms(visits.took_s):.0f} ms; api {memory} MiB"
    )
