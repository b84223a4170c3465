"""A ClickHouse that hangs: whoever waits behind a change that waits for it is told so, not kept in line."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NoReturn, cast

import pytest

from kubedoor_api.audit import logger as recording
from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.commits import writer as writing
from kubedoor_api.commits.writer import Writer
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.errors import UnavailableError


class Hanging:
    """Answers nothing, ever."""

    async def fetch(self, *_: Any, **__: Any) -> NoReturn:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    fetch_one = insert = fetch


async def nothing() -> Sequence[Row]:
    return []


async def test_a_change_behind_one_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "QUEUE_S", 0.01)
    writer = Writer(cast(ClickHouse, Hanging()))
    first = asyncio.create_task(writer.commit("control", "alice", nothing))
    await asyncio.sleep(0)
    for _ in range(3):
        with pytest.raises(UnavailableError, match="wait for ClickHouse"):
            await writer.commit("control", "bob", nothing)
    first.cancel()
    await asyncio.wait({first})
    assert writer._locks["control"].locked() is False, "who gave up, or was cancelled, holds nothing"


async def test_an_answer_does_not_wait_for_its_entry_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "RECORD_WITHIN_S", 0.01)
    recorder = AuditLogger(cast(ClickHouse, Hanging()))
    for number in range(3):
        await recorder.record(AuditEntry("alice", "admin", "", str(number), "changeService", "failed"))
    assert len(recorder._waiting) == 3, "each is written once ClickHouse is back"
    flushing = list(recorder._flushing)
    recorder.abandon()
    await asyncio.wait(flushing)
    assert all(task.cancelled() for task in flushing), "none is left over when the connections close"
