"""Editing in a browser: drafts, review, what the API keeps, undo, and somebody else being faster."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.pages.frame import Frame
from browser.pages.services import ServicesPage
from browser.support import company
from browser.support.stack import Stack
from support.rows import limit_range_row


def _path(namespace: str, name: str) -> str:
    return f"/envs/{company.ENV}/services/{namespace}/{name}"


def _service(console: Stack, namespace: str, name: str) -> dict[str, Any]:
    return console.ask("GET", _path(namespace, name))


def test_a_change_shows_before_and_after_and_is_applied_after_a_review(
    open_page: OpenPage, console: Stack
) -> None:
    page = open_page("/services?q=refund")
    services = ServicesPage(page)
    services.edit("refund", "manual", "4")
    services.edit("refund", "cpuLimit", "2000")
    expect(services.cell("refund", "manual")).to_have_text("– → 4")
    expect(services.bar).to_contain_text("2 changes in 1 service")
    assert _service(console, "orders", "refund")["replicas"]["manual"] is None
    dialog = services.review()
    expect(dialog).to_contain_text("Replicas (manual)")
    expect(dialog).to_contain_text("→ 2 cores")
    dialog.get_by_role("button", name="Apply").click()
    expect(services.bar).to_contain_text("1 service changed")
    expect(services.cell("refund", "replicas")).to_have_text("4")
    changed = _service(console, "orders", "refund")
    assert changed["replicas"]["manual"] == 4
    assert changed["containers"][0]["expert"]["limit_cpu_m"] == 2000


@pytest.fixture
def bounded(console: Stack) -> Iterator[None]:
    """The namespace `orders` has a LimitRange and a quota, while the test lasts."""
    spec = {"limits": [{"type": "Container", "maxLimitRequestRatio": {"cpu": "2"}}]}
    quotas = json.dumps([{"name": "team", "hard": {"requests.cpu": "1"}}])
    console.insert("limit_range", {**limit_range_row(company.ENV, "orders", [spec]), "quotas": quotas})
    yield
    console.insert("limit_range", limit_range_row(company.ENV, "orders", [], deleted=True))


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize(
    ("language", "raised", "exceeded"),
    [
        ("en", "is not allowed by the namespace's LimitRange: set to 4500m", "team allows 1 of requests.cpu"),
        ("zh-CN", "4500m", "team 的 requests.cpu 上限为 1"),
    ],
)
def test_the_review_says_what_a_limit_range_and_a_quota_make_of_it(
    open_page: OpenPage, language: str, raised: str, exceeded: str
) -> None:
    page = open_page("/services?q=refund", language=language, width=900)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="refund", exact=True))
    cell = row.locator("[data-column=cpuLimit]")
    cell.get_by_role("button").click()
    cell.get_by_role("textbox").fill("9000")
    cell.get_by_role("textbox").press("Enter")
    page.locator(".bar").get_by_role("button").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(raised)
    expect(dialog).to_contain_text(exceeded)


def test_what_was_applied_can_be_rolled_back(open_page: OpenPage, console: Stack) -> None:
    services = ServicesPage(open_page("/services?q=invoice"))
    services.edit("invoice", "manual", "3")
    services.apply()
    services.bar.get_by_role("button", name="Undo").click()
    expect(services.bar).to_contain_text("Undone")
    assert _service(console, "orders", "invoice")["replicas"]["manual"] is None


def test_a_changed_cell_keeps_each_of_its_numbers_on_one_line(open_page: OpenPage) -> None:
    services = ServicesPage(open_page("/services?q=pricing", width=1280))
    services.edit("pricing", "cpuLimit", "17,300")
    services.edit("pricing", "cpuLimit", "23 cores")
    after = services.cell("pricing", "cpuLimit").locator("b")
    expect(after).to_have_text("23,000")
    lines = "const all = document.createRange(); all.selectNodeContents(one); return all.getClientRects()"
    assert after.evaluate(f"one => {{ {lines}.length }}") == 1


def test_a_limit_below_the_request_is_told_while_one_types_it(open_page: OpenPage) -> None:
    services = ServicesPage(open_page("/services?q=pricing"))
    services.edit("pricing", "cpuLimit", "1m")
    cell = services.cell("pricing", "cpuLimit")
    expect(cell.get_by_role("alert")).to_contain_text("Below the request of")
    expect(services.bar).to_have_count(0)


@pytest.mark.parametrize("wrong", ["-3", "2.5", "many", "99999999999"])
def test_a_value_that_is_no_count_is_refused_in_its_cell(open_page: OpenPage, wrong: str) -> None:
    page = open_page("/services?q=pricing")
    services = ServicesPage(page)
    services.edit("pricing", "manual", wrong)
    expect(services.cell("pricing", "manual").get_by_role("alert")).to_be_visible()
    page.keyboard.press("Escape")
    expect(services.cell("pricing", "manual")).to_have_text("–")
    expect(services.bar).to_have_count(0)


def test_the_old_value_typed_again_is_no_change(open_page: OpenPage) -> None:
    services = ServicesPage(open_page("/services?q=pricing"))
    services.edit("pricing", "manual", "9")
    expect(services.bar).to_be_visible()
    services.edit("pricing", "manual", "")
    expect(services.bar).to_have_count(0)


def test_drafts_survive_filtering_and_moving_between_pages(open_page: OpenPage) -> None:
    page = open_page("/services?q=pricing")
    services = ServicesPage(page)
    services.edit("pricing", "manual", "9")
    page.get_by_role("searchbox").fill("gateway")
    expect(services.names).to_have_text(["gateway"])
    Frame(page).go("Settings")
    expect(Frame(page).title).to_have_text("Settings")
    Frame(page).go("Services")
    expect(services.cell("pricing", "manual")).to_have_text("– → 9")
    services.bar.get_by_role("button", name="Discard").click()
    expect(services.cell("pricing", "manual")).to_have_text("–")


def test_drafts_survive_a_reload_until_they_are_applied(open_page: OpenPage) -> None:
    page = open_page("/services?q=reviews")
    services = ServicesPage(page)
    services.edit("reviews", "manual", "6")
    expect(services.bar).to_contain_text("1 change in 1 service")
    page.reload()
    expect(services.cell("reviews", "manual")).to_have_text("– → 6")
    services.apply()
    expect(services.bar).to_contain_text("1 service changed")
    page.reload()
    expect(services.cell("reviews", "manual")).to_have_text("6")
    expect(services.bar).to_have_count(0)


def test_somebody_else_was_faster_both_sides_are_shown_and_nothing_is_lost(
    open_page: OpenPage, console: Stack
) -> None:
    services = ServicesPage(open_page("/services?q=ledger"))
    services.edit("ledger", "manual", "7")
    services.edit("ledger", "cpuLimit", "9000")
    theirs = {"replicas_manual": 5, "containers": [{"name": "app", "limit_cpu_m": 8000}]}
    console.ask("PATCH", _path("payments", "ledger"), theirs, **{"If-Match": "0"})
    dialog = services.review()
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog).to_contain_text("Somebody else changed ledger")
    dialog.get_by_role("radio", name="5").check()
    expect(dialog.get_by_role("radio", name="9 cores")).to_be_checked()
    dialog.get_by_role("button", name="Go on with these").click()
    dialog.get_by_role("button", name="Apply").click()
    expect(services.bar).to_contain_text("1 service changed")
    kept = _service(console, "payments", "ledger")
    assert kept["replicas"]["manual"] == 5
    assert kept["containers"][0]["expert"]["limit_cpu_m"] == 9000


def test_a_refused_change_says_why_and_stays_a_draft(open_page: OpenPage) -> None:
    page = open_page("/services?q=payout")
    services = ServicesPage(page)
    services.edit("payout", "manual", "9999999")
    dialog = services.review()
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Not applied")
    expect(dialog.get_by_role("alert")).to_contain_text("replicas_manual")
    dialog.get_by_role("button", name="Cancel").click()
    expect(services.cell("payout", "manual")).to_contain_text("9,999,999")
