"""Schedules: 10,000 of them, the next due one, and how late one begins. Part of the suite `api`."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from bench.results import Result, at_most
from kubedoor_api.commits.writer import Writer
from kubedoor_api.schedules.due_queue import DueQueue
from kubedoor_api.schedules.models import NewSchedule
from kubedoor_api.schedules.schedule import StoredSchedule, row_of
from kubedoor_api.schedules.service import timing_asked
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_dev.cluster.cluster import Cluster, Options
from support.api import BASE, ENV, api_settings, serving, write_htpasswd
from support.schedules import schedule
from support.waiting import until

SUITE = "api"
COUNT = 10_000
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin")
TIMED = 20
STEP_S = 0.3
LOOKS = 1000
INSERT = 1000
BEGUN = """
SELECT max(dateDiff('millisecond', s.once_at, o.requested_at)) AS late_ms, count() AS n
FROM operation AS o FINAL INNER JOIN schedule AS s FINAL ON s.id = o.schedule_id
"""


def _row(identity: str, **changes: object) -> Row:
    now = datetime.now(UTC)
    asked = NewSchedule.model_validate(schedule(**changes))
    return row_of(identity, ENV, asked, timing_asked(asked, now), now)


def _many() -> list[Row]:
    stamps = {"updated_at": "2026-11-23 00:00:00.000", "updated_by": "alice"}
    return [
        {
            **_row(f"{n:032x}", cron=f"{n % 60} {n % 24} {1 + n % 28} * *", timezone=ZONES[n % 3]),
            **stamps,
            "version": n + 1,
        }
        for n in range(COUNT)
    ]


def _next_due(rows: list[Row]) -> Result:
    queue = DueQueue()
    told = {name: f"{rows[0][name]}Z" for name in ("effective_from", "updated_at")}  # as ClickHouse tells it
    read = TypeAdapter(StoredSchedule).validate_python
    queue.put([read({**row, **told}) for row in rows], {})
    begun = time.perf_counter()
    for _ in range(LOOKS):
        queue.next()
    found_ms = (time.perf_counter() - begun) * 1000 / LOOKS
    return at_most(SUITE, f"next due of {COUNT} schedules", found_ms, "ms", 10)


async def _commit(clickhouse: ClickHouse) -> None:
    """Make schedules that are due shortly, one after another."""
    first = datetime.now(UTC) + timedelta(seconds=3)
    due = [(first + timedelta(seconds=number * STEP_S)).isoformat() for number in range(TIMED)]
    rows = [_row(uuid.uuid4().hex, cron=None, once_at=at[:23] + "Z") for at in due]

    async def prepare() -> list[Row]:
        return rows

    await Writer(clickhouse).commit("schedule", "alice", prepare)


async def measure(clickhouse: ClickHouse, folder: Path, url: str) -> list[Result]:
    """Let some of many schedules come due on a simulated cluster, and see when their operations were made."""
    rows = _many()
    for first in range(0, COUNT, INSERT):
        await clickhouse.insert("schedule", rows[first : first + INSERT])
    write_htpasswd(folder / "htpasswd", alice="x")
    cluster = Cluster(Options(tls=True, namespaces=("shop", "kubedoor")))
    async with cluster.serve():
        kubeconfig = str(cluster.write_kubeconfig(folder / "kubeconfig"))
        settings = api_settings(
            folder, {"KUBEDOOR_CLICKHOUSE_URL": url}, kubeconfig=kubeconfig, own_namespace="kubedoor"
        )
        async with serving(settings) as api:

            async def leads() -> bool:
                return bool((await api.get(f"{BASE}/leader")).json["leading"])

            async def begun() -> Row | None:
                found = await clickhouse.fetch_one(BEGUN)
                return found if found and int(found["n"]) == TIMED else None

            await until(leads)
            await _commit(clickhouse)
            late_s = int((await until(begun))["late_ms"]) / 1000
    return [_next_due(rows), at_most(SUITE, "latest start of a schedule", late_s, "s", 1)]
