"""Collection: our run against its queries sent bare, the simplest survey, and the original's way."""

from __future__ import annotations

import asyncio
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import requests

from bench import profiling
from bench.collection_child import Query, environment
from bench.collection_store import Company
from bench.results import Result, at_most, seen
from bench.rounds import SHORT
from kubedoor_collector.domain.profile import local_day
from kubedoor_collector.domain.promql import HOUR_S, PROFILE_STEP_S
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.domain.peak import Window, parse_peak_hours
from kubedoor_core.logs import configure_logging
from kubedoor_core.metrics.counted import TOLD_BY
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from kubedoor_dev.control_plane import programs_there
from kubedoor_dev.prometheus import running, start_prometheus
from kubedoor_dev.tools import find
from support.clickhouse import Server

SUITE = "collection"
SERVICES = 50 if SHORT else 1000
FEWER = SERVICES // 10
DERIVED = 100 if SHORT else 5000
ROUNDS = 2 if SHORT else 3
CONCURRENCY = 4
ZONE = ZoneInfo("Asia/Shanghai")
PEAK = parse_peak_hours("10:00-11:30")
DATES = tuple((datetime.now(ZONE) - timedelta(days=ago)).date() for ago in (4, 3, 2))
"""Counted from today: the collector asks for no day that is too long ago."""
MARGIN = timedelta(minutes=10)
COUNTING = 20 if SHORT else 150
"""Services that count requests and tell of their JVMs."""
PROFILED = 20 if SHORT else 250
"""Services of which there is a whole day."""

MOST_FURTHER = 12
"""Queries a day about requests and JVMs."""

OURS = "identity"
"""How our queries are answered; a client that says nothing asks for gzip."""

CONTAINERS = 'container!="",container!="POD"'
USE = f"container_cpu_usage_seconds_total{{{CONTAINERS}}}"
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
def prometheus(company: Company, folder: Path, program: str | None = None) -> Iterator[str]:
    """Run a Prometheus with a company's samples: the one that is found, or a certain one."""
    store = start_prometheus(company.blocks(), folder / "prometheus", program=program)
    with running(store):
        yield store.url


def programs() -> dict[str, str]:
    """Return each Prometheus that there is, by its version: Debian's, and 3 where it was built."""
    built = programs_there()
    every = [str(find("prometheus")), *([built["prometheus"]] if built else [])]
    return {_version(program): program for program in every}


def _version(program: str) -> str:
    told = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    return ".".join(told.split()[2].split(".")[:2])


def around_windows(services: int, jittered: bool = False) -> Company:
    """Return a company with the samples of each day's window."""
    spans = ((window(day).start - MARGIN, window(day).end + MARGIN) for day in DATES)
    return Company(services, tuple(spans), jittered)


def whole_day(jittered: bool) -> Company:
    """Return a company with all samples of the first day."""
    day = local_day(DATES[0], ZONE)
    return Company(PROFILED, ((day.start - MARGIN, day.end),), jittered)


async def replay(url: str, queries: Sequence[Query], encoding: str = "gzip, deflate") -> float:
    """Return the seconds in which the store answers queries to a bare client, as many at once as ours.

    :param encoding: how answers may come: compressed, as clients ask for, or `identity`, as ours does.
    """
    gate = asyncio.Semaphore(CONCURRENCY)
    began = time.perf_counter()
    async with aiohttp.ClientSession(headers={"Accept-Encoding": encoding}) as session:

        async def ask(path: str, form: dict[str, str]) -> None:
            async with gate, session.post(f"{url}/api/v1/{path}", data=form) as answer:
                assert answer.status == 200, await answer.text()
                async for _ in answer.content.iter_any():
                    pass

        await asyncio.gather(*(ask(path, form) for path, form in queries))
    return time.perf_counter() - began


def simplest(day: date) -> list[Query]:
    """Return the simplest survey of a day's window: the store puts together use and memory at each minute."""
    end, cpu = f"{window(day).end.timestamp():.0f}", f"irate({USE}[2m])"
    by, over = "by (namespace, container)", f"[{window(day).seconds}s:1m]"
    p95 = "quantile_over_time(0.95, "
    texts = [
        *(f"{p95}avg {by} ({one}){over})" for one in (cpu, MEM)),
        *(f"max {by} ({p95}({one}){over}))" for one in (cpu, MEM)),
        f"max {by} (max_over_time({MEM}{over}))",
        *(f"sum {by} (count_over_time({one}{over}))" for one in (USE, MEM, "kube_pod_container_info")),
        f"last_over_time(kube_pod_owner[{window(day).seconds}s])",
    ]
    return [("query", {"query": text, "time": end}) for text in texts]


