"""Acting from the console: services scaled on a cluster, cancelled, rolled back, watched through outages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from browser.conftest import OpenPage
from browser.pages.services import ServicesPage
from browser.support import company
from browser.support.acting import Kubernetes
from browser.support.stack import Stack


@pytest.fixture(scope="module")
def console(started: tuple[Stack, Kubernetes]) -> Stack:
    """The console of that system."""
    return started[0]


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
    dialog.get_by_label("Number of pods").fill("3")
    dialog.locator("[data-test=preview]").click()
    expect(dialog.locator("td.num", has_text="2 → 3")).to_have_count(2)
    expect(dialog.locator("[data-test=room]")).to_contain_text("It fits.")
    act = dialog.locator("[data-test=act]")
    expect(act).to_be_disabled()
    dialog.get_by_label("type 2 to go on").fill("2")
    act.click()
    state = page.locator("[data-test=operation-state]")
    expect(state).to_contain_text("2 of 2 done")
    assert [kubernetes.replicas(name) for name in ("cart", "checkout")] == [3, 3]
    page.get_by_role("link", name="orders / cart").click()
    expect(page.locator("[data-test=rollout]")).to_contain_text("3 of 3 ready")


def test_a_vertical_autoscaler_of_the_service_is_told(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services")

    def with_two(route: Route) -> None:
        live = console.ask("GET", f"/envs/{company.ENV}/services/orders/cart/live")
        steering = {"name": "cart-vpa", "mode": "Recreate", "changes": True}
        recommending = {"name": "cart-advice", "mode": "Off", "changes": False}
        route.fulfill(json={**live, "vertical": [steering, recommending]})

    page.route(re.compile(r"/orders/cart/live"), with_two)
    page.goto(f"/services/{company.ENV}/orders/cart?view=pods")
    expect(page.get_by_text("The VerticalPodAutoscaler cart-vpa (Recreate) changes the same")).to_be_visible()
    expect(page.get_by_text("The VerticalPodAutoscaler cart-advice only recommends (Off)")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")


def test_pods_are_resized_in_place_and_the_dialog_says_what_stays(
    open_page: OpenPage, console: Stack, kubernetes: Kubernetes
) -> None:
    page = open_page("/services?namespace=orders")
    ServicesPage(page).choose("cart")
    page.locator("[data-test=resize]").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("without a rollout")
    dialog.locator("[data-test=preview]").click()
    expect(dialog).to_contain_text("the pod template stays as it is")
    typed = dialog.get_by_label("type 1 to go on")
    if typed.count():  # where the test before has made the namespace one of production
        typed.fill("1")
    dialog.locator("[data-test=act]").click()
    expect(page.locator("[data-test=operation-state]")).to_contain_text("1 of 1 done")
    expect(page.get_by_role("main")).to_contain_text("resized without a restart")


def _ask(console: Stack, kind: str, names: tuple[str, ...], **options: object) -> str:
    count = {"replicas": options.pop("replicas")} if "replicas" in options else {}
    targets = [{"namespace": "orders", "name": name, **count} for name in names]
    body = {"kind": kind, "targets": targets, **options}
    return str(console.ask("POST", f"/envs/{company.ENV}/operations", body)["id"])


def test_a_broken_stream_is_told_and_mended_and_the_rest_is_cancelled(
    open_page: OpenPage, console: Stack
) -> None:
    identity = _ask(console, "restart", ("cart", "checkout"), pause_s=3600)
    page = open_page("/operations")
    events = "**/operations/*/events"
    page.route(events, lambda route: route.fulfill(status=503))
    page.goto(f"/operations/{company.ENV}/{identity}")
    state = page.locator("[data-test=operation-state]")
    expect(state).to_contain_text("1 of 2 done")
    expect(state).to_contain_text("Live stream interrupted")
    page.unroute(events)
    expect(state).not_to_contain_text("Live stream interrupted")
    page.locator("[data-test=cancel]").click()
    expect(state).to_contain_text("Cancelled by li.wei")
    expect(state).to_contain_text("1 left out")
    expect(page.locator("[data-test=again]")).to_have_text("Do the 1 left out")
    assert page.locator(".track i").evaluate("bar => bar.style.width") == "50%"


def test_what_failed_is_rolled_back(open_page: OpenPage, console: Stack, kubernetes: Kubernetes) -> None:
    kubernetes.run("invoice", fail="image")
    identity = _ask(console, "scale", ("invoice",), replicas=3, wait_rollout=True)
    page = open_page(f"/operations/{company.ENV}/{identity}")
    state = page.locator("[data-test=operation-state]")
    expect(state).to_contain_text("1 failed")
    assert kubernetes.replicas("invoice") == 3
    page.locator("[data-test=rollback]").click()
    expect(state).to_contain_text("Rolls back an earlier operation")
    expect(page.locator("[data-test=cancel]")).to_have_count(0)
    assert kubernetes.replicas("invoice") == 2
    page.goto("/operations?kind=scale&state=failed&q=invoice")
    shown = page.get_by_role("table", name="Operations").locator("[data-column=services]")
    expect(shown.first).to_have_text("orders/invoice")
    page.goto("/operations?q=no-such-service")
    expect(page.locator("[data-test=extent]")).to_have_text("0 shown")
    page.locator("form").get_by_role("button", name="Clear filters").click()
    expect(shown.first).to_be_visible()
    assert "no-such-service" not in page.url


def test_a_viewer_sees_no_button_that_would_be_refused(open_page: OpenPage, console: Stack) -> None:
    page = open_page(f"/services/{company.ENV}/orders/cart?view=pods", user=console.viewer)
    expect(page.locator("[data-test=rollout]")).to_be_visible()
    expect(page.locator("[data-test=scale]")).to_have_count(0)
    page.goto("/schedules?view=calendar")
    expect(page.locator("[data-test=calendar]")).to_be_visible()
    expect(page.locator("[data-test=calendar-zone]")).to_contain_text("Times of ")
    expect(page.locator("[data-test=schedule-new]")).to_have_count(0)
