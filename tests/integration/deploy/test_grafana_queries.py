"""Every query of every panel is run: SQL on the ClickHouse engine, PromQL on a real Prometheus."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integration.collector.stores import PEAK, ZONE, Loaded, prometheus_with, scenario_of, some_services
from kubedoor_api.statistics.totals import queries as console
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_dev.metrics import Flavor
from support.grafana import BOARDS, CLICKHOUSE, Span, fill_in, targets, variables
from support.rows import containers, control_row, derived_row

TODAY = datetime.now(UTC)
YEAR = Span(TODAY - timedelta(days=365), TODAY)
ENV = "it's a"
CHOSEN = {"env": ENV, "namespace": "shop", "service": "cart"}
DAYS = tuple((TODAY - timedelta(days=ago)).date() for ago in (1, 2, 3, 181, 361))
SERVICES = {("shop", "cart"): ("app", "proxy"), ("shop", "pay"): ("app",), ("ops", "mail"): ("app",)}


def daily(namespace: str, name: str, container: str, day: date, number: int) -> dict[str, Any]:
    """A row as the collector writes it; `number` makes each differ."""
    return {
        "env": ENV, "namespace": namespace, "name": name, "container": container,
        "date": str(day),
        "window_start": f"{day} 02:00:00.000", "window_end": f"{day} 03:30:00.000", "pod_count": 2 + number,
        "p95_cpu_m": 100 + number, "p95_cpu_hot_m": 150, "p95_mem_mib": 256 + number, "p95_mem_hot_mib": 300,
        "max_mem_mib": 400, "request_cpu_m": 200, "limit_cpu_m": 400, "request_mem_mib": 512,
        "limit_mem_mib": 1024, "cpu_pct": 25.0, "mem_pct": 30.0, "oom_kills": 1, "throttled_pct": 2.5,
        "coverage": 0.98, "collected_at": timestamp(TODAY),
    }  # fmt: skip


@pytest.fixture
async def seeded(clickhouse: ClickHouse) -> ClickHouse:
    """A database with a year of an env whose name is awkward to quote, and another env beside it."""
    rows = [
        daily(*service, container, day, number)
        for day in DAYS
        for number, (service, names) in enumerate(SERVICES.items())
        for container in names
    ]
    removed = {**daily("shop", "gone", "app", DAYS[0], 900), "deleted": True}
    other = {**daily("shop", "cart", "app", DAYS[0], 900), "env": "other"}
    await clickhouse.insert("resource_daily", [*rows, removed, other])
    known = containers(app=(200, 400, 512, 1024), proxy=(50, None, 64, None))
    await clickhouse.insert("derived", [derived_row(ENV, "shop", "cart", replicas_observed=2, **known)])
    edit = control_row(ENV, "shop", "cart", replicas_manual=4, note="sale")
    await clickhouse.insert("control", [{**edit, "updated_at": timestamp(TODAY - timedelta(days=31))}])
    decision = {"env": ENV, "namespace": "shop", "name": "cart", "uid": "1", "user": "ci", "rule": 5,
                "operation": "CREATE", "resource": "deployments", "mode": "enforce", "outcome": "patched",
                "before": "{}", "after": "{}", "patch": "", "warnings": [], "instance": "a",
                "at": timestamp(TODAY - timedelta(days=2))}  # fmt: skip
    await clickhouse.insert("admission_log", [decision, {**decision, "outcome": "denied"}])
    return clickhouse


async def ask(clickhouse: ClickHouse, sql: str) -> list[dict[str, Any]]:
    """Send what Grafana would send."""
    sent = YEAR.macros(fill_in(sql, CHOSEN))
    assert "$" not in sent, sent
    return await clickhouse.fetch(sent)


def of(uid: str) -> list[tuple[str, str]]:
    """Return the title and the SQL of each panel."""
    return [(title, target["rawSql"]) for title, target in targets(uid, CLICKHOUSE)]


SQL = [(uid, title, sql) for uid in BOARDS for title, sql in of(uid)]


async def test_every_panels_sql_returns_rows(seeded: ClickHouse) -> None:
    assert len(SQL) >= 25
    for uid, title, sql in SQL:
        rows = await ask(seeded, sql)
        assert rows, (uid, title)
        assert any(value is not None for row in rows for value in row.values()), (uid, title)
        assert not any(value in ("nan", "inf") for row in rows for value in row.values()), (uid, title)


async def test_no_panel_fails_on_an_empty_database(clickhouse: ClickHouse) -> None:
    for _, title, sql in SQL:
        rows = await ask(clickhouse, sql)
        assert all(value in (None, 0, "0") for row in rows for value in row.values()), (title, rows)


async def test_every_chart_over_time_has_a_time_and_is_in_its_order(seeded: ClickHouse) -> None:
    for uid in BOARDS:
        for title, target in targets(uid, CLICKHOUSE):
            if target["queryType"] == "timeseries":
                times = [row["time"] for row in await ask(seeded, target["rawSql"])]
                assert times == sorted(times), title
                assert target["format"] == 0


async def test_every_variable_offers_what_is_there(seeded: ClickHouse) -> None:
    async def offered(name: str) -> list[object]:
        rows = await ask(seeded, variables("kubedoor-service")[name]["query"])
        return [next(iter(row.values())) for row in rows]

    assert set(await offered("env")) == {ENV, "other"}
    assert await offered("namespace") == ["ops", "shop"]
    assert await offered("service") == ["cart", "gone", "pay"]


async def test_grafana_shows_what_the_console_shows(seeded: ClickHouse) -> None:
    day = DAYS[0]
    panels = dict(of("kubedoor-cluster"))
    (total,) = await console.trend(seeded, ENV, day, day)
    (cpu,) = await ask(seeded, panels["CPU at peak (cores)"])
    (mem,) = await ask(seeded, panels["Memory at peak (GiB)"])
    assert [cpu[name] * 1000 for name in ("used", "request", "limit")] == pytest.approx(
        [float(getattr(total.cpu_m, name)) for name in ("used", "requested", "limited")]
    )
    assert mem["used"] * 1024 == pytest.approx(float(total.mem_mib.used))
    (counts,) = await ask(seeded, panels["Services and pods (count)"])
    assert {name: int(counts[name]) for name in ("services", "pods")} == {
        name: getattr(total, name) for name in ("services", "pods")
    }
    shares = await ask(seeded, panels["Namespaces with their share (count, cores, GiB and % of the whole)"])
    told = await console.namespaces(seeded, ENV, day, None)
    assert [row["namespace"] for row in shares] == [row.namespace for row in told]
    assert [row["cores"] * 1000 for row in shares] == pytest.approx([float(row.cpu_m.used) for row in told])
    assert sum(row["cores %"] for row in shares) == pytest.approx(100)
    services = await seeded.fetch(console.SERVICES.format(filter=""), env=ENV, since=day, until=day)
    for title, column, divisor in (
        ("CPU used (cores)", "cpu_used", 1000),
        ("Memory asked for and not used (GiB)", "mem_waste", 1024),
        ("CPU asked for and not used (cores)", "cpu_waste", 1000),
        ("Pods (count)", "pods", 1),
    ):
        top = await ask(seeded, panels[title])
        ranked = sorted(services, key=lambda row: (-row[column], row["namespace"], row["name"]))
        expected = [row for row in ranked if row[column] > 0][:10]
        assert [row["service"] for row in top] == [row["name"] for row in expected], title
        assert [float(row["value"]) * divisor for row in top] == pytest.approx(
            [row[column] for row in expected]
        )


def test_the_pods_queries_are_all_prometheus() -> None:
    assert not of("kubedoor-pods")


NAME = "cart.v1"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """A Prometheus with one cluster: a service whose name has a dot, and one that would match it loosely."""
    (usual,) = some_services("checkout")
    services = tuple(replace(usual, name=name) for name in (NAME, "cartxv1"))
    flavor = Flavor(extra_labels=(("cluster", "a"),))
    with prometheus_with(
        scenario_of(services, flavor=flavor), tmp_path_factory.mktemp("prometheus")
    ) as loaded:
        yield loaded


def query_range(store: Loaded, expression: str) -> list[dict[str, Any]]:
    """Ask as Grafana does over the last peak window: a minute's step, a rate over four scrapes."""
    service = store.scenario.services[0]
    chosen = {"namespace": service.namespace, "service": NAME, "matchers": ',cluster="a"'}
    query = fill_in(expression, chosen).replace("$__rate_interval", "4m")
    assert "$" not in query, query
    window = PEAK.windows[0].window(store.scenario.dates[0], ZONE)
    form = {"query": query, "start": window.start.timestamp(), "end": window.end.timestamp(), "step": 60}
    url = f"{store.url}/api/v1/query_range?{urllib.parse.urlencode(form)}"
    with urllib.request.urlopen(url, timeout=120) as answer:
        found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        return found


