"""Growth: 100 to 50,000 services in one ClickHouse, and 50 clusters: time, memory, rows of each further one.

Each figure is taken at each size, as the median of some rounds. What is there without any service (a started
Python, an empty answer) would hide growth if figures were simply divided by services. So the smallest size is
taken off first: (figure - figure at the smallest) / (services - services at the smallest) is what one further
service costs, and it is held at the largest size against that at a tenth of it: at most 1.1 a tenfold.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import aiohttp

from bench import profiling
from bench.admission import ready, resident_mb
from bench.collection import child
from bench.collection_child import environment
from bench.results import Result, at_most, seen
from bench.rounds import SHORT, quiet
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.garbage import collect_seldom
from kubedoor_core.logs import configure_logging
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from kubedoor_webhook.policy import Defaults
from kubedoor_webhook.queries import ControlTable
from kubedoor_webhook.reader import SnapshotReader
from support.clickhouse import Server
from support.webhook import Webhook

SUITE = "growth"
SIZES = (10, 20, 40, 400) if SHORT else (100, 1000, 5000, 50_000)
"""The last is ten times the one before: these two are held against each other."""
CLUSTERS = 3 if SHORT else 50
PER_CLUSTER = SIZES[-1] // CLUSTERS
DAYS = 10
ROUNDS = 2 if SHORT else 3
COPIES = 5
COPY_TIMEOUT_S = 60.0
A_TENFOLD = 1.1
TOLD_APART = 0.01
"""Less than this share of what is there without services is not told from noise."""
NO_PROMETHEUS = "http://127.0.0.1:1"
FILL = """
INSERT INTO resource_daily (env, namespace, name, container, date, window_start, window_end,
    pod_count, p95_cpu_m, p95_mem_mib, limit_cpu_m, limit_mem_mib, coverage, collected_at)
SELECT {env:String}, concat('team-', toString(intDiv(s, 50))), concat('service-', toString(s)), c,
    {first:Date} + d AS day, toDateTime(day, 'UTC') + 7200, toDateTime(day, 'UTC') + 12600,
    1 + s % 5, 1 + cityHash64(s, c, d) % 900, 64 + cityHash64(c, s, d) % 4000, 1000, 8192, 1, now64(3)
FROM (SELECT number AS s FROM numbers({services:UInt32})) AS a,
     (SELECT arrayJoin(['app', 'sidecar']) AS c) AS b, (SELECT number AS d FROM numbers({days:UInt32})) AS e
"""
ROWS = """
SELECT (SELECT count() FROM resource_daily FINAL) + (SELECT count() FROM derived FINAL)
    + (SELECT count() FROM derived_history) AS n
"""


@dataclass(frozen=True)
class Size:
    """What a number of services took."""

    services: int
    derivation_s: float
    derivation_mb: float
    start_s: float
    """From the start of a webhook until it decides by its copy."""
    copy_s: float
    """Of this, what a webhook that has no copy takes to read one: the best of some, as starting hides it."""
    copy_mb: float
    rows: float

    def told(self) -> list[Result]:
        """Return the figures themselves."""
        return [
            seen(SUITE, f"{self.services} services: derivation", self.derivation_s, "s"),
            seen(SUITE, f"{self.services} services: memory of the derivation", self.derivation_mb, "MB"),
            seen(SUITE, f"{self.services} services: a webhook's start, with its copy", self.start_s, "s"),
            seen(SUITE, f"{self.services} services: reading a webhook's copy", self.copy_s, "s"),
            seen(SUITE, f"{self.services} services: memory of a webhook", self.copy_mb, "MB"),
            seen(SUITE, f"{self.services} services: rows", self.rows, "rows"),
        ]


async def fill(clickhouse: ClickHouse, env: str, services: int) -> None:
    """Store some days of a cluster's services."""
    first: date = (datetime.now(UTC) - timedelta(days=DAYS + 1)).date()
    await clickhouse.execute(FILL, env=env, services=services, first=first, days=DAYS)


async def prepare(url: str, database: str, clusters: dict[str, int]) -> None:
    """Make a database with some clusters in it."""
    settings = Settings(clickhouse_url=url, clickhouse_database=database)
    async with connect(settings, timeout_s=600) as clickhouse:
        await migrate(clickhouse)
        for env, services in clusters.items():
            await fill(clickhouse, env, services)


async def rows(url: str, database: str) -> float:
    """Return the rows that a database holds."""
    async with connect(Settings(clickhouse_url=url, clickhouse_database=database)) as clickhouse:
        found = await clickhouse.fetch_one(ROWS)
    return float(found["n"]) if found else 0.0


def copy_taken(folder: Path, url: str, database: str, env: str) -> tuple[float, float]:
    """Start a webhook; return the seconds until it has its copy, and its memory in MB then."""
    settings = {
        "KUBEDOOR_CLICKHOUSE_URL": url,
        "KUBEDOOR_CLICKHOUSE_DATABASE": database,
        "KUBEDOOR_ENV": env,
        "KUBEDOOR_LOG_LEVEL": "warning",
    }
    own = Path(tempfile.mkdtemp(dir=folder))  # each has a certificate of its own
    began = time.perf_counter()
    with Webhook(own, settings, python=profiling.python("copy")).running() as webhook:
        asyncio.run(ready(webhook))
        return time.perf_counter() - began, resident_mb(webhook.process)


