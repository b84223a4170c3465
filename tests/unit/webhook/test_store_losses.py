"""What the copy does when rows of the control table are lost."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from kubedoor_webhook.alarms import Alarm
from kubedoor_webhook.losses import GIVE_UP_AFTER_S
from kubedoor_webhook.policy import Defaults
from kubedoor_webhook.queries import ControlTable
from kubedoor_webhook.reader import EMPTY
from kubedoor_webhook.snapshot import NONE, Rows
from kubedoor_webhook.store import SnapshotStore
from support.control_table import Tables, checked, running
from support.waiting import until


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def _many() -> Tables:
    names = [f"s{number}" for number in range(20)]
    return Tables(
        rows={"a": 1, "b": 1, **dict.fromkeys(names, 1)},
        versions=list(range(1, 23)),
        edited=dict(enumerate(names, start=3)),
        marks=22,
    )


def _kinds(store: SnapshotStore) -> set[str]:
    return {alarm.kind for alarm in store.alarms}


async def test_many_rows_that_are_gone_without_tombstones_are_not_believed_and_edits_govern() -> None:
    tables, clock = _many(), Clock()
    async with running(tables, clock) as store:
        tables.lose(*(f"s{number}" for number in range(15)))
        clock.now_s += 60
        assert len(await checked(store)) == 22
        assert (store.problem, _kinds(store), store.alarmed("rows_lost")) == (None, {"rows_lost"}, 15)
        assert "15 of 22 rows of the table control" in store.alarms[0].text
        tables.edit("a", 9)
        assert (await checked(store))["a"] == 9
        assert store.alarmed("rows_lost") == 15
        for number in range(15):
            tables.edit(f"s{number}", 5)
        assert (await checked(store))["s3"] == 5
        assert store.alarms == ()


async def test_a_few_are_believed() -> None:
    tables, clock = _many(), Clock()
    async with running(tables, clock) as store:
        tables.lose("s1", "s2")
        clock.now_s += 60
        assert len(await checked(store)) == 20
        assert store.alarms == ()


async def test_tables_that_are_suddenly_without_any_row_are_not_believed() -> None:
    tables = Tables()
    async with running(tables) as store:
        tables.rows, tables.versions, tables.marks = {}, [], 3
        assert await checked(store) == {"a": 1, "b": 1}
        assert _kinds(store) == {"rows_lost"}


async def test_a_loss_is_seen_though_the_number_of_rows_is_made_up_for() -> None:
    """One row goes, one service is edited twice: two rows more, one less, and one service has newer rows."""
    tables = _many()
    async with running(tables) as store:
        tables.lose("s1")
        tables.edit("a", 8)
        tables.edit("a", 9)
        now = await checked(store)
        assert now["a"] == 9
        assert "s1" not in now
        assert "services" in tables.asked


async def test_lost_settings_go_on_to_hold_and_new_ones_govern() -> None:
    tables, clock = Tables(), Clock()
    tables.settings = [
        {"namespace": "", "key": "mode", "value": '"enforce"', "deleted": False},
        {"namespace": "", "key": "floor_cpu_m", "value": "77", "deleted": False},
    ]
    async with running(tables, clock) as store:
        tables.settings = []
        clock.now_s += 60
        await checked(store)
        assert store.copy
        assert store.copy.snapshot.policy.env_mode == "enforce"
        assert store.alarmed("rows_lost") == 2
        tables.settings = [{"namespace": "", "key": "mode", "value": '"observe"', "deleted": False}]
        tables.marks += 1
        await checked(store)
        assert store.copy.snapshot.policy.env_mode == "observe"
        assert store.copy.snapshot.policy.rules.floors.cpu_m == 77


async def test_a_setting_that_was_forgotten_is_forgotten() -> None:
    tables = Tables()
    tables.settings = [{"namespace": "", "key": "mode", "value": '"enforce"', "deleted": False}]
    async with running(tables) as store:
        tables.settings = [{"namespace": "", "key": "mode", "value": '"enforce"', "deleted": True}] * 2
        tables.marks += 1
        await checked(store)
        assert store.copy
        assert store.copy.snapshot.policy.env_mode is None
        assert store.alarms == ()


async def test_a_row_that_never_comes_is_given_up_and_edits_govern_at_once() -> None:
    tables, clock = Tables(), Clock()
    async with running(tables, clock) as store:
        tables.lost = 1000
        tables.marks += 1
        waiter = store.ask()
        assert waiter

        async def waits() -> bool:
            return tables.asked.count("state") > 2

        await until(waits)
        assert not waiter.done()
        clock.now_s += GIVE_UP_AFTER_S
        await waiter
        assert (store.problem, _kinds(store)) == (None, {"announcement_given_up"})
        tables.edit("a", 9, marked=False)  # its mark tells nothing: the lost one is above it
        assert (await checked(store))["a"] == 9
        tables.lost = 0
        await checked(store)
        assert store.alarms == ()


@pytest.mark.parametrize(
    ("left", "derived"), [({"a": 1}, NONE), ({"a": 1}, Rows(5, 5, 15)), ({}, NONE), ({}, Rows(5, 5, 15))]
)
async def test_one_that_starts_after_the_loss_decides_unless_nothing_is_left_of_what_people_registered(
    left: dict[str, int], derived: Rows
) -> None:
    tables, clock = Tables(derived=derived), Clock()
    tables.lose(*set(tables.rows) - set(left))
    tables.lost = 1000
    told: list[Alarm] = []
    store = SnapshotStore(cast("ControlTable", tables), Defaults(), clock, tell=told.append)
    task = asyncio.create_task(store.run())

    async def waits() -> bool:
        return "state" in tables.asked

    async def concluded() -> bool:
        return store.copy is not None or store.problem == EMPTY

    await until(waits)
    assert store.copy is None
    clock.now_s += GIVE_UP_AFTER_S
    await until(concluded)
    if left:
        assert await checked(store) == left
        assert [alarm.kind for alarm in told] == ["announcement_given_up"]
    else:
        assert store.copy is None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_alarm_is_told_once() -> None:
    tables, clock, told = _many(), Clock(), list[Alarm]()
    async with running(tables, clock) as store:
        store._tell = told.append
        tables.lose(*(f"s{number}" for number in range(15)))
        for count in range(3):
            clock.now_s += 60
            tables.edit("a", count)
            await checked(store)
        assert [alarm.kind for alarm in told] == ["rows_lost"]
