"""Alerts and the page of now in a browser: what came in, who takes care of it, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.support import company
from browser.support.stack import Stack
from kubedoor_core.clickhouse.parameters import timestamp


def _alert(number: int, **columns: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "env": company.ENV,
        "fingerprint": f"{number:016x}",
        "starts_at": timestamp(now),
        "part": "sent",
        "source": "alertmanager",
        "alertname": "PodCrashLooping",
        "severity": "critical",
        "labels": {"alertname": "PodCrashLooping", "pod": f"cart-{number}"},
        "annotations": {"summary": "cart restarts again & again <b>"},
        "namespace": "orders",
        "kind": "Deployment",
        "name": "cart",
        "pod": f"cart-{number}",
        "state": "firing",
        "received_at": timestamp(now),
        "version": int(now.timestamp() * 1_000_000),
        **columns,
    }


@pytest.fixture
def alerts(console: Stack) -> Iterator[None]:
    """Two open alerts of one service; resolved afterwards."""
    sent = [_alert(1), _alert(2)]
    console.insert("alert", *sent)
    yield
    console.insert("alert", *({**one, "state": "resolved", "version": one["version"] + 1} for one in sent))


@pytest.mark.usefixtures("alerts")
@pytest.mark.parametrize("width", [900, 1280])
def test_alerts_are_grouped_and_taken_care_of(open_page: OpenPage, width: int) -> None:
    page = open_page("/alerts?state=firing", width=width)
    group = page.get_by_role("listitem").filter(has_text="PodCrashLooping")
    expect(group).to_have_count(1)
    expect(group).to_contain_text("cart restarts again & again <b>")
    expect(group).to_contain_text("2 alerts, 2 open")
    expect(group.get_by_role("link", name="orders/cart")).to_be_visible()
    group.get_by_text("2 pods").click()
    expect(group.get_by_text("cart-1")).to_be_visible()
    group.get_by_text("What is wrong with it").click()
    expect(group.get_by_text("findings.watch of the chart switches it on")).to_be_visible()
    expect(group.get_by_text("Changed in the last 24 hours", exact=True)).to_be_visible()
    group.get_by_role("button", name="Take care of it").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("rolled back")
    page.get_by_role("dialog").get_by_role("button", name="Take care of it").click()
    expect(group).to_contain_text("somebody takes care of it")


def test_now_says_what_is_missing(open_page: OpenPage) -> None:
    page = open_page("/now")
    expect(page.get_by_text("findings.watch of the chart switches it on")).to_be_visible()
    expect(page.get_by_text("No Prometheus is configured")).to_be_visible()
