"""Collection: our run against the bare queries and against the original's way; memory, growth, derivation."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import requests

from bench.collection_child import environment
from bench.results import Result, at_most, seen
from kubedoor_collector.domain.promql import Selection, survey_queries
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.domain.peak import Window, parse_peak_hours
from kubedoor_core.logs import configure_logging
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from kubedoor_dev.metrics import Scenario, build_blocks, scaled_company
from kubedoor_dev.prometheus import running, start_prometheus
from support.clickhouse import Server

SUITE = "collection"
SERVICES = 1000
FEWER = 100
DERIVED = 5000
ROUNDS = 3
CONCURRENCY = 4
ZONE = ZoneInfo("Asia/Shanghai")
PEAK = parse_peak_hours("10:00-11:30")
DATES = (date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3))
"""Fixed, so that the blocks are written once."""

CONTAINERS = 'container!="",container!="POD"'
CPU = f"rate(container_cpu_usage_seconds_total{{{CONTAINERS}}}[2m])"
MEM = f"container_memory_working_set_bytes{{{CONTAINERS}}}"
QUOTA = f"container_spec_cpu_quota{{{CONTAINERS}}}"


def _by(how: str, series: str) -> str:
    name = f'label_replace({series}, "deployment", "$1", "pod", "(.+)-[^-]+-[^-]+")'
    return f"{how} by (namespace, deployment) ({name})"


def _asked(kind: str, resource: str) -> str:
    return _by("max", f'kube_pod_container_resource_{kind}{{resource="{resource}"}}')


ORIGINAL = [
    _by("count", "kube_pod_container_info"),
    _by("avg", CPU),
    f"{_by('avg', CPU)} / {_by('max', QUOTA)}",
    _by("avg", MEM),
    f"{_by('avg', MEM)} / {_asked('limits', 'memory')}",
    _asked("limits", "cpu"),
    _asked("limits", "memory"),
    _asked("requests", "cpu"),
    _asked("requests", "memory"),
]
"""Nine range queries a day, whose series all travel."""


def window(day: date) -> Window:
    """Return a day's window."""
    return PEAK.windows[0].window(day, ZONE)


@contextmanager
def prometheus(services: int, folder: Path) -> Iterator[str]:
    """Run a Prometheus with so many services of two pods and two containers, a scrape a minute."""
    scenario = Scenario(scaled_company(services, 2, 2), DATES, ZONE, PEAK)

    def tell(done: int, days: int) -> None:
        print(f"writing blocks: day {done} of {days}", flush=True)

    blocks = build_blocks(scenario, progress=tell)
    with running(start_prometheus(blocks, folder / f"prometheus-{services}")) as store:
        yield store.url


async def lower_bound(url: str) -> float:
    """Return the seconds in which the store answers our queries to a bare client, as many at once as ours."""
    gate = asyncio.Semaphore(CONCURRENCY)
    began = time.perf_counter()
    async with aiohttp.ClientSession() as session:

        async def ask(path: str, parameters: dict[str, str]) -> None:
            async with gate, session.get(f"{url}/api/v1/{path}", params=parameters) as answer:
                assert answer.status == 200, await answer.text()
                await answer.read()

        for day in DATES:
            one = window(day)
            selection = Selection(".*", "", 120, 60, one.seconds)
            queries = survey_queries(selection).values()
            asks = [ask("query", {"query": query, "time": str(one.end.timestamp())}) for query in queries]
            await asyncio.gather(*asks)
    return time.perf_counter() - began