def test_every_panels_promql_returns_series_of_the_service_alone(store: Loaded) -> None:
    asked = list(targets("kubedoor-pods", "prometheus"))
    assert len(asked) >= 10
    for title, target in asked:
        series = query_range(store, target["expr"])
        assert series, (title, target["expr"])
        for each in series:
            assert each["metric"].get("pod", f"{NAME}-").startswith(f"{NAME}-"), title


def test_another_clusters_pods_are_left_out(store: Loaded) -> None:
    for title, target in targets("kubedoor-pods", "prometheus"):
        assert query_range(store, target["expr"].replace("$matchers", ',cluster="b"')) == [], title


def test_the_figures_are_in_the_units_of_the_titles(store: Loaded) -> None:
    asked = {
        (title, target["legendFormat"]): target["expr"]
        for title, target in targets("kubedoor-pods", "prometheus")
    }
    for container in store.scenario.services[0].containers:
        for title, legend, wanted in (
            ("CPU of each pod (cores)", "request {{container}}", (container.request_cpu_m or 0) / 1000),
            ("Memory of each pod (MiB)", "request {{container}}", container.request_mem_mib),
            ("Memory of each pod (MiB)", "limit {{container}}", container.limit_mem_mib),
        ):
            series = query_range(store, asked[title, legend])
            (found,) = [each for each in series if each["metric"]["container"] == container.name]
            assert float(found["values"][0][1]) == pytest.approx(wanted), (title, legend)
