"""The copy of the control table: when it is checked, what is read, and what is not believed."""

from __future__ import annotations

import asyncio
from typing import cast

from kubedoor_webhook.policy import Defaults
from kubedoor_webhook.queries import ControlTable
from kubedoor_webhook.store import SnapshotStore
from support.control_table import Tables, checked, running
from support.waiting import until


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
        assert tables.asked == ["mark", "state", "changed_keys", "some_services", "invalid_values"]


async def test_what_versions_do_not_explain_makes_it_read_everything() -> None:
    tables = Tables()
    async with running(tables) as store:
        tables.rows["z"] = 3
        tables.versions, tables.marks = [1, 2, 2], 3
        assert await checked(store) == {"a": 1, "b": 1, "z": 3}
        assert "services" in tables.asked


async def test_an_announced_edit_is_waited_for_until_it_can_be_read() -> None:
    tables = Tables()
    async with running(tables) as store:
        tables.edit("c", 7)
        tables.unsettled = 3
        assert (await checked(store))["c"] == 7
        assert tables.asked.count("state") == 4


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
