"""Alerts in: 10,000 through the API by several senders, beside bare INSERTs of as many rows."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench.results import Result, at_least
from bench.rounds import SHORT, median_seen, quiet
from kubedoor_api.access.roles import Role
from kubedoor_api.alerts.row import AlertmanagerMessage, row_of
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from support.alerts import message, sent_alert
from support.api import BASE, ENV, Api, api_settings, serving, write_htpasswd
from support.clickhouse import Server

SUITE = "alerts"
COUNT = 1000 if SHORT else 10_000
GROUP = 100
"""Alerts in a message."""
SENDERS = 4
ROUNDS = 5
A_MINUTE = 10_000


def _messages(number: int) -> list[bytes]:
    first = number * COUNT
    alerts = [sent_alert(first + n, pod=f"cart-7d9c5b8f6d-{n:05}") for n in range(COUNT)]
    return [json.dumps(message(*alerts[at : at + GROUP])).encode() for at in range(0, COUNT, GROUP)]


async def _send(api: Api, bodies: list[bytes]) -> float:
    """Send all and return the seconds until the last is answered."""
    waiting, sender = iter(bodies), api.as_(Role.INGEST)
    headers = {"Authorization": f"Bearer {sender.bearer}", "Content-Type": "application/json"}

    async def send() -> None:
        for body in waiting:
            path = f"{BASE}/alerts/alertmanager"
            async with api.client.post(path, data=body, headers=headers) as answer:
                if answer.status != 200:
                    raise RuntimeError(await answer.text())

    begun = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(SENDERS)))
    return time.perf_counter() - begun


async def _insert(session: aiohttp.ClientSession, url: str, bodies: list[bytes]) -> float:
    """Insert the rows of the same messages, one INSERT for each, and return the seconds."""
    now, parts = datetime.now(UTC), list[bytes]()
    for body in bodies:
        sent = AlertmanagerMessage.model_validate_json(body)
        parts.append(b"\n".join(json.dumps(row_of(ENV, one, now)).encode() for one in sent.alerts))
    statement = {"database": "kubedoor", "query": "INSERT INTO alert FORMAT JSONEachRow"}
    begun = time.perf_counter()
    for part in parts:
        async with session.post(url, params=statement, data=part) as answer:
            answer.raise_for_status()
    return time.perf_counter() - begun


async def _rounds(clickhouse: ClickHouse, api: Api, url: str) -> list[Result]:
    ours, bare = list[float](), list[float]()
    async with aiohttp.ClientSession() as session:
        for number in range(ROUNDS):
            bare.append(await _insert(session, url, _messages(2 * number)))
            ours.append(await _send(api, _messages(2 * number + 1)))
    row = await clickhouse.fetch_one("SELECT count() AS n FROM alert FINAL")
    if row is None or row["n"] != 2 * ROUNDS * COUNT:
        raise RuntimeError(f"alerts were lost or are there twice: {row}")
    ratios = [mine / other for mine, other in zip(ours, bare, strict=True)]
    return [
        at_least(SUITE, "alerts a minute, in the slowest round", COUNT / max(ours) * 60, "", A_MINUTE),
        *median_seen(SUITE, f"{COUNT} alerts through the API", ours, "s"),
        *median_seen(SUITE, f"{COUNT} alerts by bare INSERTs", bare, "s"),
        *median_seen(SUITE, "the API / bare INSERTs", ratios, "times"),
        quiet(SUITE, bare),
    ]


async def _run(folder: Path, url: str) -> list[Result]:
    async with connect(Settings(clickhouse_url=url)) as clickhouse:
        await migrate(clickhouse)
        write_htpasswd(folder / "htpasswd", alice="x")
        async with serving(api_settings(folder, {"KUBEDOOR_CLICKHOUSE_URL": url})) as api:
            return await _rounds(clickhouse, api, url)


def main() -> list[Result]:
    """Run the suite."""
    with tempfile.TemporaryDirectory(prefix="kubedoor-bench-") as name:
        folder = Path(name)
        server = Server(folder)
        with server.running():
            return asyncio.run(_run(folder, server.url))
