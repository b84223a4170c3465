"""What is looked at once a fault is over: the tables, the audit log, the cluster, admission."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from faults.load import ACTED, EDITED, ENDED, MOST_WRONG, SETTLED_S, Load
from faults.model import Outcome, wrong_generations
from faults.results import NotHeldError, eventually
from faults.system import API
from kubedoor_api.audit.verify import verify
from kubedoor_dev.demo.clients import Json

HISTORY = f"""
SELECT DISTINCT name AS service, version, note, replicas_manual FROM control_history
WHERE namespace = '{EDITED}' ORDER BY version
"""
ENTRIES = f"""
SELECT name AS service, after FROM audit_log
WHERE namespace = '{EDITED}' AND outcome = 'succeeded' AND action = 'changeService'
"""


@dataclass
class Before:
    """What was there when the watch began, so that each fault answers for its own."""

    generations: dict[str, int]
    operations: set[str]
    schedules: set[str] = field(default_factory=set)


async def generations(load: Load) -> dict[str, int]:
    """How often each target's Deployment was changed."""
    path = f"/apis/apps/v1/namespaces/{ACTED}/deployments"
    found = await load.system.cluster.ask("GET", path)
    return {one["metadata"]["name"]: one["metadata"]["generation"] for one in found["items"]}


async def _operations(load: Load) -> dict[str, Json]:
    shown = await load.look(f"{API}/operations?limit=1000")
    return {one["id"]: one for one in shown["items"]}


async def _schedules(load: Load) -> dict[str, Json]:
    shown = await load.look(f"{API}/schedules?limit=1000&sort=-updated_at")
    return {one["id"]: one for one in shown["items"]}


@asynccontextmanager
async def watched(load: Load) -> AsyncIterator[Before]:
    """Hold all that is acknowledged within the block against what is there after it.

    :raises NotHeldError: with the first few things that did not hold.
    """
    await eventually("what went on before is over", lambda: _is_over(load, set()), SETTLED_S)
    before = Before(await generations(load), set(await _operations(load)), set(await _schedules(load)))
    load.wrong.clear()
    load.seen.clear()
    load.operations.clear()
    load.schedules.clear()
    yield before
    await load.until_fresh()
    wrong = [*load.wrong, *await _wrong_edits(load), *await _wrong_work(load, before)]
    if wrong:
        rest = f", and {len(wrong) - MOST_WRONG} more" if len(wrong) > MOST_WRONG else ""
        raise NotHeldError("; ".join(wrong[:MOST_WRONG]) + rest)


def told(load: Load) -> str:
    """Say what went on."""
    seen = load.seen
    counts = [
        f"{seen['admissions']:,} admissions", f"{seen['edits acknowledged']:,} edits acknowledged",
        f"{seen['edits unknown'] + seen['edits refused'] + seen['looks that failed']:,} not",
        f"{len(load.operations)} operations of {load.targets}", f"{len(load.schedules)} schedules due",
    ]  # fmt: skip
    if seen["admissions unanswered"]:
        counts.insert(1, f"{seen['admissions unanswered']:,} unanswered while the webhook was away")
    return ", ".join(count for count in counts if not count.startswith("0 "))


async def _wrong_edits(load: Load) -> list[str]:
    """Hold history, audit log and what stands against the ledger; completing what was left takes seconds."""
    database, ledger = load.system.database, load.ledger

    async def entries_agree() -> bool:
        versions, entries = await _versions(load), await _entries(load)
        return all(set(versions.get(name, [])[1:]) <= set(entries[name]) for name in ledger.services)

    await eventually("the audit log tells every edit that was made", entries_agree, SETTLED_S)
    versions, entries, wrong = await _versions(load), await _entries(load), list[str]()
    for name in ledger.services:
        wrong += ledger.wrong_history(name, versions.get(name, []))
        twice = [number for number, times in entries[name].items() if times > 1]
        wrong += [f"{name}: the audit log tells the edit {number} more than once" for number in twice]
        shown = await load.look(f"{API}/services/{EDITED}/{name}")
        wrong += ledger.wrong_standing(name, shown["replicas"]["manual"])
    verdict = await verify(database)
    return [*wrong, *([f"the audit log: {verdict.problem}"] if verdict.problem else [])]


async def _versions(load: Load) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in await load.system.database.fetch(HISTORY):
        number = row["replicas_manual"]
        found.setdefault(row["service"], []).append(number if row["note"] == str(number) else -1)
    return found


async def _entries(load: Load) -> dict[str, Counter[int]]:
    found: dict[str, Counter[int]] = {name: Counter() for name in load.ledger.services}
    for row in await load.system.database.fetch(ENTRIES):
        if row["service"] in found:
            found[row["service"]][json.loads(row["after"])["replicas_manual"]] += 1
    return found


async def _is_over(load: Load, left_out: set[str]) -> bool:
    """Tell whether every operation has ended, and what every schedule made."""
    shown, schedules = await _operations(load), await _schedules(load)
    return all(one["state"] in ENDED for one in shown.values()) and all(
        one["state"] == "finished" and (one["last_run"] or {}).get("operation_state") in ENDED
        for key, one in schedules.items()
        if key not in left_out
    )


async def _wrong_work(load: Load, before: Before) -> list[str]:
    """Hold the cluster against what operations and schedules report as done."""
    wrong: list[str] = []

    async def over() -> bool:
        return await _is_over(load, before.schedules)

    await eventually("operations and schedules that were due are over", over, SETTLED_S)
    made = {key: one for key, one in (await _operations(load)).items() if key not in before.operations}
    wrong += [f"the acknowledged operation {key} is lost" for key in load.operations - set(made)]
    done: Counter[str] = Counter()
    for key in made:
        shown = await load.look(f"{API}/operations/{key}")
        for target in shown["targets"]:
            done[target["name"]] += target["state"] == "succeeded"
            if target["state"] != "succeeded":
                wrong.append(f"{shown['kind']} of {target['name']}: {target['detail'] or target['state']}")
    wrong += await _wrong_schedules(load, before)
    return [*wrong, *wrong_generations(before.generations, await generations(load), done)]


async def _wrong_schedules(load: Load, before: Before) -> list[str]:
    there = await _schedules(load)
    wrong = [f"the acknowledged schedule {key} is lost" for key in load.schedules - set(there)]
    for key in set(there) - before.schedules:
        runs = (await load.look(f"{API}/schedules/{key}/runs"))["items"]
        if [run["outcome"] for run in runs] != ["started"]:
            wrong.append(f"a schedule that was due once: {[run['outcome'] for run in runs]}")
    return wrong


def acknowledged(load: Load) -> int:
    """How many edits were acknowledged so far."""
    return load.ledger.count(Outcome.ACKNOWLEDGED)
