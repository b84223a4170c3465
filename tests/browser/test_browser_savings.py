"""Advice on pod counts: looked at, reviewed, accepted, taken back, dismissed; scores with what mends them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import OpenPage
from browser.pages.savings import SavingsPage
from browser.support import company
from browser.support.acting import NAMESPACE, Kubernetes
from browser.support.forms import type_moment
from browser.support.stack import Stack

DAYS = 14
PODS, CPU_M = 9, 300
LATER = datetime.now(UTC) + timedelta(hours=1)
"""After every roll-out of the cluster, so that no advice is outdated."""


def day_rows(name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Two weeks of a service, and of its requests."""
    used, asked = [], []
    for day in company.dates(DAYS):
        key = {"env": company.ENV, "namespace": NAMESPACE, "name": name, "date": str(day)}
        at = {"collected_at": f"{day} 23:30:00.000"}
        used.append({
            **key, **at, "container": "app", "window_start": f"{day} 10:00:00.000",
            "window_end": f"{day} 11:30:00.000", "pod_count": PODS, "p95_cpu_m": CPU_M,
            "p95_mem_mib": 300, "max_mem_mib": 300, "request_cpu_m": 900, "limit_cpu_m": 1000,
            "p95_cpu_hot_m": CPU_M, "coverage": 1.0,
            "request_mem_mib": 512, "limit_mem_mib": 1024, "oom_kills": 0, "throttled_pct": 0.0,
        })  # fmt: skip
        asked.append({
            **key, **at, "source": "istio", "qps_p95": 360.0, "qps_max": 400.0, "qps_hot_pod": 45.0,
            "requests": 1e6, "errors": 0.0, "error_pct": 0.0, "latency_p95_ms": 40.0,
            "coverage": 0.3 if name == "refund" else 1.0,
        })  # fmt: skip
    return used, asked


def advice_row(index: int, name: str, verdict: str, **values: Any) -> dict[str, Any]:
    """Advice as the api keeps it."""
    day = str(company.dates()[-1])
    demand = {"demand_cpu_m": 2700.0, "growth_pct": 0.0, "skew": 1.0, "limit_cpu_m": 1000.0}
    bounds = [
        {"name": "cpu", "least": 4, "text_code": "cpu_of_limit", "container": "app", "facts": [],
         "parameters": {**demand, "limit_share_pct": 70}},
        {"name": "availability", "least": 2, "text_code": "least_replicas", "container": None, "facts": [],
         "parameters": {"min_replicas": 2.0}},
        {"name": "traffic", "least": 3, "text_code": "traffic_proved", "container": None, "facts": [],
         "parameters": {"qps": 360.0, "growth_pct": 0.0, "skew": 1.0, "qps_proved_per_pod": 96.0,
                        "qps_proved_per_pod_date": day, "proved_step_pct": 125}},
    ]  # fmt: skip
    return {
        "env": company.ENV, "id": f"{index:032x}", "at": f"{LATER:%F %T}.000", "as_of": day,
        "namespace": NAMESPACE, "name": name, "replicas_now": PODS, "replicas_needed": 4,
        "replicas_advised": 7, "replicas_available": 2, "verdict": verdict, "binding": "cpu",
        "confidence": 0.82, "bounds": json.dumps(bounds), "facts": "[]", "not_because": [], "version": 0,
        "saving": json.dumps({"cpu_m": 120.0, "mem_mib": 1480.0, "money_month": None, "currency": "USD"}),
        **values,
    }  # fmt: skip


@pytest.fixture(scope="module")
def console(started: tuple[Stack, Kubernetes]) -> Stack:
    """A console whose services run in a cluster, with two weeks of days and advice on four of them.

    A collection is under way all the time: until it is over the leader makes no advice in the place of this.
    """
    stack, kubernetes = started
    beats = f"{datetime.now(UTC) + timedelta(days=1):%F %T}.000"
    stack.insert("collection_run", company.run_row("daily-under-way", "running", 0, 1, heartbeat_at=beats))
    for name in ("invoice", "pricing"):
        kubernetes.run(name, replicas=PODS)
    for name in ("invoice", "pricing", "refund"):
        used, asked = day_rows(name)
        stack.insert("resource_daily", *used)
        stack.insert("traffic_daily", *asked)
    stack.insert(
        "advice",
        advice_row(1, "invoice", "fewer"),
        advice_row(2, "pricing", "fewer"),
        advice_row(3, "refund", "more", replicas_needed=11, replicas_advised=11),
        advice_row(4, "cart", "none", not_because=["oom_killed", "volatile"]),
    )
    return stack


def governed(console: Stack, name: str) -> dict[str, Any]:
    found: dict[str, Any] = console.ask("GET", f"/envs/{company.ENV}/services/{NAMESPACE}/{name}")
    return dict(found["replicas"])


def savings(page: Page) -> SavingsPage:
    found = SavingsPage(page)
    expect(found.table).to_be_visible()
    return found


