"""The copy of the control table: when it is checked, what is read, and what is not believed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from kubedoor_core.errors import ClickHouseUnavailableError
from kubedoor_webhook.queries import ControlTable, UnsettledError
from kubedoor_webhook.snapshot import Defaults, Watermark
from kubedoor_webhook.store import NOT_BELIEVED, SnapshotStore
from support.waiting import until

Row = dict[str, Any]
EMPTY = (0, 0, 0)


def row(name: str, replicas: int) -> Row:
    """A row of `effective`."""
    values = ("name", "request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
    nested: Row = {f"containers.{value}": [] for value in values}
    return {
        "namespace": "shop", "deployment": name, "replicas": replicas, "replicas_source": "manual",
        "replicas_policy": "fixed", "mode": None, **nested,
    }  # fmt: skip


@dataclass
class Tables:
    """What ClickHouse would answer, and what it was asked."""

    rows: dict[str, int] = field(default_factory=lambda: {"a": 1, "b": 1})
    versions: list[int] = field(default_factory=lambda: [1, 2])
    edited: dict[int, str] = field(default_factory=dict)
    marks: int = 2
    asked: list[str] = field(default_factory=list)
    unsettled: int = 0
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

    async def watermark(self, _timeout_s: float) -> Watermark:
        self.asked.append("watermark")
        if self.unsettled:
            self.unsettled -= 1
            raise UnsettledError("not yet")
        control = (len(self.versions), max(self.versions, default=0), sum(self.versions))
        return Watermark(control, EMPTY, EMPTY)

    async def services(self, _timeout_s: float) -> list[Row]:
        self.asked.append("services")
        return [row(name, replicas) for name, replicas in self.rows.items()]

    async def changed_keys(self, since: Watermark, limit: int, _timeout_s: float) -> list[tuple[str, str]]:
        self.asked.append("changed_keys")
        newer = {name for version, name in self.edited.items() if version > since.control[1]}
        return [("shop", name) for name in sorted(newer)][:limit]

    async def some_services(self, keys: list[tuple[str, str]], _timeout_s: float) -> list[Row]:
        self.asked.append("some_services")
        return [row(name, self.rows[name]) for _, name in keys if name in self.rows]

    async def setting_rows(self, _timeout_s: float) -> list[Row]:
        return []


@asynccontextmanager
async def running(tables: Tables) -> AsyncIterator[SnapshotStore]:
    store = SnapshotStore(cast("ControlTable", tables), Defaults())
    task = asyncio.create_task(store.run())

    async def warm() -> bool:
        return store.copy is not None

    await until(warm)
    tables.asked.clear()
    yield store
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def checked(store: SnapshotStore) -> dict[str, int | None]:
    if waiter := store.ask():
        await waiter
    assert store.copy is not None
    return {service.deployment: service.replicas for service in store.copy.snapshot.services.values()}


async def test_while_nothing_is_announced_one_cheap_question_is_enough() -> None:
    tables = Tables()
    async with running(tables) as store:
        assert await checked(store) == {"a": 1, "b": 1}
        assert tables.asked == ["mark"]


async def test_one_check_serves_all_that_arrived_before_it_began_and_none_after() -> None:
    tables = Tables()
    async with running(tables) as store:
        early = [store.ask() for _ in range(50)]
        tables.gate = asyncio.Event()

        async def begun() -> bool:
            return tables.asked == ["mark"]

        await until(begun)
        late = store.ask()
        tables.edit("b", 9)
        tables.gate.set()
        await asyncio.gather(*(waiter for waiter in early if waiter))
        assert late is not None
        await late
        assert tables.asked.count("mark") == 2
        assert store.copy is not None
        assert store.copy.snapshot.services["shop", "b"].replicas == 9


async def test_an_edit_is_read_by_itself() -> None:
    tables = Tables()
    async with running(tables) as store:
        tables.edit("c", 7)
        assert await checked(store) == {"a": 1, "b": 1, "c": 7}
        assert tables.asked == ["mark", "watermark", "changed_keys", "some_services"]


async def test_what_versions_do_not_explain_makes_it_read_everything() -> None:
    tables = Tables()
    async with running(tables) as store:
        tables.rows = {"z": 3}
        tables.versions, tables.marks = [2], 3
        assert await checked(store) == {"z": 3}
        assert "services" in tables.asked


async def test_an_announced_edit_is_waited_for_until_it_can_be_read() -> None:
    tables = Tables()
    async with running(tables) as store:
        tables.edit("c", 7)
        tables.unsettled = 3
        assert (await checked(store))["c"] == 7
        assert tables.asked.count("watermark") == 4


async def test_a_change_around_the_announcements_is_found_in_a_while() -> None:
    tables = Tables()
    now_s = 0.0
    store = SnapshotStore(cast("ControlTable", tables), Defaults(), lambda: now_s)
    task = asyncio.create_task(store.run())

    async def warm() -> bool:
        return store.copy is not None

    await until(warm)
    tables.edit("c", 7, marked=False)
    assert "c" not in await checked(store)
    now_s = 60.0
    assert (await checked(store))["c"] == 7
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_in_trouble_the_last_good_copy_serves_at_once_and_recovers() -> None:
    tables = Tables()
    async with running(tables) as store:
        tables.away = True
        assert await checked(store) == {"a": 1, "b": 1}
        assert store.ask() is None
        assert store.problem == "away"
        tables.edit("a", 4)
        tables.away = False

        async def current() -> bool:
            return (await checked(store)).get("a") == 4

        await until(current)
        assert store.problem is None


async def test_tables_that_are_suddenly_without_any_row_are_not_believed() -> None:
    tables = Tables()
    async with running(tables) as store:
        tables.rows, tables.versions, tables.marks = {}, [], 3
        assert await checked(store) == {"a": 1, "b": 1}
        assert store.problem == NOT_BELIEVED
