"""The audit: every change is in it, in one chain, and what was altered behind its back is found."""

from __future__ import annotations

import asyncio
import functools
import os
import subprocess
import sys
from dataclasses import replace

from kubedoor_api.access.roles import Role
from kubedoor_api.audit import queries
from kubedoor_api.audit.entry import AuditEntry, chain
from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.audit.verify import verify
from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, SERVICES, Api

CART = f"{SERVICES}/shop/cart"


async def test_changes_are_told_with_before_and_after(api: Api) -> None:
    made = (await api.change("PUT", CART, {"replicas_manual": 3})).json
    await api.change("PATCH", CART, {"replicas_manual": 5}, version=made["version"])
    await api.change("PATCH", CART, {"replicas_manual": 6}, version=made["version"])
    await api.as_(Role.VIEWER, name="bob").change("PATCH", CART, {"replicas_manual": 7}, version="0")
    await api.change("PUT", f"{BASE}/mode", {"mode": "observe"}, version="0")
    rows = (await api.get("/api/v1/audit")).json["items"]
    told = [(row["actor"], row["action"], row["outcome"]) for row in rows]
    assert told == [
        ("alice", "setMode", "succeeded"),
        ("bob", "changeService", "refused"),
        ("alice", "changeService", "succeeded"),
        ("alice", "registerService", "succeeded"),
    ]
    changed = rows[2]
    assert (changed["before"]["replicas_manual"], changed["after"]["replicas_manual"]) == (3, 5)
    assert (changed["env"], changed["namespace"], changed["name"]) == (ENV, "shop", "cart")
    assert rows[0]["after"] == {"mode": "observe"}
    assert (await api.get("/api/v1/audit/verification")).json["whole"] is True
    page = (await api.get("/api/v1/audit?limit=3")).json
    rest = (await api.get(f"/api/v1/audit?limit=3&cursor={page['next_cursor']}")).json
    assert [row["seq"] for row in page["items"] + rest["items"]] == ["4", "3", "2", "1"]
    assert rest["next_cursor"] is None
    assert len((await api.get("/api/v1/audit?actor=bob")).json["items"]) == 1
    exported = await api.get("/api/v1/audit/export")
    assert exported.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert len(exported.text.splitlines()) == 5


async def test_bad_conditions_are_refused(api: Api) -> None:
    for query in (
        "cursor=x",
        "cursor=-1",
        "since=yesterday",
        "since=2026-01-01T00:00:00",
        "limit=0",
        "cursor=%00",
    ):
        answer = await api.get(f"/api/v1/audit?{query}")
        assert answer.status == 400, query
        assert answer.fields == {query.split("=")[0]}


async def test_two_instances_write_one_chain(clickhouse: ClickHouse) -> None:
    recorders = [AuditLogger(clickhouse) for _ in range(3)]
    entries = [AuditEntry(f"u{number}", "admin", "", "", "a", "succeeded") for number in range(60)]
    await asyncio.gather(*(recorders[n % 3].record(entry) for n, entry in enumerate(entries)))
    verdict = await verify(clickhouse)
    assert (verdict.problem, verdict.rows) == (None, 60)


async def _altered(clickhouse: ClickHouse, statement: str) -> str | None:
    await clickhouse.execute("TRUNCATE TABLE audit_log")
    entries = [replace(AuditEntry("a", "admin", "", "", "x", "succeeded"), after=str(n)) for n in range(5)]
    await clickhouse.insert("audit_log", [link.row() for link in chain(entries, 0, "0" * 64)])
    head = (await verify(clickhouse)).head
    await clickhouse.execute(f"{statement} SETTINGS mutations_sync = 2")
    return (await verify(clickhouse, head)).problem


async def test_what_was_altered_behind_its_back_is_found(clickhouse: ClickHouse) -> None:
    changed = await _altered(clickhouse, "ALTER TABLE audit_log UPDATE actor = 'b' WHERE seq = 3")
    assert changed == "row 3 was changed after it was written"
    removed = await _altered(clickhouse, "ALTER TABLE audit_log DELETE WHERE seq = 2")
    assert removed is not None
    assert "row 3 follows row 1" in removed
    cut = await _altered(clickhouse, "ALTER TABLE audit_log DELETE WHERE seq >= 4")
    assert cut is not None
    assert "cut off" in cut


async def test_the_command_says_which_row(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    entries = [AuditEntry("a", "admin", "", "", "x", "succeeded") for _ in range(3)]
    await queries.insert(clickhouse, chain(entries, 0, "0" * 64))
    run = functools.partial(subprocess.run, capture_output=True, text=True, check=False)
    command = [sys.executable, "-m", "kubedoor_api.cli.audit"]
    environment = {**os.environ, **clickhouse_settings}
    whole = await asyncio.to_thread(run, command, env=environment)
    assert (whole.returncode, "3 rows" in whole.stdout) == (0, True)
    await clickhouse.execute(
        "ALTER TABLE audit_log UPDATE role = 'x' WHERE seq = 2 SETTINGS mutations_sync = 2"
    )
    broken = await asyncio.to_thread(run, command, env=environment)
    assert (broken.returncode, "row 2 was changed" in broken.stderr) == (1, True)
