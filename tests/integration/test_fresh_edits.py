"""An acknowledged edit governs every admission that starts after it: 250 in a row, and under load."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_webhook import load_detector, store
from support.api import PASSWORD, SERVICES, Api, api_settings, serving, write_htpasswd
from support.reviews import deployment, restarted, review
from support.rows import containers, control_row, set_mode
from support.waiting import until
from support.webhook import ENV, WebhookThread, ask, metric, until_ready

EDITS = 250
UNDER_LOAD = 10
WRITERS = 4
LOOK_S = 0.25
OTHERS = 200
CHECKOUT = f"{SERVICES}/shop/checkout"
RESTART = review(restarted(deployment()), deployment())
CHECKS = "kubedoor_snapshot_checks_total"


async def seed(clickhouse: ClickHouse) -> None:
    values = containers(app=(250, 1000, 512, 1024))
    names = ["checkout", *(f"other-{n}" for n in range(OTHERS))]
    rows = [control_row(ENV, "shop", name, replicas_manual=1, **values) for name in names]
    await clickhouse.insert("control", rows)
    await set_mode(clickhouse, ENV, "enforce")


@asynccontextmanager
async def governed(
    clickhouse: ClickHouse, settings: dict[str, str], folder: Path
) -> AsyncIterator[tuple[Api, aiohttp.ClientSession]]:
    """An api, and a client of a webhook that enforces what is edited by it."""
    await seed(clickhouse)
    write_htpasswd(folder / "htpasswd", alice=PASSWORD)
    with WebhookThread(folder, settings).running() as webhook:
        async with serving(api_settings(folder, settings)) as api, webhook.session() as client:
            await until_ready(client)
            yield api, client


async def edited(api: Api, version: str, count: int) -> str:
    """Edit the count of replicas; return the version once the edit is acknowledged."""
    answer = await api.change("PATCH", CHECKOUT, {"replicas_manual": count}, version=version)
    assert answer.status == 200, answer.text
    return str(answer.json["version"])


async def admitted(client: aiohttp.ClientSession) -> int:
    """Return the replicas that a restart is admitted with."""
    answer = await ask(client, RESTART)
    replicas: int = answer.admitted(RESTART)["spec"]["replicas"]
    return replicas


async def test_each_admission_sees_the_edit_before_it(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    async with governed(clickhouse, clickhouse_settings, tmp_path) as (api, client):
        version = (await api.get(CHECKOUT)).json["version"]
        for count in range(2, EDITS + 2):
            version = await edited(api, version, count)
            assert await admitted(client) == count


async def test_also_under_load_where_a_check_serves_many(
    clickhouse: ClickHouse,
    clickhouse_settings: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(load_detector, "LOAD_PER_SLOT", 2)  # which a busy machine does as well
    monkeypatch.setattr(store, "UNCHANGED_S", LOOK_S)
    async with governed(clickhouse, clickhouse_settings, tmp_path) as (api, client):
        asked = 0

        async def write() -> None:
            nonlocal asked
            while True:
                await admitted(client)
                asked += 1

        async def shared() -> bool:
            """Tell whether the requests of a while are more than its checks by far."""
            checks, before = await metric(client, CHECKS), asked
            await asyncio.sleep(LOOK_S)
            return asked - before > 3 * (await metric(client, CHECKS) - checks)

        version = (await api.get(CHECKOUT)).json["version"]
        async with asyncio.TaskGroup() as group:
            writers = [group.create_task(write()) for _ in range(WRITERS)]
            for count in range(2, UNDER_LOAD + 2):
                await until(shared)
                version = await edited(api, version, count)
                assert await admitted(client) == count
            for writer in writers:
                writer.cancel()
