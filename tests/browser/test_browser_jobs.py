"""What people come for, with the number of clicks that it takes, on both sizes and in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import OpenPage
from browser.pages.clicks import Clicks
from browser.support import company
from browser.support.acting import Kubernetes
from browser.support.stack import Stack

LOOKS = [
    {"width": 1280, "language": "en", "theme": "light"},
    {"width": 900, "language": "zh-CN", "theme": "dark"},
]
OTHERS = ("orders-api", "invoice", "pricing")
Open = Callable[[str], tuple[Page, Clicks]]


@pytest.fixture(scope="module")
def console(started: tuple[Stack, Kubernetes]) -> Stack:
    """A console with a cluster, in which all services of a namespace run."""
    stack, kubernetes = started
    for name in OTHERS:
        kubernetes.run(name)
    return stack


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look['width']}-{look['language']}")
def begin(open_page: OpenPage, request: pytest.FixtureRequest) -> Open:
    """Open a page in a look, and count the clicks from there on."""

    def opened(path: str) -> tuple[Page, Clicks]:
        page = open_page(path, **request.param)
        expect(page.locator("main h1")).to_be_visible()
        clicks = Clicks(page)
        clicks.begin()
        return page, clicks

    return opened


def _edit(page: Page, name: str, column: str, text: str) -> None:
    row = (
        page.get_by_role("grid")
        .get_by_role("row")
        .filter(has=page.get_by_role("link", name=name, exact=True))
    )
    cell = row.locator(f"[data-column={column}]")
    cell.get_by_role("button").click()
    cell.get_by_role("textbox").fill(text)
    cell.get_by_role("textbox").press("Enter")


def _apply(page: Page) -> None:
    page.locator("main .bar .el-button--primary").click()
    page.get_by_role("dialog").locator(".el-dialog__footer .el-button--primary").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def _service(console: Stack, name: str) -> dict[str, Any]:
    return console.ask("GET", f"/envs/{company.ENV}/services/{name}")


def test_what_is_wasted_is_seen_at_once(begin: Open) -> None:
    page, clicks = begin("/overview")
    expect(page.locator("main .waste").first).to_be_visible()
    assert clicks.so_far == 0


def test_why_a_number_is_what_it_is_takes_one(begin: Open) -> None:
    page, clicks = begin("/services?namespace=catalog")
    page.get_by_role("link", name="search", exact=True).click()
    why = page.locator("main .why")
    why.scroll_into_view_if_needed()
    expect(why).to_contain_text("10:00-11:30")
    assert clicks.so_far == 1


def test_three_edits_applied_take_five(begin: Open, console: Stack) -> None:
    page, clicks = begin("/services?namespace=payments")
    now = _service(console, "payments/ledger")["replicas"]["manual"] or 0
    for name in ("ledger", "gateway", "settlement"):
        _edit(page, name, "manual", str(now + 2))
    _apply(page)
    assert clicks.so_far == 5
    assert _service(console, "payments/gateway")["replicas"]["manual"] == now + 2


def test_a_namespace_restarted_takes_four(begin: Open) -> None:
    page, clicks = begin("/services?namespace=orders")
    page.get_by_role("grid").get_by_role("columnheader").get_by_role("checkbox").click()
    page.locator("[data-test=restart]").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[data-test=preview]").click()
    dialog.locator("[data-test=act]").click()
    expect(page.locator("[data-test=operation-state]")).to_contain_text("6")
    assert clicks.so_far == 4


def test_who_changed_a_service_takes_two(begin: Open, console: Stack) -> None:
    version = _service(console, "catalog/stock")["version"]
    console.ask(
        "PATCH",
        f"/envs/{company.ENV}/services/catalog/stock",
        {"note": f"after {version}"},
        **{"If-Match": version},
    )
    page, clicks = begin("/services?namespace=catalog")
    page.get_by_role("link", name="stock", exact=True).click()
    page.get_by_role(
        "button", name="History" if page.locator("html[lang=en]").count() else "修改记录"
    ).click()
    expect(page.locator("main .history")).to_contain_text(console.user)
    assert clicks.so_far == 2


def test_what_was_oom_killed_is_found_and_mended_in_four(begin: Open, console: Stack) -> None:
    page, clicks = begin("/overview")
    page.get_by_role("link", name="OOM").click()
    now = _service(console, "payments/fraud-score")["containers"][0]["effective"]["limit_mem_mib"]
    _edit(page, "fraud-score", "memLimit", str(now + 512))
    _apply(page)
    assert clicks.so_far == 4
    mended = _service(console, "payments/fraud-score")
    assert mended["containers"][0]["effective"]["limit_mem_mib"] == now + 512
