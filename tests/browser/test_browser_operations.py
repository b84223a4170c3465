"""Acting from the console: services scaled on a cluster, schedules made and run, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.pages.services import ServicesPage
from browser.support import company
from browser.support.acting import Kubernetes, acting
from browser.support.stack import Stack


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Kubernetes]]:
    """A system of its own, with a cluster."""
    with acting(tmp_path_factory.mktemp("acting")) as both:
        yield both


@pytest.fixture(scope="module")
def console(started: tuple[Stack, Kubernetes]) -> Stack:
    """The console of that system."""
    return started[0]


@pytest.fixture
def kubernetes(started: tuple[Stack, Kubernetes]) -> Kubernetes:
    """Its cluster."""
    return started[1]


def test_chosen_services_are_previewed_and_scaled(
    open_page: OpenPage, console: Stack, kubernetes: Kubernetes
) -> None:
    path = f"/envs/{company.ENV}/settings/production_namespaces"
    console.ask("PUT", path, {"value": "orders|live-.*"}, **{"If-Match": "0"})
    page = open_page("/services?namespace=orders")
    services = ServicesPage(page)
    for name in ("cart", "checkout"):
        services.choose(name)
    page.locator("[data-test=scale]").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[data-test=replicas]").fill("3")
    dialog.locator("[data-test=preview]").click()
    expect(dialog.locator("td.num", has_text="2 → 3")).to_have_count(2)
    expect(dialog.locator("[data-test=room]")).to_contain_text("It fits.")
    act = dialog.locator("[data-test=act]")
    expect(act).to_be_disabled()
    dialog.locator("[data-test=typed-number]").fill("2")
    act.click()
    state = page.locator("[data-test=operation-state]")
    expect(state).to_contain_text("2 of 2 done")
    assert [kubernetes.replicas(name) for name in ("cart", "checkout")] == [3, 3]
    page.get_by_role("link", name="orders / cart").click()
    expect(page.locator("[data-test=rollout]")).to_contain_text("3 of 3 ready")


def test_a_schedule_is_made_and_run_now_in_chinese(open_page: OpenPage, kubernetes: Kubernetes) -> None:
    page = open_page(f"/services/{company.ENV}/orders/refund", language="zh-CN")
    page.locator("[data-test=schedule]").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[data-test=schedule-name]").fill("夜间缩容")
    dialog.locator("[data-test=replicas]").fill("1")
    dialog.locator("[data-test=cron]").fill("* * * *")
    expect(dialog.locator("[data-test=times] .failed")).to_be_visible()
    dialog.locator("[data-test=cron]").fill("0 3 1 1 *")
    expect(dialog.locator("[data-test=times] li")).to_have_count(5)
    dialog.locator("[data-test=schedule-save]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("夜间缩容")
    page.locator("[data-test=run-now]").click()
    runs = page.get_by_role("table", name="执行记录")
    expect(runs.get_by_text("手动")).to_be_visible()
    expect(runs.get_by_text("1 / 1")).to_be_visible()
    assert kubernetes.replicas("refund") == 1


def test_a_viewer_sees_no_button_that_would_be_refused(open_page: OpenPage, console: Stack) -> None:
    page = open_page(f"/services/{company.ENV}/orders/cart?view=pods", user=console.viewer)
    expect(page.locator("[data-test=rollout]")).to_be_visible()
    expect(page.locator("[data-test=scale]")).to_have_count(0)
    page.goto("/schedules?view=calendar")
    expect(page.locator("[data-test=calendar]")).to_be_visible()
    expect(page.locator("[data-test=schedule-new]")).to_have_count(0)
