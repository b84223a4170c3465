"""The queue in front of the admission log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
from prometheus_client import CollectorRegistry, Counter

from kubedoor_core.errors import ClickHouseError, ClickHouseUnavailableError
from kubedoor_webhook.journal import Journal


class Table:
    """Takes rows, unless it is away, or refuses a row by its number."""

    def __init__(self, *, away: bool = False, refuses: int | None = None) -> None:
        self.away = away
        self.refuses = refuses
        self.rows: list[tuple[str, Any]] = []
        self.then: Callable[[], None] = lambda: None

    async def insert(self, table: str, rendered: list[orjson.Fragment]) -> None:
        if self.away:
            raise ClickHouseUnavailableError("away")
        rows = orjson.loads(orjson.dumps(rendered))
        if any(row["n"] == self.refuses for row in rows):
            raise ClickHouseError("no such value", 27)
        self.rows += [(table, row["n"]) for row in rows]
        self.then()


def row(n: int) -> bytes:
    return orjson.dumps({"n": n})


def journal(table: Table, capacity_rows: int = 100) -> tuple[Journal, Counter]:
    dropped = Counter("dropped", "rows", registry=CollectorRegistry())
    return Journal(table, dropped, capacity_rows), dropped


def value(counter: Counter) -> float:
    return next(s.value for m in counter.collect() for s in m.samples if s.name == "dropped_total")


async def test_rows_go_out_in_order_by_table() -> None:
    table = Table()
    queue, _ = journal(table)
    for n, name in enumerate(["a", "b", "a"]):
        queue.put(name, row(n))
    assert await queue.flush() is None
    assert table.rows == [("a", 0), ("a", 2), ("b", 1)]
    assert len(queue) == 0


async def test_while_clickhouse_is_away_rows_wait_and_the_oldest_are_dropped_and_counted() -> None:
    table = Table(away=True)
    queue, dropped = journal(table, capacity_rows=3)
    for n in range(5):
        queue.put("a", row(n))
        assert await queue.flush() == "away"
    table.away = False
    assert await queue.flush() is None
    assert table.rows == [("a", 2), ("a", 3), ("a", 4)]
    assert value(dropped) == 2


async def test_a_row_that_is_refused_does_not_hold_up_the_others() -> None:
    table = Table(refuses=1)
    queue, dropped = journal(table)
    for n in range(3):
        queue.put("a", row(n))
    assert await queue.flush() is None
    assert table.rows == [("a", 0), ("a", 2)]
    assert value(dropped) == 1


async def test_what_comes_during_a_flush_waits_for_the_next_so_that_batches_stay_large() -> None:
    table = Table()
    queue, _ = journal(table)
    table.then = lambda: queue.put("a", row(9))
    queue.put("a", row(0))
    assert await queue.flush() is None
    assert table.rows == [("a", 0)]
    assert len(queue) == 1


async def test_who_leaves_in_the_middle_of_a_write_loses_nothing_and_writes_nothing_twice() -> None:
    sink, going_on = Table(), asyncio.Event()

    async def slowly(table: str, rendered: list[orjson.Fragment]) -> None:
        begun.set()
        await going_on.wait()
        await Table.insert(sink, table, rendered)

    begun = asyncio.Event()
    sink.insert = slowly  # type: ignore[method-assign]
    queue, _ = journal(sink)
    for number in range(3):
        queue.put("log", row(number))
    runs = asyncio.create_task(queue.run())
    await begun.wait()
    queue.put("log", row(3))
    runs.cancel()
    await asyncio.gather(runs, return_exceptions=True)
    leaves = asyncio.create_task(queue.flush())
    going_on.set()
    assert await leaves is None
    assert sink.rows == [("log", number) for number in range(4)]
