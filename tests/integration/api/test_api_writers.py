"""No lost update, though ten people edit the same rows through two instances at once, each a process."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from aiohttp import ClientSession

from kubedoor_api.commits import queries
from kubedoor_api.commits.writer import Writer
from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse, connect
from support.api import ENV, SERVICES, Api, token
from support.api_process import ApiProcess

HISTORY = "SELECT DISTINCT version, note FROM control_history WHERE name = {d:String} ORDER BY version"
CLIENTS = 10
EDITS = int(os.environ.get("KUBEDOOR_TEST_EDITS", "8"))
"""By each client; 100 takes minutes on two cores that others use, too."""
ROWS = tuple(f"service-{number}" for number in range(4))
"""So few that nearly every edit meets another one of the same row."""


async def _edit(api: Api, name: str, edits: int) -> list[str]:
    """Add marks to the notes of services, one at a time, until `edits` were acknowledged."""
    rng = random.Random(name)
    done: list[str] = []
    while len(done) < edits:
        path = f"{SERVICES}/shop/{rng.choice(ROWS)}"
        standing = (await api.get(path)).json
        while True:
            mark = f"{name}-{len(done)}"
            notes = [*standing["note"].split()[-20:], mark]
            answer = await api.change("PATCH", path, {"note": " ".join(notes)}, version=standing["version"])
            if answer.status == 200:
                done.append(mark)
                break
            assert answer.status == 412, answer.text
            standing = answer.json["current"]
    return done


def _check_chain(rows: list[dict[str, Any]], acknowledged: set[str]) -> set[str]:
    """Every version builds on the one before: its note is the old one's tail and one mark more."""
    seen: set[str] = set()
    notes: list[str] = []
    for row in rows:
        marks = row["note"].split()
        assert marks[:-1] == notes[-20:], row
        assert marks[-1] not in seen
        seen.add(marks[-1])
        notes = marks
    assert seen <= acknowledged
    return seen


@asynccontextmanager
async def serving_processes(folder: Path, clickhouse: Mapping[str, str]) -> AsyncIterator[tuple[Api, Api]]:
    """Two instances, each a process, with a client of each."""
    one, two = (ApiProcess(folder, clickhouse) for _ in range(2))
    bases = [f"http://127.0.0.1:{process.port}" for process in (one, two)]
    try:
        await asyncio.gather(one.start(), two.start())
        async with ClientSession(bases[0]) as first, ClientSession(bases[1]) as second:
            clients = [cast(Any, session) for session in (first, second)]  # both know `request`
            yield Api(clients[0], token()), Api(clients[1], token())
    finally:
        await asyncio.gather(one.stop(), two.stop())


async def test_no_update_is_lost_through_two_processes(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    async with serving_processes(tmp_path, clickhouse_settings) as instances:
        for name in ROWS:
            await instances[0].change("PUT", f"{SERVICES}/shop/{name}", {})
        work = [_edit(instances[number % 2], f"c{number}", EDITS) for number in range(CLIENTS)]
        acknowledged = {mark for marks in await asyncio.gather(*work) for mark in marks}
    seen: set[str] = set()
    for name in ROWS:
        rows = await clickhouse.fetch(HISTORY, d=name)
        seen |= _check_chain(rows[1:], acknowledged)
    assert len(acknowledged) == CLIENTS * EDITS
    assert seen == acknowledged


async def test_what_a_dead_writer_logged_is_written_by_the_next(clickhouse: ClickHouse) -> None:
    head, _ = await queries.head(clickhouse, "setting")
    row = {"env": ENV, "namespace": "", "key": "a", "value": "1", "deleted": False}
    left = {**row, "version": head + 10, "updated_at": "2026-01-01 00:00:00.000", "updated_by": "dead"}
    entry = {
        "table_name": "setting",
        "base": head,
        "version": head + 10,
        "writer": "dead",
        "at": "2026-11-22 00:00:00.000",
        "rows": json.dumps([left]),
    }
    await clickhouse.insert("commit_log", [entry], once=f"setting:{head}")
    version = await Writer(clickhouse).commit("setting", "alice", lambda: _rows({**row, "key": "b"}))
    rows = await clickhouse.fetch("SELECT key, version, updated_by FROM setting FINAL ORDER BY key")
    assert rows == [
        {"key": "a", "version": head + 10, "updated_by": "dead"},
        {"key": "b", "version": version, "updated_by": "alice"},
    ]
    assert version > head + 10


async def _rows(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return list(rows)


async def test_versions_grow_over_the_whole_table_though_clocks_differ(
    clickhouse: ClickHouse, settings: ApiSettings, monkeypatch: Any
) -> None:
    async with connect(settings) as other:
        writers, versions = [Writer(clickhouse), Writer(other)], []
        for number in range(6):
            monkeypatch.setattr("time.time", lambda number=number: 2_000_000_000.0 - 1000 * number)
            row = {"env": ENV, "namespace": "", "key": f"k{number}", "value": "1", "deleted": False}
            prepare = functools.partial(_rows, row)
            versions.append(await writers[number % 2].commit("setting", "a", prepare))
    assert versions == sorted(set(versions))
