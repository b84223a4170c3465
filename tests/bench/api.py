"""The API against ClickHouse itself: 5,000 services and a year of days; 50 readers at once; memory."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import aiohttp

from bench import profiling, schedules
from bench.results import Result, at_most, seen
from bench.rounds import SHORT, median_at_most, median_seen, quiet
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.control import queries as services
from kubedoor_api.control.figures.queries import usual_since
from kubedoor_api.settings import queries as preferences
from kubedoor_api.statistics.score.stored import queries as scores
from kubedoor_api.statistics.score.stored.keeper import first_of, score_days
from kubedoor_api.statistics.totals import queries as statistics_of
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.clickhouse.client import OUTPUT_SETTINGS
from kubedoor_core.clickhouse.parameters import Value, encode
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from kubedoor_dev.processes import free_port, stop, wait_for_http
from support.api import BASE, ENV, SECRET, SERVICES, api_settings, token, write_htpasswd
from support.clickhouse import Server
from support.schedules import parts

SUITE = "api"
COUNT = 300 if SHORT else 5000
DAYS = 30 if SHORT else 365
LAST = date(2096, 6, 30)
FIRST = LAST - timedelta(days=DAYS - 1)
ROUNDS = 3 if SHORT else 9
READERS = 50
READS_EACH = 6
RATIO = 1.5
MEMORY_MB = 250

DAILY = f"""
INSERT INTO resource_daily (env, namespace, name, container, date, window_start, window_end, pod_count,
    p95_cpu_m, p95_cpu_hot_m, p95_mem_mib, p95_mem_hot_mib, max_mem_mib, request_cpu_m, limit_cpu_m,
    request_mem_mib, limit_mem_mib, cpu_pct, mem_pct, oom_kills, throttled_pct, coverage, collected_at)
SELECT '{ENV}', concat('ns-', toString(s % 50)), concat('service-', toString(s)), 'app', day,
    toDateTime(day) + 7200, toDateTime(day) + 12600, 1 + s % 12,
    20 + cityHash64(s, day) % 900, 30 + cityHash64(s, day) % 1200, 64 + cityHash64(day, s) % 2000,
    80 + cityHash64(day, s) % 2400, 90 + cityHash64(day, s) % 2500, 500, 1000, 1024, 4096,
    (20 + cityHash64(s, day) % 900) / 10, (64 + cityHash64(day, s) % 2000) / 41, 0, 0, 1,
    toDateTime(day) + 14400
FROM
(
    SELECT number % {COUNT} AS s, toDate('{FIRST}') + intDiv(number, {COUNT}) AS day
    FROM numbers({COUNT * DAYS})
)
"""
DERIVED = f"""
INSERT INTO derived (env, namespace, name, replicas_initial, replicas_observed, peak_date_cpu,
    peak_date_mem, peak_pods_cpu, peak_pods_mem, `containers.name`, `containers.request_cpu_m`,
    `containers.request_mem_mib`,
    `containers.limit_cpu_m`, `containers.limit_mem_mib`, version, updated_at, updated_by)
SELECT '{ENV}', concat('ns-', toString(number % 50)), concat('service-', toString(number)), 3,
    1 + number % 12, toDate('{LAST}'), toDate('{LAST}'), 3, 3, ['app'], [200], [512], [1000], [4096],
    number + 1,
    toDateTime('{LAST} 04:00:00'), 'collector'
FROM numbers({COUNT})
"""

TRAFFIC = f"""
INSERT INTO traffic_daily (env, namespace, name, date, source, qps_p95, qps_max, requests, errors, error_pct,
    latency_p50_ms, latency_p95_ms, latency_p99_ms, coverage, collected_at)
SELECT '{ENV}', concat('ns-', toString(number % 50)), concat('service-', toString(number)),
    toDate('{LAST}') - day, 'istio', 10 + number % 90, 200, 54000, 50, number % 7 / 4, 5, 20 + day % 9, 80, 1,
    toDateTime('{LAST}') + 14400
FROM numbers({COUNT}) ARRAY JOIN range(14) AS day
"""
JVM = f"""
INSERT INTO jvm_daily (env, namespace, name, container, date, source, heap_max_mib, heap_used_p95_mib,
    heap_live_mib, gc_overhead_pct, full_gc, coverage, collected_at)
SELECT '{ENV}', concat('ns-', toString(number % 50)), concat('service-', toString(number)), 'app',
    toDate('{LAST}'), 'micrometer', 1024, 400 + number % 600, 100 + number % 800, number % 12, 0, 1,
    toDateTime('{LAST}') + 14400
