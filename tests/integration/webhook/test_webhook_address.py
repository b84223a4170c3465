"""The secret in the address: whoever does not know it gets nothing, and leaves nothing."""

from __future__ import annotations

import json
from pathlib import Path

import aiohttp
import pytest

from kubedoor_core.clickhouse import ClickHouse
from support.reviews import deployment, review
from support.tls import head, open_connection
from support.webhook import Webhook, metric, until_ready

SECRET, BEFORE = "a-secret-that-nobody-knows", "the-secret-that-was-before"


@pytest.fixture
def webhook(governed: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path) -> Webhook:
    """A webhook with a secret, and the one before, in a file."""
    (tmp_path / "secret").write_text(f"{SECRET},{BEFORE}\n")
    own = {"KUBEDOOR_MUTATE_SECRET_FILE": str(tmp_path / "secret")}
    return Webhook(tmp_path, {**clickhouse_settings, **own})


async def _post(client: aiohttp.ClientSession, path: str) -> tuple[int, bytes]:
    async with client.post(path, json=review(deployment(name="rogue"))) as response:
        return response.status, await response.read()


async def test_only_the_secret_address_answers(webhook: Webhook, clickhouse: ClickHouse) -> None:
    with webhook.running():
        async with webhook.session() as client:
            await until_ready(client)
            _, nowhere = await _post(client, "/nowhere")
            wrong = [
                "/mutate", "/mutate/", f"/mutate/{SECRET}x", f"/mutate/{SECRET[:-1]}", f"/mutate/{SECRET}/",
                "/mutate/%00", "/mutate/%ED%A0%80", f"/mutate/{SECRET},{BEFORE}", f"/{SECRET}",
            ]  # fmt: skip
            for path in wrong:
                assert await _post(client, path) == (404, nowhere), path
            assert await metric(client, "kubedoor_admission_refused_total") > 0
            assert await clickhouse.fetch("SELECT 1 FROM admission_log LIMIT 1") == []
            for secret in (SECRET, BEFORE):
                status, body = await _post(client, f"/mutate/{secret}")
                assert (status, json.loads(body)["response"]["allowed"]) == (200, False)


async def test_no_byte_of_a_body_is_waited_for_at_another_address(webhook: Webhook) -> None:
    with webhook.running():
        one = await open_connection(webhook)
        await one.send(head(8_000_000, "/mutate") + b"{")
        assert (await one.reply()).status == 404
        one.writer.transport.abort()
