"""What is done to nodes in a browser: drained with a preview, tainted, and a plan of moves carried out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import OpenPage
from browser.support import company
from browser.support.acting import NAMESPACE, Kubernetes, acting
from browser.support.stack import Stack
from browser.test_browser_nodes import DAY, day_of
from kubedoor_core.clickhouse.parameters import timestamp

WIDTHS = [900, 1280]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Kubernetes]]:
    """A system whose nodes may be changed, also two of three at the same time."""
    settings = {"KUBEDOOR_NODE_CONTROL": "true", "KUBEDOOR_MAX_CORDONED_PCT": "70"}
    with acting(tmp_path_factory.mktemp("nodes"), **settings) as both:
        yield both


@pytest.fixture(scope="module")
def console(started: tuple[Stack, Kubernetes]) -> Stack:
    """Its console, with the peak of its nodes: the one that its pods are on is hot."""
    stack, kubernetes = started
    hot = node_of(kubernetes)
    for number in (1, 2, 3):
        name = f"node-{number}"
        stack.insert("node_daily", day_of(name, p95_cpu_m=51_000.0 if name == hot else 9000.0))
    return stack


def node_of(kubernetes: Kubernetes) -> str:
    """Return the node that most pods are on."""
    found = kubernetes.ask(f"/api/v1/namespaces/{NAMESPACE}/pods")["items"]
    nodes = [str(pod["spec"].get("nodeName")) for pod in found]
    return max(sorted(set(nodes)), key=nodes.count)


def act(page: Page, node: str, button: str) -> Locator:
    """Press a button of a node, and return the dialog that it opens."""
    row = page.get_by_role("table", name="Nodes").get_by_role("row").filter(has_text=node)
    row.get_by_role("button", name=button, exact=True).click()
    return page.get_by_role("dialog")


@pytest.mark.parametrize("width", WIDTHS)
def test_taints_are_added_and_taken_away(open_page: OpenPage, kubernetes: Kubernetes, width: int) -> None:
    page = open_page("/nodes", width=width)
    dialog = act(page, "node-2", "Taints")
    apply = dialog.locator("[data-test=taints]")
    expect(apply).to_be_disabled()
    dialog.get_by_label("Key").fill("team")
    dialog.get_by_label("Value, may be empty").fill("data")
    dialog.get_by_label("Type node-2").fill("node-2")
    apply.click()
    expect(dialog).to_be_hidden()
    row = page.get_by_role("table", name="Nodes").get_by_role("row").filter(has_text="node-2")
    expect(row).to_contain_text("team=data:NoSchedule")
    dialog = act(page, "node-2", "Taints")
    dialog.get_by_role("checkbox", name="team=data:NoSchedule").check()
    dialog.get_by_label("Type node-2").fill("node-2")
    dialog.locator("[data-test=taints]").click()
    expect(dialog).to_be_hidden()
    expect(row).not_to_contain_text("team=data")
    assert not kubernetes.ask("/api/v1/nodes/node-2")["spec"].get("taints")


def test_a_drain_shows_first_what_it_does_and_then_each_pod(
    open_page: OpenPage, kubernetes: Kubernetes
) -> None:
    node = node_of(kubernetes)
    page = open_page("/nodes", width=1280)
    dialog = act(page, node, "Drain")
    preview = dialog.locator("[data-test=drain-preview]")
    expect(preview).to_contain_text("pods go.")
    expect(preview).to_contain_text("Nobody answers for these")
    expect(preview.get_by_role("list")).to_contain_text(f"{NAMESPACE}/cart-")
    go = dialog.locator("[data-test=drain-go]")
    expect(go).to_be_disabled()
    expect(dialog.get_by_role("status")).to_have_text("Say why, and type the node's name.")
    dialog.get_by_label("Why").fill("kernel")
    dialog.get_by_label(f"Type {node}").fill(node)
    expect(go).to_be_enabled()
    time, each = (dialog.get_by_label(name) for name in ("Time for all pods", "Time for each pod to end"))
    expect(time).to_have_value("3600")
    expect(each).to_have_accessible_description("1 to 86,400 seconds; empty: as the pod says.")
    time.fill("5")
    expect(dialog.get_by_role("alert")).to_have_text("Whole seconds from 10 to 86,400")
    expect(go).to_be_disabled()
    time.fill("600")
    each.fill("5")
    with page.expect_request("**/drain") as asked:
        go.click()
    sent = json.loads(asked.value.post_data or "")
    assert (sent["timeout_s"], sent["grace_period_s"]) == (600, 5)
    action = dialog.locator("[data-test=node-action]")
    expect(action).to_contain_text(f"drain of {node}")
    expect(action).to_contain_text("done")
    expect(action).to_contain_text("cordoned")
    expect(action.get_by_role("listitem").filter(has_text=f"{NAMESPACE}/cart-").first).to_contain_text("gone")
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(dialog).to_be_hidden()
    row = page.get_by_role("table", name="Nodes").get_by_role("row").filter(has_text=node)
    row.get_by_role("button", name="Uncordon", exact=True).click()
    expect(row.get_by_role("button", name="Cordon", exact=True)).to_be_visible()
    page.get_by_text("Drains and moves", exact=True).click()
    listed = page.locator("[data-test=node-action]").filter(has_text=f"drain of {node}")
    expect(listed).to_contain_text("kernel")


def test_a_drain_that_is_held_up_is_cancelled(open_page: OpenPage, kubernetes: Kubernetes) -> None:
    node = node_of(kubernetes)
    spec = {"minAvailable": 2, "selector": {"matchLabels": {"app": "refund"}}}
    budget = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
              "metadata": {"name": "all-of-them"}, "spec": spec}  # fmt: skip
    kubernetes.ask(f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets", budget)
    page = open_page("/nodes", language="zh-CN")
    row = page.get_by_role("table", name="节点").get_by_role("row").filter(has_text=node)
    row.get_by_role("button", name="排空", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-test=drain-preview]")).to_contain_text("all-of-them")
    dialog.get_by_label("原因").fill("内核")
    dialog.get_by_label(f"输入 {node}").fill(node)
    dialog.locator("[data-test=drain-go]").click()
    action = dialog.locator("[data-test=node-action]")
    expect(action).to_contain_text("中断预算不允许：all-of-them")
    dialog.locator("[data-test=cancel-node-action]").click()
    expect(action).to_contain_text("已取消")
    assert not kubernetes.ask(f"/api/v1/nodes/{node}")["spec"].get("unschedulable")


def test_a_plan_of_moves_is_carried_out_and_says_why_it_ends(
    open_page: OpenPage, console: Stack, kubernetes: Kubernetes
) -> None:
    """The scheduler of the simulated cluster goes by requests alone: the pod comes back."""
    node = node_of(kubernetes)
    for name in ("cart", "checkout"):
        console.insert("resource_daily", _used(name))
    page = open_page("/nodes", width=1280)
    page.get_by_text("Which pods could move").click()
    moves = page.get_by_role("group").filter(has_text="Which pods could move")
    expect(moves).to_contain_text(f"From {node}")
    moves.get_by_role("button", name="Carry out", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{node} →")
    go = dialog.locator("[data-test=carry-out-go]")
    expect(go).to_be_disabled()
    dialog.get_by_label("Why").fill("even load")
    dialog.get_by_label(f"Type {company.ENV}").fill(company.ENV)
    go.click()
    action = dialog.locator("[data-test=node-action]")
    expect(action).to_contain_text("the scheduler sees requests alone")
    expect(action.get_by_role("listitem").first).to_contain_text("came back")


def _used(name: str) -> dict[str, object]:
    """Return a day on which each pod of a service used ten cores."""
    return {
        "env": company.ENV, "namespace": NAMESPACE, "name": name, "container": "app", "date": str(DAY),
        "window_start": f"{DAY} 02:00:00.000", "window_end": f"{DAY} 03:30:00.000", "pod_count": 2,
        "p95_cpu_m": 10_000, "p95_mem_mib": 500, "collected_at": timestamp(datetime.now(UTC)),
    }  # fmt: skip
