"""Book-keeping of runs: who has claimed one, how far it is, and what became of it."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from typing import Any, Literal

from kubedoor_collector import queries
from kubedoor_collector.domain.leaving_out import LeftOut, shortened
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.tasks import background

HEARTBEAT_S = 5.0
MOST_LEFT_OUT = 1000
"""Entries that a run's row tells by name, a like share for each day; the days' events tell them all."""
OLD = timedelta(days=7)
"""A request that nobody has served for so long is no longer meant."""
MICROSECOND = 1_000_000

Trigger = Literal["request", "daily", "command"]
State = Literal["running", "succeeded", "failed", "abandoned"]

log = get_logger(__name__)


@dataclass(frozen=True)
class Run:
    """One run as `collection_run` holds it.

    :ivar by_name: somebody chose these very dates: they are replaced even where less is known of them now.
        It is the request's: a run that is picked up has it from there.
    """

    id: str
    env: str
    trigger: Trigger
    dates: tuple[date, ...]
    collector: str
    started_at: datetime
    requested_by: str = ""
    request_id: str = ""
    by_name: bool = False
    state: State = "running"
    day_index: int = 0
    services_seen: int = 0
    errors: tuple[tuple[date, str], ...] = field(default_factory=tuple)
    left_out: tuple[tuple[date, LeftOut], ...] = field(default_factory=tuple)
    scrape_interval_s: int | None = None
    finished_at: datetime | None = None

    def row(self) -> dict[str, Any]:
        """Return the row, all but its version."""
        return {
            "id": self.id,
            "request_id": self.request_id,
            "env": self.env,
            "trigger": self.trigger,
            "state": self.state,
            "dates": [day.isoformat() for day in self.dates],
            "day_index": self.day_index,
            "day_count": len(self.dates),
            "services_seen": self.services_seen,
            "errors.date": [day.isoformat() for day, _ in self.errors],
            "errors.reason": [reason for _, reason in self.errors],
            **self._left_out(),
            "scrape_interval_s": self.scrape_interval_s,
            "collector": self.collector,
            "started_at": timestamp(self.started_at),
            "finished_at": None if self.finished_at is None else timestamp(self.finished_at),
            "updated_by": self.requested_by or self.collector,
            "deleted": False,
        }

    def _left_out(self) -> dict[str, list[Any]]:
        """Return the nested columns; where much is left out, the first so many of each day by name."""
        most = max(1, MOST_LEFT_OUT // max(1, len(self.dates)))
        by_day: dict[date, list[LeftOut]] = {}
        for day, one in self.left_out:
            by_day.setdefault(day, []).append(one)
        told = [(day, one) for day, found in by_day.items() for one in shortened(found, most)]
        return {
            "left_out.date": [day.isoformat() for day, _ in told],
            "left_out.reason": [one.why for _, one in told],
            "left_out.namespace": [one.namespace for _, one in told],
            "left_out.name": [one.name for _, one in told],
            "left_out.count": [one.count for _, one in told],
        }


def new_instance() -> str:
    """Return a name for this process that no other has had, its version after it."""
    host = socket.gethostname()
    return f"{host}/{os.getpid()}/{uuid.uuid4().hex[:8]}@{metadata.version('kubedoor-collector')}"


class RunBook:
    """One run's row, kept up to date by one process."""

    def __init__(self, clickhouse: ClickHouse, run: Run) -> None:
        self._clickhouse = clickhouse
        self._lock = asyncio.Lock()
        self.run = run

    async def update(self, **changes: Any) -> None:  # noqa: ANN401 the fields of Run
        """Change some fields and write the row."""
        async with self._lock:
            self.run = replace(self.run, **changes)
            await save(self._clickhouse, self.run.row())

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Give a sign of life every few seconds while the block lasts."""
        async with background(self._beat()):
            yield

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            try:
                await self.update()
            except KubeDoorError as error:
                log.warning("run.heartbeat_failed", run=self.run.id, reason=str(error))


def daily_id(local: datetime) -> str:
    """Return the identity of a date's daily run, the same for every collector."""
    return f"daily-{local.date()}"


async def save(clickhouse: ClickHouse, row: Mapping[str, Any]) -> None:
    """Write a run's row with a version above the table's largest."""
    now = timestamp(datetime.now(UTC))
    version = await next_version(clickhouse, "collection_run")
    stamped = {**row, "version": version, "updated_at": now, "heartbeat_at": now}
    await queries.insert(clickhouse, "collection_run", [stamped])


async def next_version(clickhouse: ClickHouse, table: str) -> int:
    """Return microseconds since the epoch, or one more than the table's largest version."""
    return max(int(time.time() * MICROSECOND), await queries.largest_version(clickhouse, table) + 1)


async def next_day_version(clickhouse: ClickHouse, table: str, env: str, day: date) -> datetime:
    """Return the time, or a millisecond more than the largest version that a day has had in a table."""
    latest = await queries.day_version(clickhouse, table, env, day)
    return max(datetime.now(UTC), latest + timedelta(milliseconds=1))


async def claim(clickhouse: ClickHouse, env: str, run_id: str, collector: str, lease_s: float) -> bool:
    """Try to get a run that nobody works on; return whether it is ours.

    The table takes one claim per attempt, whichever of several collectors is first. A further attempt
    is possible once the last claim is older than a lease: its collector is taken for dead by then.
    """
    now = datetime.now(UTC)
    attempts, latest = await queries.claims(clickhouse, env, run_id)
    if attempts and latest > now - timedelta(seconds=lease_s):
        return False
    attempt = attempts + 1
    row = {
        "env": env,
        "run_id": run_id,
        "attempt": attempt,
        "collector": collector,
        "claimed_at": timestamp(now),
    }
    token = hashlib.sha256(f"{env}\n{run_id}\n{attempt}".encode()).hexdigest()
    await queries.insert_claim(clickhouse, row, token)
    return await queries.claimant(clickhouse, env, run_id, attempt) == collector


async def close_stale(clickhouse: ClickHouse, env: str, lease_s: float, today: str = "") -> None:
    """Close the runs whose collector died and that nobody picks up: the command line's, old ones.

    :param today: identity of the daily run that is still picked up; a former one's days are tried again.
    """
    now = datetime.now(UTC)
    for row in await queries.stale_runs(clickhouse, env, now - timedelta(seconds=lease_s)):
        started = datetime.fromisoformat(row["started_at"])
        passed = row["trigger"] == "command" or (row["trigger"] == "daily" and row["id"] != today)
        if passed or started < now - OLD:
            closed = {**row, "state": "abandoned", "finished_at": timestamp(now)}
            await save(clickhouse, {name: closed[name] for name in closed if name != "heartbeat_at"})
            log.warning("run.abandoned", run=row["id"], trigger=row["trigger"], collector=row["collector"])


def failed_dates(rows: list[dict[str, Any]]) -> set[date]:
    """Return the dates whose latest run, of those given oldest first, did not bring them."""
    failed: dict[date, bool] = {}
    for row in rows:
        errors = set(row["error_dates"])
        for index, day in enumerate(row["dates"]):
            undone = row["state"] == "abandoned" and index >= row["day_index"]
            failed[date.fromisoformat(day)] = day in errors or undone
    return {day for day, is_failed in failed.items() if is_failed}
