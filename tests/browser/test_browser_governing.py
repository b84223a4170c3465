"""Enforcing from the console, on a cluster with the real webhook: check list, drift accepted and restored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import OpenPage
from browser.pages.frame import Frame
from browser.support import company
from browser.support.acting import Kubernetes
from browser.support.forms import choose_mode
from browser.support.governing import CERTIFICATE_DAYS, governing
from browser.support.stack import Stack

STRANGER = "stranger"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Kubernetes]]:
    """A system of its own, with a cluster and a webhook, in `enforce`-able state."""
    with governing(tmp_path_factory.mktemp("governing")) as both:
        both[1].run(STRANGER)
        yield both


@pytest.fixture(scope="module")
def console(started: tuple[Stack, Kubernetes]) -> Stack:
    """The console of that system."""
    return started[0]


def _mode(console: Stack, mode: str) -> None:
    """Switch the mode, whatever it was."""
    path = f"/envs/{company.ENV}/mode"
    version = console.ask("GET", path)["version"]
    console.ask("PUT", path, {"mode": mode}, **{"If-Match": version})


def _governed(console: Stack, name: str) -> int:
    shown = console.ask("GET", f"/envs/{company.ENV}/services/orders/{name}")
    return int(shown["replicas"]["effective"])


def test_the_check_list_comes_before_enforce(open_page: OpenPage, console: Stack) -> None:
    _mode(console, "off")
    page = open_page("/overview")
    Frame(page).mode.click()
    dialog = page.get_by_role("dialog")
    choose_mode(dialog, "enforce")
    checks = dialog.get_by_role("region", name="Checked now")
    expect(checks.locator("[data-check=webhook]")).to_contain_text("answers and is ready")
    expect(checks.locator("[data-check=certificate]")).to_contain_text(f"in {CERTIFICATE_DAYS} days")
    expect(checks.locator("[data-check=observed]")).to_contain_text("Not observed so far")
    expect(checks.get_by_text(f"orders/{STRANGER}")).to_be_visible()
    checks.locator("[data-test=register-all]").click()
    expect(checks).to_contain_text("Every live Deployment is registered")
    dialog.locator("[data-test=mode-apply]").click()
    expect(dialog).to_have_count(0)
    expect(Frame(page).mode).to_contain_text("enforce")
    assert console.ask("GET", f"/envs/{company.ENV}/mode")["hook"]["state"] == "present"


def _drift(page: Page, name: str) -> None:
    """Open the dialog of what is to be done about a service's drift."""
    table = page.get_by_role("table", name="Drift")
    row = table.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))
    row.get_by_role("button", name="Restore" if name == "checkout" else "Accept").click()


def test_the_governed_values_are_restored_by_one_click(
    open_page: OpenPage, console: Stack, kubernetes: Kubernetes
) -> None:
    _mode(console, "enforce")
    wanted = _governed(console, "checkout")
    assert kubernetes.replicas("checkout") != wanted
    page = open_page("/admission?view=drift")
    _drift(page, "checkout")
    page.get_by_role("dialog").locator("[data-test=drift-go]").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/operations")
    page.get_by_role("table").get_by_role("row").filter(has_text="checkout").get_by_role("link").first.click()
    expect(page.locator("[data-test=operation-state]")).to_contain_text("1 of 1 done")
    assert kubernetes.replicas("checkout") == wanted
    page.goto("/admission?view=drift")
    table = page.get_by_role("table", name="Drift")
    expect(table.get_by_role("link", name="cart", exact=True)).to_be_visible()
    expect(table.get_by_role("link", name="checkout", exact=True)).to_have_count(0)


def test_the_live_values_are_accepted_and_that_is_undone(
    open_page: OpenPage, console: Stack, kubernetes: Kubernetes
) -> None:
    before = _governed(console, "cart")
    live = kubernetes.replicas("cart")
    assert live != before
    page = open_page("/admission?view=drift")
    _drift(page, "cart")
    page.get_by_role("dialog").locator("[data-test=drift-go]").click()
    expect(page.get_by_text("The live values of 1 service accepted")).to_be_visible()
    assert _governed(console, "cart") == live
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    assert _governed(console, "cart") == before
    assert kubernetes.replicas("cart") == live


def test_the_overview_tells_what_the_nodes_have_free(open_page: OpenPage) -> None:
    page = open_page("/overview")
    expect(page.locator("[data-test=free-cpu]")).to_contain_text("cores")
    expect(page.get_by_text("allocatable and not requested, on 3 nodes").first).to_be_visible()
