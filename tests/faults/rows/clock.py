"""Clocks a day ahead and a day behind, and daylight saving, on real processes under libfaketime."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp

from faults.checking import told, watched
from faults.collecting import collected, days
from faults.load import ACTED, Load
from faults.results import eventually, must
from faults.scale import Scale
from faults.system import run_command
from kubedoor_api.access.roles import Grant, Principal, Role
from kubedoor_api.auth.token import Tokens
from kubedoor_dev.demo.clients import Client, Json
from kubedoor_dev.tools import find
from support.api import SECRET
from support.api_process import ApiProcess
from support.schedules import SPRING, schedule

LIBRARY = "lib/*/faketime/libfaketime.so.1"
"""Beside the folder of the program of that name."""
BERLIN = ZoneInfo("Europe/Berlin")
ENV = "clock"
SCHEDULES = f"/api/v1/envs/{ENV}/schedules"
YEARS_S = 3 * 366 * 86_400
HALF_PAST_TWO = "30 2 * * *"
EARLIER, A_LITTLE = timedelta(minutes=20), timedelta(seconds=5)


def faked(offset: str) -> dict[str, str]:
    """The variables under which a program's clock on the wall is off; its monotonic clock is not.

    :raises ToolMissingError: where libfaketime is not installed.
    """
    (library,) = find("faketime").parents[1].glob(LIBRARY)
    return {"LD_PRELOAD": str(library), "FAKETIME": offset, "DONT_FAKE_MONOTONIC": "1"}


async def another_day(load: Load, scale: Scale) -> str:
    """The api's and then the collector's clock a day off: edits stay in their order, no wrong day is made."""
    before, said = await collected(load, "before the fault"), []
    async with watched(load):
        for offset in ("+1d", "-1d"):
            await load.system.restart("api", **faked(offset))
            async with load.going_on(acting=False):
                await asyncio.sleep(scale.trouble_s)
            await load.system.restart("api")
            async with load.going_on(acting=False):
                await asyncio.sleep(1)
            environment = load.system.environment(PROMETHEUS_URL=load.system.endpoints.prometheus)
            once = ("kubedoor_collector", "--once", "--days", "1")
            code, words = await run_command({**environment, **faked(offset)}, *once)
            must(code != 0, f"a collector whose clock is off by {offset} ended well: {words[-300:]}")
            must("ahead" in words or "behind" in words, f"{offset}: the collector said {words[-300:]}")
            said.append(offset)
            must(await days(load) == before, f"{offset}: days were changed")
    return f"{' and '.join(said)}: the collector refuses to guess, days kept; {told(load)}"


@dataclass(frozen=True)
class MovableClock:
    """The clock on the wall of one process: libfaketime reads how far it is off from a file, every second."""

    path: Path

    @property
    def variables(self) -> dict[str, str]:
        """The variables under which a program goes by it."""
        variables = {name: value for name, value in faked("").items() if name != "FAKETIME"}
        return variables | {"FAKETIME_TIMESTAMP_FILE": str(self.path), "FAKETIME_CACHE_DURATION": "1"}

    async def move(self, at: datetime) -> None:
        """Set it; the file is replaced as a whole, so that no half of it is read."""
        offset_s = int((at - datetime.now(UTC)).total_seconds())
        fresh = self.path.with_suffix(".new")
        await asyncio.to_thread(fresh.write_text, f"{offset_s:+d}\n")
        fresh.replace(self.path)


@asynccontextmanager
async def _api_by(load: Load, folder: Path, clock: MovableClock) -> AsyncIterator[Client]:
    """A further api of the system, alone in an env without a cluster, which goes by a clock of its own."""
    settings = load.system.environment(ENV=ENV, JWT_SECRET=SECRET, ROLES_FILE="")
    settings.pop("KUBEDOOR_LISTEN", None)
    api = ApiProcess(folder, {**settings, **clock.variables})
    await api.start()
    bearer = Tokens((SECRET,), YEARS_S).issue(Principal("alice", (Grant(role=Role.ADMIN),)))
    try:
        async with aiohttp.ClientSession(
            f"http://127.0.0.1:{api.port}", headers={"Authorization": f"Bearer {bearer}"}
        ) as session:
            yield Client(session)
    finally:
        await api.stop()


def _schedule(name: str, **when: str | None) -> Json:
    """A schedule in Berlin; a busy machine may take minutes to run it."""
    targets = [{"namespace": ACTED, "name": "target-00"}]
    late = {"misfire": "run_late", "grace_s": 1800}
    return schedule(name=name, targets=targets, timezone="Europe/Berlin", **when) | late


async def _runs(api: Client, identity: str) -> list[Json]:
    items: list[Json] = (await api.ask("GET", f"{SCHEDULES}/{identity}/runs"))["items"]
    return items


async def _until_run(api: Client, identity: str) -> list[Json]:
    async def ran() -> bool:
        return bool(await _runs(api, identity))

    await eventually("a schedule ran", ran)
    return await _runs(api, identity)


async def daylight_saving(load: Load, scale: Scale) -> str:
    """02:30 is skipped in spring and passed twice in autumn: it runs once each, at the right moment."""
    folder = load.system.paths.of("clock")
    clock = MovableClock(folder / "offset")
    jump = datetime(SPRING.year, SPRING.month, SPRING.day, 1, 0, tzinfo=UTC)
    first = _twice()
    await clock.move(jump - EARLIER)
    async with _api_by(load, folder, clock) as api:
        skipped = (await api.ask("POST", SCHEDULES, _schedule("spring", cron=HALF_PAST_TWO)))["id"]
        await clock.move(jump + A_LITTLE)
        (run,) = await _until_run(api, skipped)
        at = datetime.fromisoformat(run["due_at"])
        must(at == jump, f"02:30, which the clock skips, ran at {run['due_at']} instead of {jump}")
        await api.ask("DELETE", f"{SCHEDULES}/{skipped}", If_Match=f'"{await _version(api, skipped)}"')
        await clock.move(first - EARLIER)
        await _until_it_is(api, first - EARLIER)
        twice = (await api.ask("POST", SCHEDULES, _schedule("autumn", cron=HALF_PAST_TWO)))["id"]
        await clock.move(first + A_LITTLE)
        (run,) = await _until_run(api, twice)
        must(datetime.fromisoformat(run["due_at"]) == first, f"ran at {run['due_at']}")
        second = first + timedelta(hours=1)
        later = (second + A_LITTLE).isoformat().replace("+00:00", "Z")
        marker = _schedule("after it", cron=None) | {"once_at": later}
        after = (await api.ask("POST", SCHEDULES, marker))["id"]
        await clock.move(second + 2 * A_LITTLE)
        await _until_run(api, after)
        runs = await _runs(api, twice)
        must(len(runs) == 1, f"02:30, which the clock passes twice, ran {len(runs)} times")
    return f"02:30 in Berlin ran once at {jump:%Y-%m-%d %H:%M} UTC and once at {first:%Y-%m-%d %H:%M} UTC"


async def _until_it_is(api: Client, at: datetime) -> None:
    """Wait until the api goes by the clock that was moved."""

    async def moved() -> bool:
        times = await api.ask("GET", f"/api/v1/envs/{ENV}/schedule-times?cron=*+*+*+*+*&timezone=UTC")
        return datetime.fromisoformat(times["items"][0]["at"]) >= at

    await eventually("the api goes by the moved clock", moved)


async def _version(api: Client, identity: str) -> str:
    return str((await api.ask("GET", f"{SCHEDULES}/{identity}"))["version"])


def _twice() -> datetime:
    """The first 02:30 of the autumn Sunday after the spring on which Berlin's clocks go back."""
    last = datetime(SPRING.year, 10, 31, tzinfo=BERLIN)
    day = last - timedelta(days=last.isoweekday() % 7)
    return datetime(day.year, day.month, day.day, 2, 30, tzinfo=BERLIN, fold=0).astimezone(UTC)
