"""What nodes gave, were asked for and used, from a real Prometheus, whoever tells it under any labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from integration.collector.clusters import DAY, END, SINCE, START, UNTIL, instant, pods_of
from integration.collector.stores import OpenCollector, prometheus_with_series
from kubedoor_collector.collect import policy_of
from kubedoor_collector.day import collect_day
from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.metrics.model import Labels, Series
from kubedoor_dev.prometheus import fill_victoria_metrics, running, start_victoria_metrics
from support import nodes_told as says
from support.nodes_told import Say, ToldNode, wanted, waving
from support.scrapes import deployment

Row = dict[str, Any]


def nodes(count: int = 2, **values: Any) -> list[ToldNode]:
    """Return nodes, each with a load of its own."""
    return [
        ToldNode(f"worker-{n}", f"10.0.0.{n + 1}", waving(2.0 + n), 8000.0 + 900 * n, **values)
        for n in range(count)
    ]


def named(node: ToldNode) -> Labels:
    return {"node": node.name, "instance": f"{node.address}:10250"}


def by_instance(node: ToldNode) -> Labels:
    """As Prometheus' own example scrapes kubelets: the instance is the node."""
    return {"instance": node.name}


def by_address(node: ToldNode) -> Labels:
    """As kube-prometheus scrapes node-exporter."""
    return {"instance": f"{node.address}:9100", "job": "node-exporter"}


def told(every: list[ToldNode], say: Say, labels: Any = named) -> list[Series]:
    """Return what one tells of nodes."""
    return [one for node in every for one in say(node, labels(node), SINCE, UNTIL)]


def known(every: list[ToldNode], **more: Any) -> list[Series]:
    """Return what kube-state-metrics tells of nodes, and of a Deployment on the first."""
    pods = pods_of("web", request_m=300, request_mib=500)
    web = says.on_node(deployment("shop", "web", pods, SINCE, UNTIL), pods, every[0])
    return [*web, *(one for node in every for one in says.state_metrics(node, SINCE, UNTIL, **more))]


async def rows_in(clickhouse: ClickHouse) -> dict[str, Row]:
    rows = await clickhouse.fetch(
        "SELECT * FROM node_daily FINAL WHERE date = {day:Date} AND NOT deleted", day=DAY
    )
    return {row["node"]: row for row in rows}


async def stored(
    series: list[Series], collector: OpenCollector, folder: Path
) -> tuple[dict[str, Row], set[LeftOut]]:
    """Collect the day from a Prometheus with some series; return its nodes, and what was left out."""
    with prometheus_with_series(series, folder) as url:
        async with collector(url) as one:
            day = await collect_day(one.clickhouse, one.source, policy_of(one.settings), DAY)
            return await rows_in(one.clickhouse), set(day.left_out)


def off(row: Row, node: ToldNode) -> dict[str, Any]:
    """Return what is off by more than a per cent from what numpy makes of the same node."""
    return {
        name: (row[name], value)
        for name, value in wanted(node, SINCE, START, END).items()
        if row[name] != pytest.approx(value, rel=0.01)
    }


@pytest.mark.parametrize(
    ("source", "say", "labels"),
    [
        ("cadvisor", says.cadvisor, named),
        ("cadvisor", says.cadvisor, by_instance),
        ("kubelet", says.kubelet, named),
        ("node_exporter", says.exporter, by_address),
        ("node_exporter", says.exporter, named),
    ],
)
@pytest.mark.parametrize("interval_s", [15, 60])
async def test_each_source_is_as_numpy_has_it(
    source: str, say: Say, labels: Any, interval_s: int, collector: OpenCollector, tmp_path: Path
) -> None:
    every = nodes(interval_s=interval_s)
    rows, left_out = await stored([*known(every), *told(every, say, labels)], collector, tmp_path)
    assert set(rows) == {node.name for node in every}
    for node in every:
        row = rows[node.name]
        assert (row["source"], row["coverage"], off(row, node)) == (source, 1, {})
        assert (row["cpu_alloc_m"], row["mem_alloc_mib"], row["pods_alloc"]) == (7900, 31_000, 110)
        assert row["ready_pct"] == 100
    assert left_out == set()


async def test_what_pods_request_is_of_running_ones_and_counts_once(
    collector: OpenCollector, tmp_path: Path
) -> None:
    every = nodes()
    series = known(every)
    gone = pods_of("done", count=2, phase="Failed")
    series += says.on_node(deployment("shop", "done", gone, SINCE, UNTIL), gone, every[0])
    again = [Series({**one.labels, "replica": "b"}, one.times_ms, one.values) for one in series]
    rows, _ = await stored([*series, *again, *told(every, says.cadvisor)], collector, tmp_path)
    asked = {
        name: [round(row["requested_cpu_m"], 6), row["requested_mem_mib"], row["pods"]]
        for name, row in rows.items()
    }
    assert asked == {"worker-0": [900, 1500, 3], "worker-1": [0, 0, 0]}


