"""The control table emptied by mistake, also while a webhook restarts, and brought back from its history."""

from __future__ import annotations

import asyncio

from faults.checking import watched
from faults.collecting import collected
from faults.load import EDITED, Load
from faults.results import eventually, must
from faults.scale import Scale

EMPTY = "TRUNCATE TABLE control"
COUNT = f"SELECT count() AS n FROM control FINAL WHERE namespace = '{EDITED}' AND NOT deleted"


async def _count(load: Load) -> int:
    rows = await load.system.database.fetch(COUNT)
    return int(rows[0]["n"])


async def _alarmed(load: Load) -> bool:
    told = await load.system.readiness("webhook")
    return bool(told.get("warnings")) or told["code"] == 503


async def _bring_back(load: Load, rows: int) -> None:
    code, said = await load.system.command("kubedoor_api.cli.backup", "mend")
    must(code == 0, f"restoring from the history failed: {said[-300:]}")
    must(await _count(load) == rows, f"{await _count(load)} of {rows} rows came back")


async def emptied(load: Load, scale: Scale) -> str:
    """A webhook that runs goes on deciding as before, and raises an alarm until the rows are back."""
    async with watched(load):
        rows = await _count(load)
        async with load.going_on(editing=False, acting=False):
            await load.system.database.execute(EMPTY)
            await eventually("the webhook raises an alarm", lambda: _alarmed(load))
            told = (await load.system.readiness("webhook"))["warnings"][0]
            await asyncio.sleep(scale.trouble_s)
            await _bring_back(load, rows)
            await eventually("the alarm is over", lambda: _calm(load))
    return f"{load.seen['admissions']:,} admissions decided as before; the alarm: {told}"


async def _calm(load: Load) -> bool:
    return not await _alarmed(load)


async def emptied_and_restarted(load: Load, scale: Scale) -> str:
    """A webhook that starts while the rows are gone never refuses what was registered: it is not ready."""
    await collected(load, "which leaves derived rows that are not gone")
    load.webhook_may_be_away = True
    try:
        async with watched(load):
            rows = await _count(load)
            async with load.going_on(editing=False, acting=False):
                await load.system.database.execute(EMPTY)
                await load.system.restart("webhook")
                await asyncio.sleep(scale.trouble_s * 2)
                await eventually("the webhook says not ready, or raises an alarm", lambda: _alarmed(load))
                told = await load.system.readiness("webhook")
                await _bring_back(load, rows)
                await load.system.until_ready("webhook")
    finally:
        load.webhook_may_be_away = False
    words = told.get("reason") or "; ".join(told.get("warnings", []))
    decided = f"{load.seen['admissions']:,} admissions decided as before"
    return f"while the rows were gone: {told['status']}: {words}; {decided}"