def child(environ: dict[str, str], *arguments: str) -> dict[str, float]:
    """Run one collection or derivation in a process of its own."""
    command = [sys.executable, "-m", "bench.collection_child", *arguments]
    environ = {**environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def nine_queries(url: str) -> float:
    """Return the seconds of the original's queries, one after the other."""
    began = time.perf_counter()
    for day in DATES:
        one = window(day)
        for query in ORIGINAL:
            span = {"start": str(one.start.timestamp()), "end": str(one.end.timestamp()), "step": "60"}
            answer = requests.get(f"{url}/api/v1/query_range", params={"query": query, **span}, timeout=120)
            assert answer.json()["status"] == "success", answer.text
    return time.perf_counter() - began


async def one_update_each(clickhouse: ClickHouse) -> float:
    """Return the seconds of an `ALTER TABLE ... UPDATE` per service."""
    began = time.perf_counter()
    for index in range(SERVICES):
        await clickhouse.execute(
            f"ALTER TABLE originals UPDATE request_cpu_m = {index} WHERE deployment = 'service-{index:05}'"
        )
    return time.perf_counter() - began


async def prepare(url: str, database: str) -> None:
    """Make an empty database with the original's table in it."""
    async with connect(Settings(clickhouse_url=url, clickhouse_database=database)) as clickhouse:
        await migrate(clickhouse)
        await clickhouse.execute(
            "CREATE TABLE originals (deployment String, request_cpu_m UInt32)"
            " ENGINE = MergeTree ORDER BY deployment"
        )
        await clickhouse.execute(
            "INSERT INTO originals SELECT concat('service-', leftPad(toString(number), 5, '0')), 1"
            " FROM numbers({n:UInt32})",
            n=SERVICES,
        )


async def fill_days(url: str, database: str) -> None:
    """Store ten days of many services with two containers each."""
    first = (datetime.now(UTC) - timedelta(days=11)).date()
    async with connect(Settings(clickhouse_url=url, clickhouse_database=database)) as clickhouse:
        await migrate(clickhouse)
        await clickhouse.execute(
            """
            INSERT INTO resource_daily (env, namespace, deployment, container, date, window_start, window_end,
                pod_count, p95_cpu_m, p95_mem_mib, limit_cpu_m, limit_mem_mib, coverage, collected_at)
            SELECT 'bench', concat('team-', toString(intDiv(s, 50))), concat('service-', toString(s)), c,
                {first:Date} + d AS day, toDateTime(day, 'UTC') + 7200, toDateTime(day, 'UTC') + 12600,
                1 + s % 5, 1 + cityHash64(s, c, d) % 900, 64 + cityHash64(c, s, d) % 4000,
                1000, 8192, 1, now64(3)
            FROM (SELECT number AS s FROM numbers({n:UInt32})) AS a,
                 (SELECT arrayJoin(['app', 'sidecar']) AS c) AS b, (SELECT number AS d FROM numbers(10)) AS e
            """,
            first=first, n=DERIVED,
        )  # fmt: skip


async def updates(clickhouse_url: str, database: str) -> float:
    """Run the original's updates."""
    settings = Settings(clickhouse_url=clickhouse_url, clickhouse_database=database)
    async with connect(settings) as clickhouse:
        return await one_update_each(clickhouse)


def compare(clickhouse_url: str, folder: Path) -> tuple[list[Result], float]:
    """Measure the three ways in turn, several times; return the results and our time."""
    bare, ours, theirs = [], [], []
    runs = []
    days = [day.isoformat() for day in DATES]
    with prometheus(SERVICES, folder) as url:
        asyncio.run(lower_bound(url))  # the store's caches are warm for everybody
        for index in range(ROUNDS):
            database = f"bench_{index}"
            asyncio.run(prepare(clickhouse_url, database))
            bare.append(asyncio.run(lower_bound(url)))
            runs.append(child(environment(clickhouse_url, url, database), *days))
            ours.append(runs[-1]["seconds"])
            theirs.append(nine_queries(url) + asyncio.run(updates(clickhouse_url, database)))
            print(f"bare {bare[-1]:.1f} s, ours {ours[-1]:.1f} s, theirs {theirs[-1]:.1f} s", flush=True)
    assert all(run["services"] == SERVICES for run in runs)
    a, b, c = (min(times) for times in (bare, ours, theirs))  # the round that the machine disturbed least
    results = [
        seen(SUITE, f"bare queries, {SERVICES} services, {len(DATES)} days", a, "s"),
        seen(SUITE, "our run", b, "s"),
        seen(SUITE, "the original's way", c, "s"),
        at_most(SUITE, "our run / bare queries", b / a, "x", 1.5),
        at_most(SUITE, "our run / the original's way", b / c, "x", 1 / 3),
        at_most(SUITE, "peak resident memory of our run", max(run["peak_mib"] for run in runs), "MiB", 400),
    ]
    return results, b


def growth(clickhouse_url: str, folder: Path, large_s: float) -> Result:
    """Compare our run with one of a tenth of the services."""
    with prometheus(FEWER, folder) as url:
        asyncio.run(prepare(clickhouse_url, "bench_few"))
        environ = environment(clickhouse_url, url, "bench_few")
        days = [day.isoformat() for day in DATES]
        small_s = min(child(environ, *days)["seconds"] for _ in range(ROUNDS))
    return at_most(SUITE, f"our run, {SERVICES} services / {FEWER} services", large_s / small_s, "x", 11)


def derivation(clickhouse_url: str) -> Result:
    """Measure the first derivation of many services."""
    times = []
    for index in range(ROUNDS):
        database = f"bench_derive_{index}"
        asyncio.run(fill_days(clickhouse_url, database))
        done = child(environment(clickhouse_url, "http://127.0.0.1:1", database))
        assert done["services"] == DERIVED, done
        times.append(done["seconds"])
    return at_most(SUITE, f"derivation of {DERIVED} services", min(times), "s", 2)


def main() -> list[Result]:
    """Return every measured value."""
    configure_logging("bench", "console", "warning")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Server(folder).running() as server:
            results, ours_s = compare(server.url, folder)
            return [*results, growth(server.url, folder, ours_s), derivation(server.url)]