async def test_the_first_who_tells_enough_counts(collector: OpenCollector, tmp_path: Path) -> None:
    """The kubelet tells little of one node and nothing of another: node-exporter tells of these."""
    every = nodes(3)
    whole, late = every[0], every[1]
    few = [
        Series(one.labels, one.times_ms[-30:], one.values[-30:])
        for one in says.cadvisor(late, named(late), SINCE, UNTIL)
    ]
    series = [*known(every), *told([whole], says.cadvisor), *few, *told(every, says.exporter, by_address)]
    rows, left_out = await stored(series, collector, tmp_path)
    assert {name: row["source"] for name, row in rows.items()} == {
        "worker-0": "cadvisor", "worker-1": "node_exporter", "worker-2": "node_exporter",
    }  # fmt: skip
    assert [off(rows[node.name], node) for node in every] == [{}, {}, {}]
    assert rows["worker-2"]["psi_cpu_pct"] == pytest.approx(4, rel=0.01)
    assert left_out == set()


async def test_a_node_that_nothing_names_is_told_and_one_without_use_is_there(
    collector: OpenCollector, tmp_path: Path
) -> None:
    every = nodes()
    strange = ToldNode("elsewhere", "10.7.7.7")
    series = [
        *known(every, ready_until=instant(45)),
        *told(every[:1], says.cadvisor),
        *told([strange], says.kubelet, by_address),
    ]
    rows, left_out = await stored(series, collector, tmp_path)
    assert set(rows) == {"worker-0", "worker-1"}
    without = rows["worker-1"]
    assert [without[name] for name in ("source", "p95_cpu_m", "p95_mem_mib", "coverage")] == [
        "",
        None,
        None,
        0,
    ]
    assert without["ready_pct"] == pytest.approx(50, rel=0.02)
    assert left_out == {LeftOut("node_unknown", "", "10.7.7.7:9100", 1)}


async def test_without_kube_state_metrics_use_is_known_and_nothing_else(
    collector: OpenCollector, tmp_path: Path
) -> None:
    every = nodes()
    pods = pods_of("web")
    series = [*deployment("shop", "web", pods, SINCE, UNTIL), *told(every, says.exporter, by_address)]
    bare = [one for one in series if not one.labels["__name__"].startswith("kube_")]
    rows, _ = await stored(bare, collector, tmp_path)
    assert [off(rows[node.name], node) for node in every] == [{}, {}]
    assert rows["worker-0"]["cpu_alloc_m"] is None
    assert rows["worker-0"]["requested_cpu_m"] is None


async def test_a_node_that_was_started_anew_and_one_that_is_scraped_seldom(
    collector: OpenCollector, tmp_path: Path
) -> None:
    anew = [ToldNode("anew", "10.0.0.1", started=instant(40)), ToldNode("seldom", "10.0.0.2", interval_s=120)]
    for number, say in enumerate((says.cadvisor, says.exporter)):
        series = [*known(anew), *told(anew, say)]
        rows, _ = await stored(series, collector, tmp_path / str(number))
        for row in rows.values():
            assert row["p95_cpu_m"] == pytest.approx(2000, rel=0.01), say
            assert row["coverage"] > 0.97, say


async def test_a_store_that_does_not_tell_costs_the_day_nothing_else(
    collector: OpenCollector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored of the nodes stays."""
    every = nodes()
    series = [*known(every), *told(every, says.cadvisor)]
    with prometheus_with_series(series, tmp_path) as url:
        async with collector(url) as one:
            policy = policy_of(one.settings)
            await collect_day(one.clickhouse, one.source, policy, DAY)
            monkeypatch.setattr("kubedoor_collector.domain.nodes.promql.NODES", 'nonsense"')
            day = await collect_day(one.clickhouse, one.source, policy, DAY)
            assert set(day.left_out) == {LeftOut("nodes_failed", "", "")}
            assert set(await rows_in(one.clickhouse)) == {"worker-0", "worker-1"}
            assert day.rows


async def test_victoria_metrics_tells_the_same(collector: OpenCollector, tmp_path: Path) -> None:
    every = nodes()
    with running(start_victoria_metrics(tmp_path)) as store:
        fill_victoria_metrics(store, [*known(every), *told(every, says.exporter, by_address)])
        async with collector(store.url, prometheus_type="victoria-metrics-single") as one:
            await collect_day(one.clickhouse, one.source, policy_of(one.settings), DAY)
            rows = await rows_in(one.clickhouse)
    for node in every:
        assert (off(rows[node.name], node), rows[node.name]["coverage"]) == ({}, 1)
    assert rows["worker-0"]["requested_cpu_m"] == pytest.approx(900)