def test_advice_is_looked_at_in_both_languages(open_page: OpenPage, console: Stack) -> None:
    here = savings(open_page("/savings", user=console.viewer, width=1280))
    expect(here.sum).to_contain_text("2 services")
    expect(here.sum).to_contain_text("4 pods fewer")
    expect(here.cell("invoice", "replicas_now")).to_have_text("9 → 7 (4)")
    expect(here.cell("invoice", "why")).to_contain_text("70 % of the limit of 1 cores = 4")
    expect(here.cell("invoice", "confidence")).to_contain_text("high")
    expect(here.table.get_by_role("checkbox")).to_have_count(0)
    here.expand("invoice")
    expect(here.detail).to_contain_text("At least 2 by the settings")
    expect(here.detail).to_contain_text("96 per pod, proved on")
    expect(here.detail.get_by_role("img")).to_be_visible()
    here.show("Too few pods · 1")
    expect(here.cell("refund", "replicas_now")).to_have_text("9 → 11")
    here.show("No advice · 1")
    expect(here.cell("cart", "why")).to_have_text("OOM-killed lately · its days differ too much")
    chinese = savings(open_page("/savings?verdict=none", language="zh-CN", width=900))
    expect(chinese.cell("cart", "why")).to_have_text("近期发生过 OOM · 各天差异过大")


def test_advice_is_exported_with_what_overrules_it(open_page: OpenPage, console: Stack) -> None:
    page = savings(open_page("/savings", user=console.viewer)).page
    page.locator("[data-test=export]").click()
    with page.expect_download() as download:
        page.locator("[data-test=export-kubectl]").click()
    text = download.value.path().read_text()
    assert "invoice" in text
    assert "enforce" in text


def test_advice_is_reviewed_accepted_and_taken_back(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/savings?namespace=orders", width=1280)
    here = savings(page)
    here.choose("invoice")
    here.review()
    count = here.dialog.get_by_label("Pods of orders/invoice")
    expect(count).to_have_value("7")
    count.fill("1")
    expect(here.dialog.get_by_text("A whole number of 2 or more")).to_be_visible()
    expect(here.accept).to_be_disabled()
    count.fill("8")
    here.accept.click()
    expect(here.dialog).to_be_hidden()
    expect(here.done).to_contain_text("Advice on 1 service accepted")
    assert governed(console, "invoice")["ai"] == 8
    assert governed(console, "invoice")["source"] == "ai"
    here.done.get_by_role("button", name="Undo").click()
    expect(here.done).to_contain_text("Undone")
    assert governed(console, "invoice")["ai"] is None


def test_accepted_advice_is_scaled_to_and_taken_back_on_the_services_page(
    open_page: OpenPage, console: Stack, kubernetes: Kubernetes
) -> None:
    page = open_page("/savings", width=1280)
    here = savings(page)
    here.choose("pricing")
    here.review()
    here.dialog.get_by_role("radio", name="Scale now").check()
    here.accept.click()
    expect(page).to_have_url(re.compile("/operations/"))
    expect(page.get_by_text("1 of 1 done")).to_be_visible()
    assert (kubernetes.replicas("pricing"), governed(console, "pricing")["ai"]) == (7, 7)
    page.goto(f"/services/{company.ENV}/{NAMESPACE}/pricing")
    page.locator("[data-test=take-back]").click()
    page.locator("[data-test=take-back-go]").click()
    expect(page).to_have_url(re.compile("/operations/"))
    expect(page.get_by_text("1 of 1 done")).to_be_visible()
    assert (kubernetes.replicas("pricing"), governed(console, "pricing")["ai"]) == (PODS, None)
    page.goto("/savings")
    statistics = page.locator("[data-test=advice-statistics]")
    expect(statistics).to_contain_text("accepted")
    statistics.locator("summary").click()
    expect(statistics.locator("[data-test=accepted-advice]")).to_contain_text("Watched, 0 of 3 days")


def test_advice_is_dismissed_until_a_day(open_page: OpenPage, console: Stack) -> None:
    here = savings(open_page("/savings?verdict=more"))
    here.choose("refund")
    page = here.page
    page.locator("[data-test=dismiss]").click()
    type_moment(page, "Until", "1999-01-01")
    expect(page.locator("[data-test=dismiss-go]")).to_be_disabled()
    type_moment(page, "Until", f"{datetime.now(UTC) + timedelta(days=60):%Y-%m-%d}")
    page.get_by_role("textbox", name="Reason").fill("sale until the new year")
    page.locator("[data-test=dismiss-go]").click()
    expect(here.dialog).to_be_hidden()
    log = console.ask("GET", "/audit?action=dismissAdvice")["items"]
    assert len(log) == 1


def test_a_score_leads_to_the_edit_that_mends_it(open_page: OpenPage, console: Stack) -> None:
    page = open_page(f"/services/{company.ENV}/{NAMESPACE}/refund", width=1280)
    score = page.locator("[data-test=score]")
    expect(score.locator("[data-test=grade]")).to_have_text(re.compile(r"^\d+ [A-E]$"))
    expect(score).to_contain_text(re.compile("Uses .* of what it asks for"))
    expect(page.locator("[data-test=why-traffic]")).to_contain_text("only 30 % of the peak window is known")
    expect(page.locator("[data-test=why-jvm]")).to_contain_text("nothing in this cluster's Prometheus")
    expect(page.get_by_role("img", name="Requests a second")).to_be_attached()
    score.locator("[data-test=remedy]").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_list_has_columns_of_requests(open_page: OpenPage) -> None:
    page = open_page("/services?columns=name,qps,qps_per_pod,latency,gc&sort=-qps")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="invoice", exact=True))
    expect(row.locator("[data-test=figure-qps]")).to_have_text("360")
    expect(row.locator("[data-test=figure-qps_per_pod]")).to_have_text("40")
    expect(row.locator("[data-test=figure-gc]")).to_have_text("–")
    expect(row.locator("[data-test=figure-gc]")).to_have_attribute("title", re.compile("^JVM: nothing"))
