"""Now of a large env: how long its page takes to open, what many viewers cost, and a look for findings."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from pathlib import Path

from bench.results import Result, at_most, seen
from bench.rounds import SHORT
from kubedoor_api.access.roles import Role
from kubedoor_api.findings.leader import causes
from kubedoor_api.now.board import EVERY_S
from kubedoor_core.clickhouse import connect
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from kubedoor_dev import live
from kubedoor_dev.metrics.model import Container, Service
from kubedoor_dev.prometheus import fill_victoria_metrics, running, start_victoria_metrics
from support.api import BASE, Api, api_settings, serving, write_htpasswd
from support.clickhouse import Server
from support.findings import company

SUITE = "now"
SERVICES = 200 if SHORT else 5_000
PODS = 3
VIEWERS = 200
SAMPLES, STEP_S = 4, 30
OPEN_S, LOOK_S = 1.5, 2.0
CONTAINER = Container("app", 120.0, 200.0, 200, 400, 256, 512)


def _services() -> tuple[Service, ...]:
    return tuple(
        Service(f"team-{number % 50}", f"svc-{number}", PODS, (CONTAINER,)) for number in range(SERVICES)
    )


async def _opened(api: Api) -> float:
    """Open the page: its sums and the first of its services; return the seconds."""
    begun = time.perf_counter()
    for path in ("now", "now/services?limit=500", "now/nodes"):
        answer = await api.get(f"{BASE}/{path}")
        if answer.status != 200:
            raise RuntimeError(answer.text)
    now = (await api.get(f"{BASE}/now")).json
    if now["tiles"]["services"] != SERVICES:
        raise RuntimeError(f"services are missing: {now['tiles']}, {now['queries']}")
    return time.perf_counter() - begun


async def _followed(api: Api) -> tuple[float, set[str]]:
    """Let many follow; return the seconds until all have it, and which evaluations they got."""

    async def first(number: int) -> str:
        viewer = api.as_(Role.VIEWER, name=f"viewer{number}")  # a person may have a few streams only
        headers = {"Authorization": f"Bearer {viewer.bearer}"}
        async with api.client.get(f"{BASE}/now/stream", headers=headers) as answer:
            async for line in answer.content:
                if line.startswith(b"data: "):
                    return str(json.loads(line.removeprefix(b"data: "))["at"])
            raise RuntimeError(f"nothing came: {answer.status}")

    begun = time.perf_counter()
    got = await asyncio.gather(*(first(number) for number in range(VIEWERS)))
    return time.perf_counter() - begun, set(got)


def _look() -> float:
    facts = company(SERVICES, PODS)
    begun = time.perf_counter()
    if causes(facts):
        raise RuntimeError("something is found where all is well")
    return time.perf_counter() - begun


async def _run(folder: Path, url: str, store: str) -> list[Result]:
    async with connect(Settings(clickhouse_url=url)) as clickhouse:
        await migrate(clickhouse)
        write_htpasswd(folder / "htpasswd", alice="x")
        settings = api_settings(folder, {"KUBEDOOR_CLICKHOUSE_URL": url}).model_copy(
            update={"prometheus_url": store, "prometheus_type": "victoria-metrics-single"}
        )
        async with serving(settings) as api:
            opened = await _opened(api)
            await asyncio.sleep(EVERY_S)  # by then another evaluation is due
            again = await _opened(api)
            followed, evaluations = await _followed(api)
    return [
        seen(SUITE, f"Now of {SERVICES} services, opened where nobody has looked for a minute", opened, "s"),
        at_most(SUITE, "opened where somebody has, or findings are looked for", again, "s", OPEN_S),
        at_most(SUITE, f"evaluations that {VIEWERS} viewers get", len(evaluations), "", 1),
        seen(SUITE, f"until {VIEWERS} viewers have it", followed, "s"),
        at_most(SUITE, f"a look for findings over {SERVICES} services", _look(), "s", LOOK_S),
    ]


def main() -> list[Result]:
    """Run the suite."""
    with tempfile.TemporaryDirectory(prefix="kubedoor-bench-") as name:
        folder, now = Path(name), int(time.time())
        server = Server(folder)
        times = range(now - (SAMPLES - 1) * STEP_S, now + 10 * 60, 60)
        with running(start_victoria_metrics(folder / "store")) as store, server.running():
            fill_victoria_metrics(store, live.series(live.running(_services(), nodes=100), times))
            return asyncio.run(_run(folder, server.url, store.url))
