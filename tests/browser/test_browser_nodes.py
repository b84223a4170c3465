"""The page of nodes in a browser: balance, how many could go, each node, in both languages and widths."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.support import company
from browser.support.acting import Kubernetes
from browser.support.stack import Stack
from kubedoor_core.clickhouse.parameters import timestamp

DAY = datetime.now(UTC).date() - timedelta(days=1)


@pytest.fixture(scope="module")
def console(started: tuple[Stack, Kubernetes]) -> Stack:
    """The console of a system with a cluster, and the peak of its nodes."""
    stack = started[0]
    for number, used in enumerate((9000.0, 30_000.0, 51_000.0), 1):
        stack.insert("node_daily", day_of(f"node-{number}", p95_cpu_m=used))
    return stack


def day_of(node: str, **columns: Any) -> dict[str, Any]:
    return {
        "env": company.ENV, "node": node, "date": str(DAY), "source": "node_exporter", "cpu_alloc_m": 57_600,
        "mem_alloc_mib": 235_929, "pods_alloc": 500, "p95_mem_mib": 80_000, "requested_cpu_m": 20_000,
        "requested_mem_mib": 90_000, "pods": 12, "ready_pct": 100, "coverage": 1,
        "collected_at": timestamp(datetime.now(UTC)), **columns,
    }  # fmt: skip


@pytest.mark.parametrize("width", [900, 1280])
def test_balance_simulation_and_each_node(open_page: OpenPage, width: int) -> None:
    page = open_page("/nodes", width=width)
    balance = page.get_by_role("region", name="Balance at the peak")
    expect(balance).to_contain_text("node-3 36.5 above the mean")
    expect(balance).to_contain_text("requests are wrong, not the scheduler")
    simulation = page.get_by_role("region", name="How many nodes could go")
    expect(simulation).to_contain_text("58 cpu 230 GiB")
    expect(simulation).to_contain_text("just 1 can go")
    simulation.get_by_role("button", name="as they are", exact=True).click()
    expect(simulation.get_by_role("button", name="as they are", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(simulation).not_to_contain_text("packed as they ask")
    page.get_by_text("Which pods could move").click()
    moves = page.get_by_role("group").filter(has_text="Which pods could move")
    expect(moves).to_contain_text("From node-3")
    table = page.get_by_role("table", name="Nodes")
    row = table.get_by_role("row").filter(has_text="node-3")
    expect(row.get_by_role("img", name="CPU: P95 51 cores")).to_be_visible()
    expect(row).to_contain_text("ready")


def test_it_is_told_in_chinese(open_page: OpenPage) -> None:
    page = open_page("/nodes", language="zh-CN")
    expect(page.get_by_role("region", name="高峰时的均衡")).to_contain_text("错在请求值，而不是调度器")
    expect(page.get_by_role("region", name="可以减少多少节点")).to_contain_text("正好可减 1 个")
