"""A leader looks into a table where something was committed, is open or may be due, and asks that alone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from kubedoor_api.commits import queries
from kubedoor_api.leader import news as news_module
from kubedoor_api.leader.news import News
from kubedoor_api.web.concurrency import Polls
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import UnavailableError

LONG_S = 3600.0


@dataclass
class Tables:
    """What ClickHouse answers, and how often it was asked."""

    head: int = 1
    away: bool = False
    questions: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def heads(self, _: ClickHouse) -> dict[str, int]:
        self.questions += 1
        self.asked.set()
        if self.away:
            raise UnavailableError("away")
        return dict.fromkeys(queries.WORK, self.head)

    async def next_question(self) -> None:
        self.asked.clear()
        await self.asked.wait()


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Tables:
    made = Tables()
    monkeypatch.setattr(queries, "heads_of_work", made.heads)
    monkeypatch.setattr(news_module, "POLL_S", 0.001)
    monkeypatch.setattr(news_module, "LOOK_ANYWAY_S", LONG_S)
    return made


@pytest.fixture
def context() -> Context:
    return Context(Polls(), ClickHouse.__new__(ClickHouse))


def news_of(context: Context) -> tuple[News, asyncio.Event]:
    added = asyncio.Event()
    return News(context, "operation", added), added


async def test_what_is_committed_is_looked_for(tables: Tables, context: Context) -> None:
    news, _ = news_of(context)
    await news.wait()
    waiting = asyncio.create_task(news.wait())
    await tables.next_question()
    await tables.next_question()
    assert not waiting.done(), "nothing was committed"
    tables.head = 2
    await waiting


async def test_what_this_instance_was_asked_for_is_looked_for_at_once(
    tables: Tables, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_module, "POLL_S", LONG_S)
    news, added = news_of(context)
    added.set()
    await news.wait()
    assert tables.questions == 0
    assert not added.is_set()


async def found() -> list[str]:
    return ["an operation"]


async def failed() -> list[str]:
    raise UnavailableError("away")


@pytest.mark.parametrize("look", [found, failed])
async def test_while_something_is_open_or_may_be_each_question_leads_to_a_look(
    look: Callable[[], Awaitable[list[str]]], tables: Tables, context: Context
) -> None:
    news, _ = news_of(context)
    await news.wait()
    with contextlib.suppress(UnavailableError):
        await news.look(look)
    before = tables.questions
    await news.wait()
    await news.wait()
    assert tables.questions == before + 2


async def test_what_is_due_by_itself_is_looked_for_now_and_then(
    tables: Tables, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, _ = news_of(context)
    await news.wait()
    waiting = asyncio.create_task(news.wait())
    await tables.next_question()
    assert not waiting.done(), "nothing was committed"
    waiting.cancel()
    monkeypatch.setattr(news_module, "LOOK_ANYWAY_S", 0.001)
    async with asyncio.timeout(60):
        await news.wait()


async def test_where_clickhouse_is_away_the_look_tells(tables: Tables, context: Context) -> None:
    news, _ = news_of(context)
    await news.wait()
    tables.away = True
    await news.wait()


async def test_all_envs_and_tables_ask_one_question(tables: Tables, context: Context) -> None:
    every = [News(context, table, asyncio.Event()) for table in queries.WORK for _ in range(20)]
    await asyncio.gather(*(one.wait() for one in every))
    assert tables.questions == 1
