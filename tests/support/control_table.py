"""The control table as the webhook's store asks for it, without a ClickHouse behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from kubedoor_core.domain.invalid_values import InvalidValue
from kubedoor_core.errors import ClickHouseUnavailableError
from kubedoor_webhook import store as store_module
from kubedoor_webhook.policy import Defaults
from kubedoor_webhook.queries import ChangedKey, ControlTable, State
from kubedoor_webhook.snapshot import NONE, Rows, Watermark
from kubedoor_webhook.store import SnapshotStore
from support.waiting import until

Row = dict[str, Any]


def row(name: str, replicas: int) -> Row:
    """A row of `effective`."""
    values = ("name", "request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
    nested: Row = {f"containers.{value}": [] for value in values}
    return {
        "namespace": "shop", "name": name, "replicas": replicas, "replicas_source": "manual",
        "replicas_policy": "as_found", "autoscaled": False, "mode": None, **nested,
    }  # fmt: skip


@dataclass
class Tables:
    """What ClickHouse would answer, and what it was asked."""

    rows: dict[str, int] = field(default_factory=lambda: {"a": 1, "b": 1})
    versions: list[int] = field(default_factory=lambda: [1, 2])
    edited: dict[int, str] = field(default_factory=dict)
    marks: int = 2
    asked: list[str] = field(default_factory=list)
    settings: list[Row] = field(default_factory=list)
    """Rows of `setting`; each counts as one version."""
    unsettled: int = 0
    """So many more times an edit is announced and can't be read."""
    lost: int = 0
    """A version that was announced and can't be read, ever."""
    invalid: list[InvalidValue] = field(default_factory=list)
    derived: Rows = NONE
    """The state of the rows that were derived; the services are told by `rows` all the same."""
    away: bool = False
    gate: asyncio.Event | None = None

    def edit(self, name: str, replicas: int, *, marked: bool = True) -> None:
        self.rows[name] = replicas
        self.versions.append(max(self.versions) + 1)
        self.edited[self.versions[-1]] = name
        self.marks += marked

    async def mark(self, _timeout_s: float) -> int:
        self.asked.append("mark")
        marks = self.marks
        if self.gate:
            await self.gate.wait()
        if self.away:
            raise ClickHouseUnavailableError("away")
        return marks

    def lose(self, *names: str) -> None:
        """Delete rows without tombstones; the versions of a row that is there are 1, 2, 3 and so on."""
        of = {version: self.edited.get(version) or "ab"[version - 1] for version in self.versions}
        self.versions = [version for version in self.versions if of[version] not in names]
        for name in names:
            del self.rows[name]

    async def state(self, _timeout_s: float) -> State:
        self.asked.append("state")
        latest = max(self.versions, default=0)
        announced = max(latest + (1 if self.unsettled else 0), self.lost)
        self.unsettled = max(0, self.unsettled - 1)
        control = Rows(len(self.versions), latest, sum(self.versions))
        count = len(self.settings)
        setting = Rows(count, count, count * (count + 1) // 2)
        return State(Watermark(control, self.derived, setting), {"control": announced})

    async def services(self, _timeout_s: float) -> list[Row]:
        self.asked.append("services")
        return [row(name, replicas) for name, replicas in self.rows.items()]

    async def keys(self, _timeout_s: float) -> dict[str, frozenset[tuple[str, str]]]:
        self.asked.append("keys")
        return {"control": frozenset(("shop", name) for name in self.rows), "derived": frozenset()}

    async def changed_keys(
        self, since: Watermark, until: Watermark, limit: int, _timeout_s: float
    ) -> list[ChangedKey]:
        self.asked.append("changed_keys")
        newer: dict[str, list[int]] = {}
        for version, name in self.edited.items():
            if since.control.version < version <= until.control.version:
                newer.setdefault(name, []).append(version)
        found = [
            ChangedKey("control", ("shop", name), len(versions), sum(versions))
            for name, versions in sorted(newer.items())
        ]
        return found[:limit]

    async def some_services(self, keys: list[tuple[str, str]], _timeout_s: float) -> list[Row]:
        self.asked.append("some_services")
        return [row(name, self.rows[name]) for _, name in keys if name in self.rows]

    async def limit_ranges(self, _timeout_s: float) -> list[Row]:
        return []

    async def invalid_values(self, keys: list[tuple[str, str]], _timeout_s: float) -> list[InvalidValue]:
        self.asked.append("invalid_values")
        return [one for one in self.invalid if not keys or one.key in keys]

    async def setting_rows(self, _timeout_s: float) -> list[Row]:
        return self.settings


@asynccontextmanager
async def running(
    tables: Tables, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[SnapshotStore]:
    """A store that reads these tables, has a copy, and checks it only when it is asked to."""
    patch = pytest.MonkeyPatch()
    patch.setattr(store_module, "IDLE_CHECK_S", 3600.0)
    store = SnapshotStore(cast("ControlTable", tables), Defaults(), clock, check_timeout_s=60)
    task = asyncio.create_task(store.run())

    async def warm() -> bool:
        return store.copy is not None

    await until(warm)
    tables.asked.clear()
    try:
        yield store
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        patch.undo()


async def checked(store: SnapshotStore) -> dict[str, int | None]:
    """Ask as a request does; return the replicas of each service in the copy that it goes by."""
    if waiter := store.ask():
        await waiter
    assert store.copy is not None
    return {service.name: service.replicas for service in store.copy.snapshot.services.values()}
