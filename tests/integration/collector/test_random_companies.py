"""Companies nobody thought of: the figures are those of the definition, and nothing vanishes untold."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.collector.clusters import DAY, END, SINCE, START, UNTIL, instant
from integration.collector.stores import ZONE, daily_rows, not_now, prometheus_with_series
from integration.collector.test_intervals import wrong
from kubedoor_collector.collect import policy_of, run_collection
from kubedoor_collector.runs import Run
from kubedoor_collector.service import open_collector
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse import connect
from kubedoor_core.migrate import migrate
from support.by_definition import figures
from support.scrapes import Load, Pod, bursty, deployment, rhythmic, steady

LETTERS = "bcdfghjklmnpqrstvwxz2456789"
NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,251}[a-z0-9])?", fullmatch=True)
LOADS = st.one_of(
    st.floats(0.05, 4).map(steady), st.integers(0, 59).map(rhythmic), st.integers(0, 999).map(bursty)
)


@dataclass(frozen=True)
class Drawn:
    """A service as it was drawn."""

    name: str
    namespace: str
    pods: tuple[Pod, ...]
    odd: tuple[Pod, ...]
    interval_s: int


@st.composite
def services(draw: Callable[[st.SearchStrategy[Any]], Any], number: int, name: str) -> Drawn:
    """Draw one: its pods begin and end at any time, at one interval, some are odd."""
    load: Load = draw(LOADS)
    interval_s = draw(st.sampled_from((10, 15, 30, 60)))
    namespace = draw(st.sampled_from(("shop", "data", "a" * 63)))
    suffix = draw(st.text(LETTERS, min_size=8, max_size=10)) + LETTERS[number]
    owner = ("ReplicaSet", f"{name}-{suffix[-10:]}")
    base = f"{owner[1]}-"[:58]
    pods = []
    for index in range(draw(st.integers(1, 4))):
        begin = draw(st.none() | st.integers(5, 40))
        end = draw(st.none() | st.integers(50, 85))
        pods.append(
            Pod(
                namespace,
                f"{base}{LETTERS[number]}{LETTERS[index]}vbn",
                owner,
                load,
                start=None if begin is None else instant(begin),
                end=None if end is None else instant(end),
                interval_s=float(interval_s),
                jitter_s=draw(st.sampled_from((0.0, 1.0))),
            )
        )
    odd = tuple(
        replace(pods[0], name=f"{base}{LETTERS[number]}{LETTERS[9 + index]}vbn", **change)
        for index, change in enumerate(draw(st.lists(st.sampled_from(ODD), max_size=2)))
    )
    return Drawn(name, namespace, tuple(pods), odd, interval_s)


ODD: list[dict[str, Any]] = [{"phase": "Failed"}, {"phase": "Pending"}, {"owner": ("<none>", "<none>")}]


@st.composite
def companies(draw: Callable[[st.SearchStrategy[Any]], Any]) -> list[Drawn]:
    """Draw some services of different names."""
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    return [draw(services(number, name)) for number, name in enumerate(names)]


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(companies())
def test_a_random_company(clickhouse_server: str, company: list[Drawn]) -> None:
    asyncio.run(_check(clickhouse_server, company))


async def _check(clickhouse_url: str, company: list[Drawn]) -> None:
    series = [
        one
        for drawn in company
        for one in deployment(drawn.namespace, drawn.name, [*drawn.pods, *drawn.odd], SINCE, UNTIL)
    ]
    run = Run("run-1", "test", "command", (DAY,), "tester", datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder, prometheus_with_series(series, Path(folder)) as url:
        values: dict[str, Any] = {
            "clickhouse_url": clickhouse_url, "clickhouse_database": Path(folder).name.replace("-", "_"),
            "env": "test", "timezone": ZONE.key, "prometheus_url": url, "collect_at": not_now(),
        }  # fmt: skip
        collector_settings = CollectorSettings(**values)
        async with connect(collector_settings) as clickhouse:
            await migrate(clickhouse)
            async with open_collector(collector_settings) as collector:
                ended, _ = await run_collection(collector, run, policy_of(collector_settings))
            rows = await daily_rows(clickhouse, DAY)
            await clickhouse.execute(f"DROP DATABASE {collector_settings.clickhouse_database}")
    assert ended.state == "succeeded", ended.errors
    told = {one.name for _, one in ended.left_out}
    for drawn in company:
        wanted = figures(drawn.pods, series, START, END, drawn.interval_s)
        key = (drawn.namespace, drawn.name, "app")
        assert key in rows or drawn.name in told
        assert wrong(rows[key], wanted) == {}, drawn
        loose = {pod.name for pod in drawn.odd if pod.owner[0] == "<none>"}
        assert loose <= told
