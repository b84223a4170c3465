"""Event streams are bounded per person, and one look serves all who watch the same operation."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_api.operations import serializers
from kubedoor_api.operations.repository import OPERATIONS
from kubedoor_api.web import stream
from kubedoor_api.web.concurrency import Polls
from kubedoor_api.web.stream import STREAMS_PER_PERSON
from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, Api
from support.waiting import until


async def watch(stack: AsyncExitStack, api: Api, path: str) -> Any:
    """Open a stream, and wait for its first line."""
    headers = {"Authorization": f"Bearer {api.bearer}"}
    response = await stack.enter_async_context(api.client.get(path, headers=headers))
    assert response.status == 200, await response.text()
    assert (await response.content.readline()).startswith(b"event: progress")
    return response


async def pending(clickhouse: ClickHouse) -> str:
    at = "2026-11-01 00:00:00"
    row = {
        "env": ENV,
        "id": "a" * 32,
        "kind": "restart",
        "state": "pending",
        "requested_by": "alice",
        "version": 1,
    }
    await clickhouse.insert(
        "operation", [{**row, "requested_at": at, "updated_at": at, "run_at": "2100-01-01 00:00:00"}]
    )
    return f"{BASE}/operations/{'a' * 32}/events"


async def test_one_person_has_so_many_streams_and_others_have_theirs(
    api: Api, clickhouse: ClickHouse
) -> None:
    path = await pending(clickhouse)
    async with AsyncExitStack() as stack:
        opened = [await watch(stack, api, path) for _ in range(STREAMS_PER_PERSON)]
        refused = await api.get(path)
        assert (refused.status, refused.json["code"]) == (429, "too_many_streams")
        assert refused.json["parameters"] == {"most": STREAMS_PER_PERSON}
        assert "Retry-After" in refused.headers
        await watch(stack, api.as_(Role.VIEWER, name="bob"), path)
        opened[0].close()

        async def free() -> bool:
            async with AsyncExitStack() as inner:
                headers = {"Authorization": f"Bearer {api.bearer}"}
                response = await inner.enter_async_context(api.client.get(path, headers=headers))
                return response.status == 200

        assert await until(free)


async def test_one_look_serves_all_who_watch_the_same(
    api: Api, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, load, looking, most = await pending(clickhouse), OPERATIONS.one, 0, 0
    looks = 0

    async def counted(*arguments: Any) -> Any:
        nonlocal looking, most, looks
        looking, looks = looking + 1, looks + 1
        most = max(most, looking)
        try:
            await asyncio.sleep(0.2)
            return await load(*arguments)
        finally:
            looking -= 1

    monkeypatch.setattr(serializers, "OPERATIONS", replace(OPERATIONS, one=counted))
    monkeypatch.setattr(stream, "POLL_S", 0.5)
    async with AsyncExitStack() as stack:
        for name in ("alice", "bob", "carol"):
            for _ in range(8):
                await watch(stack, api.as_(Role.VIEWER, name=name), path)
        looks = 0

        async def looked() -> bool:
            return looks >= 4

        assert await until(looked)
    assert most <= 2, "24 watch"


async def test_who_waits_for_the_same_look_gets_the_same_and_an_error_likewise() -> None:
    polls, looks = Polls(), 0

    async def look() -> int:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise ValueError("away")
        return looks

    assert await asyncio.gather(*(polls.next("a", 0.01, look) for _ in range(50))) == [1] * 50
    failed = await asyncio.gather(*(polls.next("a", 0.01, look) for _ in range(50)), return_exceptions=True)
    assert {type(one) for one in failed} == {ValueError}
    assert await polls.next("a", 0, look) == 3
