"""Prometheus wrong in each way that the collection knows: no day lost or half, the rest collected."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from aiohttp import web

from faults.collecting import collect, collected, dates_of, days, ended, request
from faults.load import Load
from faults.results import must
from faults.scale import Scale
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_dev.demo.stack import PEAK_HOURS, TIMEZONE
from support.bad_answers import BAD_ANSWERS, Answer, empty, of_a_metric


async def wrong(load: Load, scale: Scale) -> str:
    """Each bad answer for one of two days, through the running collector."""
    store = load.system.store
    before = await collected(load, "before the fault")
    bad, good = dates_of(load)
    window = parse_peak_hours(PEAK_HOURS).windows[0]
    end = window.window(load.system.stack.company.dates[0], ZoneInfo(TIMEZONE)).end
    told = []
    for name, (answer, reason) in BAD_ANSWERS.items():

        async def spoil(asked: web.Request, answer: Answer = answer) -> web.StreamResponse | None:
            return await answer(asked) if await of_a_metric(asked, end) else None

        store.fault = spoil
        identity = await request(load, [bad, good])
        must(identity, "a collection was not acknowledged")
        run = await ended(load, str(identity))
        store.fault = None
        failed = {error["date"]: error["reason"] for error in run["errors"]}
        must(run["state"] == "failed" and set(failed) == {bad}, f"{name}: {run['state']}, {failed}")
        must(reason in failed[bad], f"{name}: the reason told is {failed[bad]}")
        must(await days(load) == before, f"{name}: days were changed")
        told.append(name)
    must(await collected(load, "after the faults") == before, "days were changed")
    return f"{len(told)} ways ({', '.join(told)}): the day kept, its reason told, the other collected"


async def emptied(load: Load, scale: Scale) -> str:
    """A store that has forgotten everything takes no day away."""
    store = load.system.store
    before = await collected(load, "before the fault")
    store.fault = empty
    run = await collect(load)
    store.fault = None
    must(run["state"] == "failed", f"a collection of nothing {run['state']}")
    must(await days(load) == before, "days were changed")
    return f"failed, days kept: {run['errors'][0]['reason']}"