def is_profile(query: Query) -> bool:
    """Return whether a query is one of the day's profile: every five minutes or hour, or a whole day."""
    whole = f"[{local_day(DATES[0], ZONE).seconds}s]"
    return query[1].get("step") in (str(PROFILE_STEP_S), str(HOUR_S)) or whole in query[1]["query"]


def child(environ: dict[str, str], *arguments: str) -> dict[str, Any]:
    """Run one collection or derivation in a process of its own."""
    command = [
        *profiling.python("collection" if arguments else "derivation"),
        "-m",
        "bench.collection_child",
        *arguments,
    ]
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
    """Store ten days of many services with two containers each, with their profiles."""
    first = (datetime.now(UTC) - timedelta(days=11)).date()
    async with connect(Settings(clickhouse_url=url, clickhouse_database=database)) as clickhouse:
        await migrate(clickhouse)
        await clickhouse.execute(
            """
            INSERT INTO resource_daily (env, namespace, name, container, date, window_start, window_end,
                pod_count, p95_cpu_m, p95_mem_mib, limit_cpu_m, limit_mem_mib, coverage, collected_at,
                profile_cpu_m)
            SELECT 'bench', concat('team-', toString(intDiv(s, 50))), concat('service-', toString(s)), c,
                {first:Date} + d AS day, toDateTime(day, 'UTC') + 7200, toDateTime(day, 'UTC') + 12600,
                1 + s % 5, 1 + cityHash64(s, c, d) % 900, 64 + cityHash64(c, s, d) % 4000,
                1000, 8192, 1, now64(3), arrayMap(slot -> 50 + (slot * 7 + s) % 200, range(288))
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


def compare(clickhouse_url: str, folder: Path, jittered: bool) -> tuple[list[Result], float]:
    """Measure the ways in turn, several times; return the results and our time."""
    how = "jittered" if jittered else "regular"
    ratios: dict[str, list[float]] = {"bare": [], "plain": [], "simplest": [], "original": []}
    ours: list[float] = []
    peak = 0.0
    with prometheus(around_windows(SERVICES, jittered), folder / how) as url:
        for index in range(ROUNDS):
            database = f"bench_{how}_{index}"
            asyncio.run(prepare(clickhouse_url, database))
            run = child(environment(clickhouse_url, url, database), *(day.isoformat() for day in DATES))
            assert run["services"] == SERVICES, run["services"]
            windows = [query for query in run["queries"] if not is_profile(query)]
            bare = asyncio.run(replay(url, run["queries"]))
            simple = asyncio.run(replay(url, [query for day in DATES for query in simplest(day)]))
            theirs = nine_queries(url) + asyncio.run(updates(clickhouse_url, database))
            ours.append(run["seconds"])
            ratios["bare"].append(ours[-1] / bare)
            ratios["plain"].append(ours[-1] / asyncio.run(replay(url, run["queries"], OURS)))
            ratios["simplest"].append(asyncio.run(replay(url, windows, OURS)) / simple)
            ratios["original"].append(ours[-1] / theirs)
            peak = max(peak, run["peak_mib"])
            print(
                f"{how}: ours {ours[-1]:.1f}, bare {bare:.1f}, simplest {simple:.1f}, theirs {theirs:.1f} s"
            )
    results = [
        seen(SUITE, f"{how}: our run, {SERVICES} services, {len(DATES)} days", median(ours), "s"),
        middle(f"{how}: our run / the same queries, bare", ratios["bare"], 1.5),
        seen(SUITE, f"{how}: our run / the same, bare, answered uncompressed", median(ratios["plain"]), "x"),
        middle(f"{how}: a window's queries / the simplest survey", ratios["simplest"], 2.5),
        middle(f"{how}: our run / the original's way", ratios["original"], 1 / 3),
        at_most(SUITE, f"{how}: peak resident memory of our run", peak, "MiB", 300),
    ]
    return results, median(ours)


def middle(name: str, ratios: Sequence[float], goal: float, suite: str = SUITE) -> Result:
    """Return the median of some rounds, with their spread."""
    return at_most(suite, f"{name} ({min(ratios):.2f}-{max(ratios):.2f})", median(ratios), "x", goal)


def profile(clickhouse_url: str, folder: Path, jittered: bool, version: str, program: str) -> Result:
    """Compare the queries of a day's profile with those of three windows, with a certain Prometheus."""
    how = "jittered" if jittered else "regular"
    ratios: list[float] = []
    with prometheus(whole_day(jittered), folder / f"day-{how}-{version}", program) as url:
        database = f"bench_day_{how}_{version.replace('.', '_')}"
        asyncio.run(prepare(clickhouse_url, database))
        run = child(environment(clickhouse_url, url, database), DATES[0].isoformat())
        of_day = [query for query in run["queries"] if is_profile(query)]
        windows = [query for query in run["queries"] if not is_profile(query)]
        for _ in range(ROUNDS):
            day_s = asyncio.run(replay(url, of_day, OURS))
            ratios.append(day_s / asyncio.run(replay(url, windows * 3, OURS)))
    return middle(
        f"{how}: a day's profile / three windows, {PROFILED} services, Prometheus {version}", ratios, 1
    )


def is_counters(query: Query) -> bool:
    """Return whether a query is about requests or JVMs."""
    return TOLD_BY in query[1]["query"]


def counters(clickhouse_url: str, folder: Path) -> list[Result]:
    """Compare a run over services that count requests and tell of JVMs with its queries, sent bare."""
    ratios: list[float] = []
    further: list[float] = []
    spans = tuple((window(day).start - MARGIN, window(day).end + MARGIN) for day in DATES)
    with prometheus(Company(COUNTING, spans, counting=True), folder / "counting") as url:
        for index in range(ROUNDS):
            database = f"bench_counting_{index}"
            asyncio.run(prepare(clickhouse_url, database))
            run = child(environment(clickhouse_url, url, database), *(day.isoformat() for day in DATES))
            asked = [query for query in run["queries"] if is_counters(query)]
            assert len(asked) <= MOST_FURTHER * len(DATES), len(asked)
            ratios.append(run["seconds"] / asyncio.run(replay(url, run["queries"])))
            others = [query for query in run["queries"] if not is_counters(query)]
            further.append(asyncio.run(replay(url, asked, OURS)) / asyncio.run(replay(url, others, OURS)))
    return [
        middle(f"requests and JVMs of {COUNTING} services: our run / the same queries, bare", ratios, 1.5),
        seen(SUITE, "the queries of requests and JVMs / all others", median(further), "x"),
    ]


def growth(clickhouse_url: str, folder: Path, large_s: float) -> Result:
    """Compare our run with one of a tenth of the services."""
    with prometheus(around_windows(FEWER), folder / "few") as url:
        asyncio.run(prepare(clickhouse_url, "bench_few"))
        environ = environment(clickhouse_url, url, "bench_few")
        days = [day.isoformat() for day in DATES]
        small_s = median(child(environ, *days)["seconds"] for _ in range(ROUNDS))
    return at_most(SUITE, f"our run, {SERVICES} services / {FEWER} services", large_s / small_s, "x", 11)


def derivation(clickhouse_url: str) -> list[Result]:
    """Measure the first derivation of many services."""
    times, peak = list[float](), 0.0
    for index in range(ROUNDS):
        database = f"bench_derive_{index}"
        asyncio.run(fill_days(clickhouse_url, database))
        done = child(environment(clickhouse_url, "http://127.0.0.1:1", database))
        assert done["services"] == DERIVED, done
        times.append(done["seconds"])
        peak = max(peak, done["peak_mib"])
    return [
        at_most(SUITE, f"derivation of {DERIVED} services", min(times), "s", 2),
        seen(SUITE, f"peak resident memory of the derivation of {DERIVED} services", peak, "MiB"),
    ]


def main() -> list[Result]:
    """Return every measured value."""
    configure_logging("bench", "console", "warning")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Server(folder).running() as server:
            regular, ours_s = compare(server.url, folder, jittered=False)
            jittered, _ = compare(server.url, folder, jittered=True)
            days = [
                profile(server.url, folder, one, version, program)
                for version, program in programs().items()
                for one in (False, True)
            ]
            few = growth(server.url, folder, ours_s)
            counting = counters(server.url, folder)
            return [*regular, *jittered, *days, few, *counting, *derivation(server.url)]
