"""Killed between any two steps of a commit: no change without its audit entry, and no entry alone."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import ClientError, ClientSession

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.audit.verify import verify
from kubedoor_api.commits.writer import Writer
from kubedoor_api.web.endpoint import AuditContext
from kubedoor_core.clickhouse import ClickHouse, Row
from support.api import ENV, SERVICES, Api, token
from support.api_process import ApiProcess
from support.rows import control_row
from support.waiting import until

CHANGES = "SELECT DISTINCT version, note FROM control_history WHERE note != ''"
STANDING = "SELECT version, note FROM control FINAL WHERE note != ''"
ENTRIES = "SELECT after FROM audit_log WHERE outcome = 'succeeded' AND action = 'changeService'"
STEPS = 8
"""Statements of a commit: head and tail, the log, its reading, the tail, the entry, its reading, the rows."""


class Killed(BaseException):
    """The process is gone: nothing of ours runs after it."""


class Dying:
    """A ClickHouse whose client dies at one of its statements: before it is sent, or once it is answered."""

    def __init__(self, clickhouse: ClickHouse, at: int, *, answered: bool) -> None:
        self._clickhouse, self._at, self._answered, self.asked = clickhouse, at, answered, 0

    async def _do(self, name: str, *arguments: Any, **options: Any) -> Any:
        self.asked += 1
        mine = self.asked == self._at
        if self.asked > self._at or (mine and not self._answered):
            raise Killed
        answer = await getattr(self._clickhouse, name)(*arguments, **options)
        if mine:
            raise Killed
        return answer

    async def fetch(self, *arguments: Any, **options: Any) -> Any:
        return await self._do("fetch", *arguments, **options)

    async def fetch_one(self, *arguments: Any, **options: Any) -> Any:
        return await self._do("fetch_one", *arguments, **options)

    async def insert(self, *arguments: Any, **options: Any) -> Any:
        return await self._do("insert", *arguments, **options)


def change(note: str) -> tuple[Any, AuditContext]:
    """What changes a service's note, and the entry that goes with it."""
    row = control_row(ENV, "shop", "cart", note=note)

    async def prepare() -> list[Row]:
        audit.set(None, {"note": note})
        return [row]

    def make_entry() -> str:
        entry = AuditEntry("alice", "admin", "", note, "changeService", "succeeded", ENV, after=audit.after)
        return entry.json()

    audit = AuditContext(make_entry=make_entry)
    return prepare, audit


async def notes(clickhouse: ClickHouse) -> tuple[Counter[str], Counter[str]]:
    """The notes of all changes, and those that the audit log's entries tell."""
    changes = Counter(row["note"] for row in await clickhouse.fetch(CHANGES))
    return changes, Counter(json.loads(row["after"])["note"] for row in await clickhouse.fetch(ENTRIES))


def points() -> Iterator[tuple[int, bool]]:
    for step in range(1, STEPS + 2):
        yield from ((step, False), (step, True))


async def leave(clickhouse: ClickHouse, note: str) -> None:
    """Die once the log has been read: the commit is there, and nothing yet of what belongs to it."""
    dying = cast(ClickHouse, Dying(clickhouse, 4, answered=True))
    writer = Writer(dying, AuditLogger(dying))
    with pytest.raises(Killed):
        await writer.commit("control", "alice", *change(note))


@pytest.mark.parametrize("survivor", ["the next writer", "whoever looks"])
async def test_killed_at_any_step_what_was_decided_is_there_with_the_change_or_neither(
    survivor: str, clickhouse: ClickHouse
) -> None:
    """A decision is a row of its own, in a table that only grows."""
    changed = Counter[str]()
    for step, answered in ((step, answered) for step in range(1, STEPS + 3) for answered in (False, True)):
        dying = cast(ClickHouse, Dying(clickhouse, step, answered=answered))
        name = f"{step}{' answered' * answered}"
        prepare, audit = change(name)
        of_it = {"env": ENV, "advice_id": name, "at": "2099-01-01 00:00:00.000", "decision": "accepted"}
        with suppress(Killed):
            await Writer(dying, AuditLogger(dying)).commit(
                "control", "alice", prepare, audit, partial(dict, advice_decision=[of_it])
            )
        other = Writer(clickhouse)
        if survivor == "the next writer":
            await other.commit("setting", "bob", _nothing)
            await other.commit("control", "bob", _nothing)
        else:
            await other.complete_left(await other.complete_left(frozenset()))
        changed, told = await notes(clickhouse)
        decided = await clickhouse.fetch("SELECT DISTINCT advice_id FROM advice_decision")
        assert changed == told == Counter(row["advice_id"] for row in decided), name
    assert len(changed) > STEPS, "some were completed"


async def _nothing() -> list[Row]:
    return []


@pytest.mark.parametrize("survivor", ["the next writer", "whoever looks"])
async def test_killed_at_any_step_the_change_and_its_entry_are_there_or_neither(
    survivor: str, clickhouse: ClickHouse
) -> None:
    left, changed = 0, Counter[str]()
    for step, answered in points():
        dying = cast(ClickHouse, Dying(clickhouse, step, answered=answered))
        name = f"{step}{' answered' * answered}"
        prepare, audit = change(name)
        try:
            await Writer(dying, AuditLogger(dying)).commit("control", "alice", prepare, audit)
        except Killed:
            left += 1
        other = Writer(clickhouse)
        if survivor == "the next writer":
            await other.commit("control", "bob", *change(f"after {name}"))
        else:
            await other.complete_left(await other.complete_left(frozenset()))
        changed, told = await notes(clickhouse)
        assert changed == told, name
        assert set(told.values()) <= {1}, name
        standing = await clickhouse.fetch_one(STANDING)
        assert not changed or (standing and standing["note"] in changed)
    assert left == 2 * STEPS, "each step was died at"
    assert changed, "some were completed"
    assert (await verify(clickhouse)).problem is None


