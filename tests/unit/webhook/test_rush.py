"""In a rush one check serves the requests of a moment, and an acknowledged edit is seen all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from kubedoor_core.domain.freshness import ACKNOWLEDGE_AFTER_S, CHECK_SERVES_S
from kubedoor_webhook.rush import RUSH_PER_SLOT, SLOT_S, Rush
from kubedoor_webhook.store import SnapshotStore
from support.control_table import Tables, checked, running


@dataclass
class Clock:
    """Time that passes when it is told to."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@asynccontextmanager
async def rushing(tables: Tables, clock: Clock) -> AsyncIterator[SnapshotStore]:
    """A store to which so many requests have come that checks are shared, and that was checked just now."""
    async with running(tables, clock) as store:
        for _ in range(RUSH_PER_SLOT):
            await checked(store)
        clock.now_s += SLOT_S
        await checked(store)
        tables.asked.clear()
        yield store


def test_it_is_a_rush_while_the_slot_before_was_full() -> None:
    rush = Rush()
    assert not any(rush.arrived(0.1) for _ in range(RUSH_PER_SLOT))
    assert rush.arrived(SLOT_S)
    assert not rush.arrived(2 * SLOT_S), "only one request came in the slot before"


def test_a_burst_after_silence_is_no_rush() -> None:
    rush = Rush()
    for _ in range(RUSH_PER_SLOT):
        rush.arrived(0.1)
    assert not rush.arrived(3 * SLOT_S)


async def test_in_a_rush_a_check_serves_for_a_moment() -> None:
    tables, clock = Tables(), Clock()
    async with rushing(tables, clock) as store:
        clock.now_s += CHECK_SERVES_S * 0.4
        assert store.ask() is None
        assert not tables.asked


async def test_and_no_longer() -> None:
    tables, clock = Tables(), Clock()
    async with rushing(tables, clock) as store:
        clock.now_s += CHECK_SERVES_S * 1.1
        await checked(store)
        assert tables.asked == ["mark"]


@pytest.mark.parametrize("after_the_check_s", [0.0, 0.001, CHECK_SERVES_S / 2, CHECK_SERVES_S])
async def test_an_edit_governs_every_admission_after_its_acknowledgement(after_the_check_s: float) -> None:
    tables, clock = Tables(), Clock()
    async with rushing(tables, clock) as store:
        clock.now_s += after_the_check_s
        tables.edit("a", 7)
        clock.now_s += ACKNOWLEDGE_AFTER_S
        assert (await checked(store))["a"] == 7


async def test_without_a_rush_each_request_has_its_check() -> None:
    tables, clock = Tables(), Clock()
    async with running(tables, clock) as store:
        for edit in range(3):
            tables.edit("a", edit)
            assert (await checked(store))["a"] == edit


def test_the_api_waits_longer_than_a_check_serves() -> None:
    assert ACKNOWLEDGE_AFTER_S > CHECK_SERVES_S