async def copy_read(url: str, database: str, env: str) -> float:
    """Return the seconds in which a webhook that has none reads its copy, the best of some."""
    settings = Settings(clickhouse_url=url, clickhouse_database=database)
    times: list[float] = []
    async with aiohttp.ClientSession() as session:
        for _ in range(COPIES):
            reader = SnapshotReader(ControlTable(session, settings, env), Defaults(), time.monotonic)
            began = time.perf_counter()
            await reader.refresh(None, COPY_TIMEOUT_S)
            times.append(time.perf_counter() - began)
    return min(times)


def measure(folder: Path, url: str, name: str, clusters: dict[str, int]) -> Size:
    """Measure the first of some clusters, each round in a new database: only the first derivation writes."""
    env, services = next(iter(clusters.items()))
    derived, starts, copies, held = (
        list[dict[str, float]](), list[tuple[float, float]](), list[float](), list[float]()
    )  # fmt: skip
    for number in range(ROUNDS):
        database = f"bench_{name}_{number}"
        asyncio.run(prepare(url, database, clusters))
        derived.append(child({**environment(url, NO_PROMETHEUS, database), "KUBEDOOR_ENV": env}))
        assert derived[-1]["services"] == services, derived
        starts.append(copy_taken(folder, url, database, env))
        copies.append(asyncio.run(copy_read(url, database, env)))
        held.append(asyncio.run(rows(url, database)))
    return Size(
        services,
        median(one["seconds"] for one in derived),
        max(one["peak_mib"] for one in derived),
        median(seconds for seconds, _ in starts),
        min(copies),
        max(memory_mb for _, memory_mb in starts),
        median(held),
    )


def tenfold(name: str, sizes: Sequence[Size], figures: Sequence[float]) -> Result:
    """Hold what a further service costs at the largest size against a tenth of it."""
    smallest, base = sizes[0].services, figures[0]
    tenth, largest = (
        max(figure - base, base * TOLD_APART) / (size.services - smallest)
        for size, figure in zip(sizes[-2:], figures[-2:], strict=True)
    )
    what = f"{name}: a further service, of {sizes[-1].services} / of {sizes[-2].services}"
    return at_most(SUITE, what, largest / tenth, "x", A_TENFOLD)


def of_services(folder: Path, url: str) -> list[Result]:
    """Measure each size in a database of its own."""
    sizes: list[Size] = []
    for services in SIZES:
        print(f"{services} services", flush=True)
        sizes.append(measure(folder, url, str(services), {"bench": services}))
    return [
        *(result for size in sizes for result in size.told()),
        tenfold("derivation", sizes, [size.derivation_s for size in sizes]),
        tenfold("memory of the derivation", sizes, [size.derivation_mb for size in sizes]),
        tenfold("reading a webhook's copy", sizes, [size.copy_s for size in sizes]),
        tenfold("memory of a webhook", sizes, [size.copy_mb for size in sizes]),
        tenfold("rows", sizes, [size.rows for size in sizes]),
    ]


def of_clusters(folder: Path, url: str) -> list[Result]:
    """Measure a cluster alone, and the same with the others beside it."""
    print(f"{CLUSTERS} clusters of {PER_CLUSTER} services", flush=True)
    many = {f"cluster-{number}": PER_CLUSTER for number in range(CLUSTERS)}
    alone = measure(folder, url, "alone", {"cluster-0": PER_CLUSTER})
    beside = measure(folder, url, "many", many)
    what = f"one of {CLUSTERS} clusters / the same alone"
    return [
        at_most(SUITE, f"derivation, {what}", beside.derivation_s / alone.derivation_s, "x", A_TENFOLD),
        at_most(SUITE, f"reading a webhook's copy, {what}", beside.copy_s / alone.copy_s, "x", A_TENFOLD),
        at_most(SUITE, f"memory of a webhook, {what}", beside.copy_mb / alone.copy_mb, "x", A_TENFOLD),
    ]


def plain_work() -> list[float]:
    """Return the seconds of the same plain work several times: on a quiet machine they are alike."""
    times: list[float] = []
    for _ in range(5):
        began = time.perf_counter()
        sum(number * number for number in range(1_000_000))
        times.append(time.perf_counter() - began)
    return times


def main() -> list[Result]:
    """Run the suite."""
    configure_logging("bench", "console", "warning")
    collect_seldom()  # as a webhook's own main does
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kubedoor-bench-")))
        server = stack.enter_context(Server(folder).running())
        before = plain_work()
        results = [*of_services(folder, server.url), *of_clusters(folder, server.url)]
        return [*results, quiet(SUITE, [*before, *plain_work()])]
