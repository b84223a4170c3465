"""Events of Kubernetes in a browser: found by what people look for, opened, and what is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.support import company
from browser.support.stack import Stack
from kubedoor_core.clickhouse.parameters import timestamp

POD = "cart-5d9f7c6b8d-x2vbn"


def _event(uid: str, **columns: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "env": company.ENV,
        "last_at": timestamp(now),
        "uid": uid,
        "count": 17,
        "first_at": timestamp(now - timedelta(minutes=30)),
        "type": "Warning",
        "reason": "BackOff",
        "message": "Back-off restarting failed container <b>app</b>",
        "object_kind": "Pod",
        "object_name": POD,
        "namespace": "orders",
        "kind": "Deployment",
        "name": "cart",
        "component": "kubelet",
        "node": "node-1",
        **columns,
    }


@pytest.fixture(scope="module", autouse=True)
def events(console: Stack) -> None:
    """A warning of a pod that has repeated, and what is normal."""
    normal = {"type": "Normal", "reason": "ScalingReplicaSet", "object_kind": "Deployment", "count": 1}
    console.insert(
        "kube_event",
        _event("e1", count=3),
        _event("e1"),
        _event("e2", object_name="cart", message="Scaled up replica set cart-5d9f7c6b8d to 3", **normal),
    )


@pytest.mark.parametrize("width", [900, 1280])
def test_events_are_found_and_opened(open_page: OpenPage, width: int) -> None:
    page = open_page("/events?namespace=orders", width=width)
    expect(page.get_by_text("the value events.keep of the chart switches it on")).to_be_visible()
    table = page.get_by_role("table", name="Events")
    row = table.get_by_role("row").filter(has_text="BackOff")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("17")
    expect(table.get_by_role("row").filter(has_text="ScalingReplicaSet")).to_have_count(1)
    row.get_by_role("button").first.click()
    expect(page.get_by_text("17 times since")).to_be_visible()
    expect(page.get_by_text("on node node-1")).to_be_visible()
    expect(page.get_by_role("link", name="orders/cart")).to_be_visible()


def test_a_filter_is_in_the_address(open_page: OpenPage) -> None:
    page = open_page("/events?namespace=orders&type=Normal")
    table = page.get_by_role("table", name="Events")
    expect(table.get_by_role("row").filter(has_text="ScalingReplicaSet")).to_have_count(1)
    expect(table.get_by_role("row").filter(has_text="BackOff")).to_have_count(0)
    page.goto(page.url.replace("type=Normal", "q=nothing-like-this"))
    expect(page.get_by_text("No event matches.")).to_be_visible()


def test_rules_are_edited_as_fields(open_page: OpenPage) -> None:
    page = open_page("/settings?view=notifications")
    row = page.locator("form.setting").filter(has_text="Events of Kubernetes")
    row.get_by_role("button", name="Add a rule").click()
    row.get_by_label("Reason", exact=True).fill("BackOff")
    row.get_by_label("Least times").fill("5")
    row.get_by_label("Mention, such as @here").fill("@here")
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_role("button", name="Forget the stored value")).to_be_visible()
    page.reload()
    expect(row.get_by_label("Reason", exact=True)).to_have_value("BackOff")
    expect(row.get_by_label("Mention, such as @here")).to_have_value("@here")
    row.get_by_role("button", name="Forget the stored value").click()
    expect(row.get_by_label("Reason", exact=True)).to_have_count(0)
