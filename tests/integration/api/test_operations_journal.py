"""The state of a running operation: many steps in one commit, and one instance that writes it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kubedoor_api.commits.writer import Writer
from kubedoor_api.operations import queries
from kubedoor_api.operations.desired import Restart
from kubedoor_api.operations.job import Job, Step, job_of, row_of
from kubedoor_api.operations.repository import DeposedError, OperationRepository
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from support.api import ENV


def job(**changes: Any) -> Job:
    wanted = Restart().model_dump_json()
    steps = tuple(Step("shop", f"service-{number}", wanted) for number in range(20))
    return replace(Job("1", ENV, "restart", "alice", datetime.now(UTC), steps, runner="one"), **changes)


def context(clickhouse: ClickHouse) -> Context:
    return Context(clickhouse, Writer(clickhouse))


async def standing(clickhouse: ClickHouse) -> Job:
    row = await queries.one(clickhouse, ENV, "1")
    assert row is not None
    return job_of(row)


async def test_steps_that_end_together_are_saved_together(clickhouse: ClickHouse) -> None:
    await clickhouse.insert("operation", [{**row_of(job()), "version": 1}])
    journal = OperationRepository(context(clickhouse), job(), "one")

    async def end(index: int) -> None:
        now = datetime.now(UTC).replace(microsecond=123_000)
        journal.note(
            index, state="succeeded", detail=f'{index} "done"\n', finished_at=now, replicas_after=index
        )
        await journal.save()
        assert (await standing(clickhouse)).steps[index] == journal.step(index)

    await asyncio.gather(*(end(index) for index in range(20)))
    row = await clickhouse.fetch_one("SELECT count() AS n FROM commit_log WHERE table_name = 'operation'")
    assert row is not None
    assert row["n"] <= 3


async def test_who_was_deposed_writes_nothing(clickhouse: ClickHouse) -> None:
    await clickhouse.insert("operation", [{**row_of(job(runner="two")), "version": 1}])
    journal = OperationRepository(context(clickhouse), job(), "one")
    journal.note(0, state="succeeded")
    with pytest.raises(DeposedError):
        await journal.save()
    assert (await standing(clickhouse)).steps[0].state == "pending"


async def test_a_cancellation_beside_the_steps_is_kept(clickhouse: ClickHouse) -> None:
    await clickhouse.insert("operation", [{**row_of(job(cancelled_by="bob")), "version": 1}])
    journal = OperationRepository(context(clickhouse), job(), "one")
    journal.note(0, state="succeeded")
    await journal.save()
    found = await standing(clickhouse)
    assert (found.cancelled_by, found.steps[0].state, journal.cancelled.is_set()) == (
        "bob",
        "succeeded",
        True,
    )