FROM numbers({COUNT})
"""
SCORED_BEFORE = f"""
INSERT INTO score_daily SELECT * REPLACE (date - day AS date) FROM score_daily FINAL
ARRAY JOIN range(1, 90) AS day WHERE env = '{ENV}'
"""
SCORED_S = 2.0
"""Within which all services of a day are scored."""

Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Statement:
    """One statement that the API sends, with its parameters."""

    text: str
    parameters: dict[str, Value]


def _list(sort: str) -> tuple[Statement, ...]:
    parameters: dict[str, Value] = {
        "env": ENV,
        "date": LAST,
        "since": usual_since(LAST),
        "limit": 100,
        "offset": 0,
        "q": "",
        "namespace": "",
    }
    shown = Statement(services.SHOWN, {"env": ENV})
    return shown, Statement(services.page_statement(sort), parameters)


def comparisons() -> dict[str, tuple[str, tuple[Statement, ...]]]:
    """Return what is asked of the API, and which statements that comes down to."""
    day: dict[str, Value] = {"env": ENV, "since": LAST, "until": LAST}
    year: dict[str, Value] = {"env": ENV, "since": FIRST, "until": LAST}
    latest = Statement(services.DAYS, {"env": ENV})
    count = Statement("SELECT count() AS n FROM effective WHERE env = {env:String}", {"env": ENV})
    overview = (
        latest,
        count,
        Statement(statistics_of.TREND.format(filter=""), day),
        Statement(statistics_of.UNREGISTERED.format(filter=""), day),
        Statement(scores.MEANS.format(filter=""), {**day, "since": first_of(LAST)}),
        Statement(scores.CHEAPEST.format(filter=""), {"env": ENV, "date": LAST, "limit": 10}),
        Statement(preferences.ALL, {"env": ENV}),
    )
    one: dict[str, Value] = {**year, "namespace": "ns-7", "kind": "Deployment", "name": "service-7"}
    span = f"since={FIRST}&until={LAST}"
    return {
        "list page by name": (f"{SERVICES}?limit=100", _list("namespace")),
        "list page by cpu": (f"{SERVICES}?limit=100&sort=-p95_cpu_m", _list("-p95_cpu_m")),
        "overview": (f"{BASE}/overview", overview),
        "a namespace's year": (
            f"{BASE}/namespaces/ns-7/trend?{span}",
            (
                Statement(
                    statistics_of.TREND.format(filter=statistics_of.IN_NAMESPACE),
                    {**year, "namespace": "ns-7"},
                ),
            ),
        ),
        "a service's year": (
            f"{SERVICES}/ns-7/service-7/trend?{span}",
            (Statement(statistics_of.SERVICE, one),),
        ),
    }


async def _direct(session: aiohttp.ClientSession, url: str, database: str, statement: Statement) -> None:
    """Send a statement to ClickHouse and read the answer, nothing more."""
    bound = {f"param_{name}": encode(value) for name, value in statement.parameters.items()}
    parameters = {"database": database, **OUTPUT_SETTINGS, **bound}
    async with session.post(
        url, params=parameters, data=(statement.text + " FORMAT JSONEachRow").encode()
    ) as answer:
        body = await answer.read()
        assert answer.status == 200, body[:500]


async def _through(session: aiohttp.ClientSession, path: str) -> None:
    async with session.get(path) as answer:
        body = await answer.read()
        assert answer.status == 200, body[:500]


async def _seconds(work: Work) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def _compare(
    api: aiohttp.ClientSession, bare: aiohttp.ClientSession, clickhouse: ClickHouse, url: str
) -> list[Result]:
    results: list[Result] = []
    for name, (path, statements) in comparisons().items():

        async def ours(path: str = path) -> None:
            await _through(api, path)

        async def theirs(statements: tuple[Statement, ...] = statements) -> None:
            for statement in statements:
                await _direct(bare, url, clickhouse.database, statement)

        await ours()
        await theirs()
        ratios, its_ms = list[float](), list[float]()
        for number in range(ROUNDS):
            first, second = (ours, theirs) if number % 2 else (theirs, ours)
            took = {first: await _seconds(first), second: await _seconds(second)}
            ratios.append(took[ours] / took[theirs])
            its_ms.append(took[theirs] * 1000)
        results += median_at_most(SUITE, f"{name}, times ClickHouse's own time", ratios, "x", RATIO)
        results += median_seen(SUITE, f"{name}, ClickHouse itself", its_ms, "ms")
        results.append(quiet(f"{SUITE}, {name}", its_ms))
    return results


async def _readers(api: aiohttp.ClientSession) -> list[Result]:
    # Among what is read are all services and all lines of the console's table at once.
    large = [f"{SERVICES}?limit={COUNT}", f"{BASE}/service-lines"]
    paths = [*(path for path, _ in comparisons().values()), *large]
    errors = Counter[str]()

    async def read(number: int) -> None:
        for turn in range(READS_EACH):
            try:
                await _through(api, paths[(number + turn) % len(paths)])
            except (AssertionError, aiohttp.ClientError, TimeoutError) as error:
                errors[f"{type(error).__name__}: {error}"] += 1

    seconds = await _seconds(lambda: _gather(*(read(number) for number in range(READERS))))
    rate = READERS * READS_EACH / seconds
    for reason, times in errors.most_common():
        print(f"{times} times {reason}", flush=True)
    return [
        at_most(SUITE, f"{READERS} readers at once, errors", errors.total(), "", 0),
        seen(SUITE, f"{READERS} readers at once, requests", rate, "/s"),
    ]


async def _gather(*work: Awaitable[None]) -> None:
    await asyncio.gather(*work)


def _peak_memory_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _start(folder: Path, own: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [*profiling.python("api"), "-m", "kubedoor_api"]
    with (folder / "api.log").open("wb") as log:
        return subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log)


@asynccontextmanager
async def _api(folder: Path, url: str) -> AsyncIterator[tuple[aiohttp.ClientSession, int]]:
    """Run the API as a process of its own; yield a signed-in client and the process' identity."""
    port = free_port()
    write_htpasswd(folder / "htpasswd", alice="x")
    own = {
        "KUBEDOOR_CLICKHOUSE_URL": url,
        "KUBEDOOR_ENV": f"not-{ENV}",  # so that what a leader does beside does not disturb
        "KUBEDOOR_LISTEN": f"127.0.0.1:{port}",
        "KUBEDOOR_HTPASSWD_FILE": str(folder / "htpasswd"),
        "KUBEDOOR_JWT_SECRET": SECRET,
    }
    process = await asyncio.to_thread(_start, folder, own)
    try:
        health = f"http://127.0.0.1:{port}/healthz"
        await asyncio.to_thread(wait_for_http, health, process, folder / "api.log")
        headers = {"Authorization": f"Bearer {token()}"}
        connector = aiohttp.TCPConnector(limit=READERS)
        base = f"http://127.0.0.1:{port}"
        async with aiohttp.ClientSession(base, headers=headers, connector=connector) as session:
            yield session, process.pid
    finally:
        await asyncio.to_thread(stop, process)


