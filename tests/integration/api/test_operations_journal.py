"""The state of a running operation: many targets in one commit, and one instance that writes it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kubedoor_api.commits.writer import Writer
from kubedoor_api.leader.jobs import DeposedError
from kubedoor_api.operations import queries
from kubedoor_api.operations.notes import note
from kubedoor_api.operations.operation import Operation, Restart, Target, row_of
from kubedoor_api.operations.repository import OperationRepository
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from support.api import ENV


def operation(**changes: Any) -> Operation:
    targets = tuple(Target("shop", f"service-{number}", Restart()) for number in range(20))
    made = Operation(
        id="1", env=ENV, kind="restart", requested_by="alice", requested_at=datetime.now(UTC),
        targets=targets, runner="one",
    )  # fmt: skip
    return replace(made, **changes)


def context(clickhouse: ClickHouse) -> Context:
    return Context(clickhouse, Writer(clickhouse))


async def standing(clickhouse: ClickHouse) -> Operation:
    found = await queries.one(clickhouse, ENV, "1")
    assert found is not None
    return found


async def test_targets_that_end_together_are_saved_together(clickhouse: ClickHouse) -> None:
    await clickhouse.insert("operation", [{**row_of(operation()), "version": 1}])
    running = OperationRepository(context(clickhouse), operation())

    async def end(index: int) -> None:
        now = datetime.now(UTC).replace(microsecond=123_000)
        said = (note("said", text=f'{index} "done"\n'),)
        running.change(index, state="succeeded", notes=said, finished_at=now, replicas_after=index)
        await running.save()
        assert (await standing(clickhouse)).targets[index] == running.target(index)

    await asyncio.gather(*(end(index) for index in range(20)))
    row = await clickhouse.fetch_one("SELECT count() AS n FROM commit_log WHERE table_name = 'operation'")
    assert row is not None
    assert row["n"] <= 3


async def test_who_was_deposed_writes_nothing(clickhouse: ClickHouse) -> None:
    await clickhouse.insert("operation", [{**row_of(operation(runner="two")), "version": 1}])
    running = OperationRepository(context(clickhouse), operation())
    running.change(0, state="succeeded")
    with pytest.raises(DeposedError):
        await running.save()
    assert (await standing(clickhouse)).targets[0].state == "pending"


async def test_a_cancellation_beside_the_targets_is_kept(clickhouse: ClickHouse) -> None:
    await clickhouse.insert("operation", [{**row_of(operation(cancelled_by="bob")), "version": 1}])
    running = OperationRepository(context(clickhouse), operation())
    running.change(0, state="succeeded")
    await running.save()
    found = await standing(clickhouse)
    assert (found.cancelled_by, found.targets[0].state, running.cancelled.is_set()) == (
        "bob",
        "succeeded",
        True,
    )
