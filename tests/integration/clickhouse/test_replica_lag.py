"""A replica that lags a moment behind is asked again; one that can't answer is said to be away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.errors import ClickHouseError, ClickHouseUnavailableError
from kubedoor_core.settings import Settings
from kubedoor_webhook.queries import ControlTable

LAGS = "Code: 289. DB::Exception: Replica doesn't have part. (REPLICA_IS_NOT_IN_QUORUM)"
BUSY = "Code: 286. DB::Exception: Quorum for previous write has not been satisfied yet."
NO_KEEPER = "Code: 999. Coordination::Exception: Session expired. (KEEPER_EXCEPTION)"
WRONG = "Code: 47. DB::Exception: Unknown identifier. (UNKNOWN_IDENTIFIER)"


@dataclass
class Replica:
    """Answers with errors first, and then with one row; keeps what it was asked."""

    errors: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        statement = request.query.get("query", "") + (await request.read()).decode()
        self.asked.append({**request.query, "statement": statement})
        if self.errors:
            return web.Response(status=500, text=self.errors.pop(0))
        if "FORMAT JSON\n" in statement + "\n" and "EachRow" not in statement:
            return web.json_response({"data": [{"n": 7}], "rows": 1})
        return web.Response(text="" if "INSERT" in statement else '{"n": 7}\n')

    @asynccontextmanager
    async def serving(self, cluster: str = "c") -> AsyncIterator[tuple[ClickHouse, Settings]]:
        app = web.Application()
        app.router.add_post("/", self.answer)
        async with TestServer(app) as server:
            url = str(server.make_url("")).rstrip("/")
            settings = Settings(clickhouse_url=url, clickhouse_cluster=cluster)
            async with connect(settings) as clickhouse:
                yield clickhouse, settings


async def test_a_read_is_asked_again_until_the_replica_has_caught_up() -> None:
    replica = Replica([LAGS, LAGS])
    async with replica.serving() as (clickhouse, _):
        assert await clickhouse.fetch("SELECT 7 AS n") == [{"n": 7}]
    assert [asked["select_sequential_consistency"] for asked in replica.asked] == ["1"] * 3


async def test_rows_that_come_one_by_one_are_asked_for_again_likewise() -> None:
    replica = Replica([LAGS, BUSY])
    async with replica.serving() as (clickhouse, _):
        assert [row async for row in clickhouse.iterate("SELECT 7 AS n")] == [{"n": 7}]
    assert [asked["select_sequential_consistency"] for asked in replica.asked] == ["1"] * 3
    away = Replica([NO_KEEPER])
    async with away.serving() as (clickhouse, _):
        with pytest.raises(ClickHouseUnavailableError):
            [row async for row in clickhouse.iterate("SELECT 7 AS n")]
    assert len(away.asked) == 1


async def test_an_edit_waits_for_the_one_before_with_the_same_token() -> None:
    replica = Replica([BUSY])
    async with replica.serving() as (clickhouse, _):
        await clickhouse.insert("commit_log", [{"base": 1}], once="control:1")
    first, second = replica.asked
    assert first == second
    assert (first["insert_quorum"], first["insert_quorum_parallel"]) == ("auto", "0")
    assert "insert_deduplication_token = 'control:1'" in first["statement"]


async def test_a_log_waits_for_nobody() -> None:
    replica = Replica()
    async with replica.serving() as (clickhouse, _):
        await clickhouse.insert("admission_log", [{"env": "test"}])
    assert "insert_quorum" not in replica.asked[0]


async def test_no_keeper_is_an_outage_and_a_wrong_statement_is_not() -> None:
    async with Replica([NO_KEEPER, WRONG]).serving() as (clickhouse, _):
        with pytest.raises(ClickHouseUnavailableError):
            await clickhouse.fetch("SELECT 7 AS n")
        with pytest.raises(ClickHouseError, match="Code: 47"):
            await clickhouse.fetch("SELECT 7 AS n")


async def test_the_webhooks_check_asks_again() -> None:
    replica = Replica([LAGS, LAGS])
    async with replica.serving() as (_, settings), aiohttp.ClientSession() as session:
        assert await ControlTable(session, settings, "test").mark(30) == 7
    assert [asked["select_sequential_consistency"] for asked in replica.asked] == ["1"] * 3


async def test_the_webhooks_check_gives_up_in_its_time() -> None:
    replica = Replica([LAGS] * 100_000)
    async with replica.serving() as (_, settings), aiohttp.ClientSession() as session:
        with pytest.raises((ClickHouseError, ClickHouseUnavailableError)):
            await ControlTable(session, settings, "test").mark(2)
    assert len(replica.asked) > 1


async def test_one_server_is_asked_as_ever() -> None:
    replica = Replica()
    async with replica.serving(cluster="") as (clickhouse, _):
        await clickhouse.fetch("SELECT 7 AS n")
        await clickhouse.insert("control", [{"env": "test"}])
    assert not [name for asked in replica.asked for name in asked if "quorum" in name or "sequential" in name]


async def test_the_webhook_and_the_client_take_an_exception_for_the_same() -> None:
    full = "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)"
    for text, kind in ((full, ClickHouseUnavailableError), (WRONG, ClickHouseError)):
        async with Replica([text, text, text]).serving("") as (clickhouse, settings):
            with pytest.raises(kind):
                await clickhouse.insert("control", [{"env": "test"}])
            with pytest.raises(kind):
                await clickhouse.fetch("SELECT 1")
            async with aiohttp.ClientSession() as session:
                with pytest.raises(kind):
                    await ControlTable(session, settings, "test").mark(2)
