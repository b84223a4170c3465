"""A webhook on this test's own database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from kubedoor_core.clickhouse import ClickHouse
from support.rows import containers, control_row, set_mode
from support.webhook import ENV, Webhook, WebhookThread, until_ready


@pytest.fixture
async def governed(clickhouse: ClickHouse) -> ClickHouse:
    """A control table with `shop/checkout`, enforced."""
    values = containers(app=(250, 1000, 512, 1024))
    await clickhouse.insert("control", [control_row(ENV, "shop", "checkout", replicas_manual=3, **values)])
    await set_mode(clickhouse, ENV, "enforce")
    return clickhouse


@pytest.fixture
def webhook(governed: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path) -> Iterator[Webhook]:
    """A running webhook."""
    with WebhookThread(tmp_path, clickhouse_settings).running() as running:
        yield running


@pytest.fixture
def webhook_process(
    governed: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> Iterator[Webhook]:
    """A running webhook as a process of its own, with a log."""
    with Webhook(tmp_path, clickhouse_settings).running() as running:
        yield running


@pytest.fixture
async def client(webhook: Webhook) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of it, with pooled connections; ready when the webhook is."""
    async with webhook.session() as session:
        await until_ready(session)
        yield session