async def _fill(clickhouse: ClickHouse) -> None:
    await migrate(clickhouse)
    await clickhouse.execute(DAILY)
    for statement in (DERIVED, TRAFFIC, JVM):
        await clickhouse.execute(statement)


async def _scores(clickhouse: ClickHouse, settings: ApiSettings, api: aiohttp.ClientSession) -> list[Result]:
    """Measure how long it takes to score a day when it is asked for, and to keep it; keep 90 days."""
    asked = await _seconds(lambda: _through(api, f"{BASE}/scores"))
    async with parts(settings, clickhouse) as context:
        kept = await _seconds(lambda: _once(score_days(context, ENV, 1)))
    await clickhouse.execute(SCORED_BEFORE)
    return [
        at_most(SUITE, f"{COUNT} services scored when asked for", asked, "s", SCORED_S),
        at_most(SUITE, f"{COUNT} services scored and kept", kept, "s", SCORED_S),
    ]


async def _once(work: Awaitable[object]) -> None:
    await work


async def _run(folder: Path, url: str) -> list[Result]:
    async with connect(Settings(clickhouse_url=url), timeout_s=600) as clickhouse:
        print(f"filling {COUNT} services, {DAYS} days", flush=True)
        await _fill(clickhouse)
        async with _api(folder, url) as (api, pid), aiohttp.ClientSession() as bare:
            settings = api_settings(folder, {"KUBEDOOR_CLICKHOUSE_URL": url})
            results = await _scores(clickhouse, settings, api)
            results += await _compare(api, bare, clickhouse, url)
            results += await _readers(api)
            results.append(at_most(SUITE, "memory at its peak", _peak_memory_mb(pid), "MB", MEMORY_MB))
        results += await schedules.measure(clickhouse, folder, url)
    return results


def main() -> list[Result]:
    """Run the suite."""
    with tempfile.TemporaryDirectory(prefix="kubedoor-bench-") as name:
        folder = Path(name)
        server = Server(folder)
        with server.running():
            return asyncio.run(_run(folder, server.url))
