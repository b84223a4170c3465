"""Under load one check serves the requests of a moment, and an acknowledged edit is seen all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from kubedoor_core.domain.freshness import ACKNOWLEDGE_AFTER_S, CHECK_SERVES_S
from kubedoor_webhook.load_detector import LOAD_PER_SLOT, SLOT_S, LoadDetector
from kubedoor_webhook.store import UNCHANGED_S, SnapshotStore
from support.control_table import Tables, checked, running


@dataclass
class Clock:
    """Time that passes when it is told to."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


async def load_for_a_slot(store: SnapshotStore, clock: Clock) -> None:
    """Let so many requests come that the next slot is one under load, and one in that."""
    for _ in range(LOAD_PER_SLOT):
        await checked(store)
    clock.now_s += SLOT_S
    await checked(store)


@asynccontextmanager
async def loaded(tables: Tables, clock: Clock) -> AsyncIterator[SnapshotStore]:
    """A store to which so many requests have come that checks are shared, and that was checked just now."""
    async with running(tables, clock) as store:
        clock.now_s += UNCHANGED_S
        await load_for_a_slot(store, clock)
        tables.asked.clear()
        yield store


def test_it_is_under_load_while_the_slot_before_was_full() -> None:
    load = LoadDetector()
    assert not any(load.arrived(0.1) for _ in range(LOAD_PER_SLOT))
    assert load.arrived(SLOT_S)
    assert not load.arrived(2 * SLOT_S), "only one request came in the slot before"


def test_a_burst_after_silence_is_no_load_yet() -> None:
    load = LoadDetector()
    for _ in range(LOAD_PER_SLOT):
        load.arrived(0.1)
    assert not load.arrived(3 * SLOT_S)


async def test_under_load_a_check_serves_for_a_moment() -> None:
    tables, clock = Tables(), Clock()
    async with loaded(tables, clock) as store:
        clock.now_s += CHECK_SERVES_S * 0.4
        assert store.ask() is None
        assert not tables.asked


async def test_and_no_longer() -> None:
    tables, clock = Tables(), Clock()
    async with loaded(tables, clock) as store:
        clock.now_s += CHECK_SERVES_S * 1.1
        await checked(store)
        assert tables.asked == ["mark"]


@pytest.mark.parametrize("after_the_check_s", [0.0, 0.001, CHECK_SERVES_S / 2, CHECK_SERVES_S])
async def test_an_edit_governs_every_admission_after_its_acknowledgement(after_the_check_s: float) -> None:
    tables, clock = Tables(), Clock()
    async with loaded(tables, clock) as store:
        clock.now_s += after_the_check_s
        tables.edit("a", 7)
        clock.now_s += ACKNOWLEDGE_AFTER_S
        assert (await checked(store))["a"] == 7


async def test_while_the_tables_are_edited_each_request_has_its_check_even_under_load() -> None:
    tables, clock = Tables(), Clock()
    async with loaded(tables, clock) as store:
        tables.edit("a", 7)
        clock.now_s += ACKNOWLEDGE_AFTER_S
        assert (await checked(store))["a"] == 7
        for replicas in range(3 * LOAD_PER_SLOT):
            tables.edit("a", replicas)
            clock.now_s += SLOT_S / LOAD_PER_SLOT / 2
            assert (await checked(store))["a"] == replicas, "nobody waited for an acknowledgement"


async def test_once_they_rest_checks_are_shared_again() -> None:
    tables, clock = Tables(), Clock()
    async with loaded(tables, clock) as store:
        tables.edit("a", 7)
        clock.now_s += ACKNOWLEDGE_AFTER_S
        await checked(store)
        clock.now_s += UNCHANGED_S
        await load_for_a_slot(store, clock)
        assert store.ask() is None


async def test_without_load_each_request_has_its_check() -> None:
    tables, clock = Tables(), Clock()
    async with running(tables, clock) as store:
        clock.now_s += UNCHANGED_S
        for edit in range(3):
            tables.edit("a", edit)
            assert (await checked(store))["a"] == edit


def test_the_api_waits_longer_than_a_check_serves() -> None:
    assert ACKNOWLEDGE_AFTER_S > CHECK_SERVES_S
