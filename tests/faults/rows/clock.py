"""Clocks a day ahead and a day behind, and daylight saving, on real processes under libfaketime."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp

from faults.checking import told, watched
from faults.collecting import collect, days
from faults.load import ACTED, Load
from faults.results import eventually, must
from faults.scale import Scale
from faults.system import run_command
from kubedoor_api.access.principal import Principal
from kubedoor_api.access.roles import Grant, Role
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


def faked(offset: str) -> dict[str, str]:
    """The variables under which a program's clock on the wall is off; its monotonic clock is not.

    :raises ToolMissingError: where libfaketime is not installed.
    """
    (library,) = find("faketime").parents[1].glob(LIBRARY)
    return {"LD_PRELOAD": str(library), "FAKETIME": offset, "DONT_FAKE_MONOTONIC": "1"}


async def another_day(load: Load, scale: Scale) -> str:
    """The api's and then the collector's clock a day off: edits stay in their order, no wrong day is made."""
    must((await collect(load))["state"] == "succeeded", "the collection before the fault failed")
    before, said = await days(load), []
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


@asynccontextmanager
async def _api_at(load: Load, folder: Path, at: datetime) -> AsyncIterator[Client]:
    """A further api of the system, alone in an env without a cluster, whose clock starts at a time."""
    offset_s = int((at - datetime.now(UTC)).total_seconds())
    settings = load.system.environment(ENV=ENV, JWT_SECRET=SECRET, ROLES_FILE="")
    settings.pop("KUBEDOOR_LISTEN", None)
    api = ApiProcess(folder, {**settings, **faked(f"{offset_s:+d}")})
    await api.start()
    bearer = Tokens((SECRET,), YEARS_S).issue(Principal("alice", (Grant(role=Role.ADMIN),)))
    try:
        async with aiohttp.ClientSession(
            f"http://127.0.0.1:{api.port}", headers={"Authorization": f"Bearer {bearer}"}
        ) as session:
            yield Client(session)
    finally:
        await api.stop()


def _nightly(name: str, **when: str | None) -> Json:
    targets = [{"namespace": ACTED, "name": "target-00"}]
    return schedule(name=name, targets=targets, timezone="Europe/Berlin", **when)


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
    jump = datetime(SPRING.year, SPRING.month, SPRING.day, 1, 0, tzinfo=UTC)
    async with _api_at(load, folder, jump - timedelta(seconds=8)) as api:
        skipped = (await api.ask("POST", SCHEDULES, _nightly("spring", cron="30 2 * * *")))["id"]
        (run,) = await _until_run(api, skipped)
        at = datetime.fromisoformat(run["due_at"])
        must(at == jump, f"02:30, which the clock skips, ran at {run['due_at']} instead of {jump}")
        await api.ask("DELETE", f"{SCHEDULES}/{skipped}", If_Match=f'"{await _version(api, skipped)}"')
    first = _twice()
    async with _api_at(load, folder, first - timedelta(seconds=8)) as api:
        twice = (await api.ask("POST", SCHEDULES, _nightly("autumn", cron="30 2 * * *")))["id"]
        (run,) = await _until_run(api, twice)
        must(datetime.fromisoformat(run["due_at"]) == first, f"ran at {run['due_at']}")
    second = first + timedelta(hours=1)
    async with _api_at(load, folder, second - timedelta(seconds=8)) as api:
        later = (second + timedelta(seconds=4)).isoformat().replace("+00:00", "Z")
        marker = _nightly("after it", cron=None) | {"once_at": later}
        await _until_run(api, (await api.ask("POST", SCHEDULES, marker))["id"])
        runs = await _runs(api, twice)
        must(len(runs) == 1, f"02:30, which the clock passes twice, ran {len(runs)} times")
    return f"02:30 in Berlin ran once at {jump:%Y-%m-%d %H:%M} UTC and once at {first:%Y-%m-%d %H:%M} UTC"


async def _version(api: Client, identity: str) -> str:
    return str((await api.ask("GET", f"{SCHEDULES}/{identity}"))["version"])


def _twice() -> datetime:
    """The first 02:30 of the autumn Sunday after the spring on which Berlin's clocks go back."""
    last = datetime(SPRING.year, 10, 31, tzinfo=BERLIN)
    day = last - timedelta(days=last.isoweekday() % 7)
    return datetime(day.year, day.month, day.day, 2, 30, tzinfo=BERLIN, fold=0).astimezone(UTC)