async def test_many_complete_the_same_commit_and_its_entry_is_there_once(clickhouse: ClickHouse) -> None:
    for round_ in range(5):
        await leave(clickhouse, f"round {round_}")
        writers = [Writer(clickhouse) for _ in range(6)]
        seen = await writers[0].complete_left(frozenset())
        assert len(seen) == 1
        recorder = AuditLogger(clickhouse)
        others = [
            recorder.record(AuditEntry("carol", "admin", "", str(i), "signIn", "accepted")) for i in range(6)
        ]
        await asyncio.gather(*(writer.complete_left(seen) for writer in writers), *others)
    for table in ("setting", "operation", "schedule"):
        assert await clickhouse.fetch(f"SELECT * FROM {table}") == []
    changed, told = await notes(clickhouse)
    assert changed == told == Counter(f"round {round_}" for round_ in range(5))
    assert (await verify(clickhouse)).problem is None


async def test_what_rows_that_were_lost_left_in_the_log_is_not_played_again(clickhouse: ClickHouse) -> None:
    """An emptied table is restored as it stood, not led through its whole past while it governs."""
    writer = Writer(clickhouse)
    for number in range(3):
        await writer.commit("control", "alice", *change(str(number)))
    await clickhouse.execute("TRUNCATE TABLE control")
    assert await writer.complete_left(frozenset()) == frozenset()
    assert await clickhouse.fetch(STANDING) == []


async def test_an_api_completes_what_a_dead_one_left_and_a_failure_after_the_log_is_told_once(
    api: Api, clickhouse: ClickHouse
) -> None:
    await leave(clickhouse, "left")

    async def completed() -> bool:
        return await notes(clickhouse) == (Counter(["left"]), Counter(["left"]))

    assert await until(completed)
    await clickhouse.execute(
        "ALTER TABLE control MODIFY SETTING min_free_disk_bytes_to_perform_insert = 1e18"
    )
    version = (await api.get(f"{SERVICES}/shop/cart")).json["version"]
    failed = await api.change("PATCH", f"{SERVICES}/shop/cart", {"note": "logged"}, version=version)
    assert failed.status == 503
    await clickhouse.execute("ALTER TABLE control RESET SETTING min_free_disk_bytes_to_perform_insert")

    async def told() -> bool:
        rows = await clickhouse.fetch("SELECT outcome FROM audit_log WHERE position(after, 'logged') > 0")
        changes = (await notes(clickhouse))[0]
        return "logged" in changes and rows == [{"outcome": "succeeded"}]

    assert await until(told)


async def _edit(api: Api, name: str, goal: int, acknowledged: set[str], killed: asyncio.Event) -> None:
    """Change one's own service, whatever the instance does, until `goal` changes were acknowledged."""
    path, done, tried = f"{SERVICES}/shop/{name}", 0, 0
    while done < goal:
        note, tried = f"{name}-{tried}", tried + 1
        try:
            standing = await api.get(path)
            if standing.status != 200:
                continue
            answer = await api.change("PATCH", path, {"note": note}, version=standing.json["version"])
        except (ClientError, OSError):
            await asyncio.sleep(0.05)
            continue
        if answer.status == 200:
            acknowledged.add(note)
            done += 1
            if len(acknowledged) % 10 == 0:
                killed.set()


async def test_kill_nine_under_ten_editors_leaves_each_change_with_one_entry(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    processes = [ApiProcess(tmp_path, clickhouse_settings) for _ in range(2)]
    rng, acknowledged, due = random.Random(12), set[str](), asyncio.Event()

    async def killing() -> None:
        while True:
            await due.wait()
            due.clear()
            process = rng.choice(processes)
            await asyncio.sleep(rng.uniform(0, 0.05))
            await process.kill()
            await process.start()

    try:
        await asyncio.gather(*(process.start() for process in processes))
        async with (
            ClientSession(f"http://127.0.0.1:{processes[0].port}") as one,
            ClientSession(f"http://127.0.0.1:{processes[1].port}") as two,
        ):
            apis = [Api(cast(Any, session), token()) for session in (one, two)]
            names = [f"service-{number}" for number in range(10)]
            for name in names:
                assert (await apis[0].change("PUT", f"{SERVICES}/shop/{name}", {})).status == 201
            killer = asyncio.create_task(killing())
            editors = (
                _edit(apis[number % 2], name, 6, acknowledged, due) for number, name in enumerate(names)
            )
            await asyncio.gather(*editors)
            killer.cancel()
            await asyncio.wait({killer})

        async def even() -> bool:
            changed, told = await notes(clickhouse)
            return changed == told

        await asyncio.gather(*(process.start() for process in processes if process.process is None))
        await until(even)
    finally:
        await asyncio.gather(*(process.stop() for process in processes))
    changed, told = await notes(clickhouse)
    assert changed == told
    assert set(changed.values()) == {1}
    assert acknowledged <= set(changed)
    assert (await verify(clickhouse)).problem is None
