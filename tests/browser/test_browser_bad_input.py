"""Names that attack, values nobody knows, an API that is slow or away: shown right, nothing lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from browser.conftest import OpenPage
from browser.pages.frame import Frame
from browser.pages.services import ServicesPage
from browser.support import company

WITHIN_ITS_CELL = """link => {
  const cell = link.closest('[data-column=name]')
  return link.getBoundingClientRect().right <= cell.getBoundingClientRect().right
}"""
"""Both at one moment: the columns find their widths while the rows come."""
API = re.compile(r"/api/v1/")
SERVICES = re.compile(r"/api/v1/envs/[^/]+/services")


def _answer(status: int, body: dict[str, object]) -> Callable[[Route], None]:
    kind = "application/json" if status < 400 else "application/problem+json"
    return lambda route: route.fulfill(status=status, content_type=kind, body=json.dumps(body))


def test_a_name_of_html_is_text(open_page: OpenPage) -> None:
    page = open_page("/services?q=onerror")
    services = ServicesPage(page)
    expect(services.names).to_have_text([company.HTML_NAME])
    assert page.locator("img[src=x]").count() == 0
    services.names.first.click()
    expect(Frame(page).title).to_have_text(company.HTML_NAME)
    assert page.locator("img[src=x]").count() == 0


def test_a_name_of_253_characters_stays_in_its_cell_and_is_whole_on_its_page(open_page: OpenPage) -> None:
    page = open_page("/services?q=a-very-long")
    services = ServicesPage(page)
    link = services.names.first
    expect(link).to_have_attribute("title", company.LONG_NAME)
    assert link.evaluate(WITHIN_ITS_CELL)
    link.click()
    expect(Frame(page).title).to_have_text(company.LONG_NAME)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_nobody_knows_is_a_dash_and_never_zero(open_page: OpenPage) -> None:
    page = open_page(f"/services?q={company.UNKNOWN_NAME}")
    services = ServicesPage(page)
    for column in ("replicas", "cpuUsed", "cpuRequest", "cpuLimit", "manual"):
        expect(services.cell(company.UNKNOWN_NAME, column)).to_have_text("–")
    flags = services.cell(company.UNKNOWN_NAME, "flags")
    expect(flags.get_by_title("pod count unknown")).to_be_visible()
    services.names.first.click()
    expect(page.get_by_text("Nothing was derived yet").first).to_be_visible()


def test_no_services_at_all_says_what_is_missing(open_page: OpenPage) -> None:
    page = open_page("/settings")
    page.route(SERVICES, _answer(200, {"items": [], "total": 0, "peak_date": None}))
    Frame(page).go("Services")
    expect(page.get_by_text("No service is registered in this cluster")).to_be_visible()
    page.get_by_role("link", name="See what is missing").click()
    expect(page.get_by_role("heading", name="The first steps")).to_be_visible()


def test_a_slow_api_is_loading_and_not_empty(open_page: OpenPage) -> None:
    page = open_page("/settings")
    waiting: list[Route] = []
    slow = True

    def hold(route: Route) -> None:
        if slow:
            waiting.append(route)
        else:
            route.continue_()

    page.route(SERVICES, hold)
    Frame(page).go("Services")
    expect(page.get_by_text("Loading…")).to_be_visible()
    expect(page.get_by_text("No service is registered")).to_have_count(0)
    slow = False
    for route in waiting:
        route.continue_()
    expect(ServicesPage(page).row("cart")).to_be_visible()


def _shut_down(page: Page) -> None:
    problem = {
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The API can not be reached now",
    }
    page.route(API, _answer(503, problem))


def test_an_api_that_is_away_says_so_and_comes_back(open_page: OpenPage) -> None:
    page = open_page("/settings")
    expect(page.get_by_label("Begin of window 1")).to_be_visible()
    _shut_down(page)
    Frame(page).go("Services")
    expect(page.get_by_text("Could not ask the API")).to_be_visible()
    expect(page.get_by_text("Nothing here yet")).to_have_count(0)
    page.unroute(API)
    page.get_by_role("button", name="Retry").click()
    expect(ServicesPage(page).row("cart")).to_be_visible()


def test_while_the_api_is_away_the_page_stays_with_its_age_and_drafts_are_kept(open_page: OpenPage) -> None:
    page = open_page("/services?q=gateway")
    services = ServicesPage(page)
    services.edit("gateway", "manual", "6")
    _shut_down(page)
    dialog = services.review()
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.get_by_role("alert")).to_contain_text("The API can not be reached now")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Could not ask the API")).to_be_visible()
    expect(page.get_by_text("What you see was read")).to_be_visible()
    expect(services.cell("gateway", "manual")).to_have_text("– → 6")
    page.unroute(API)
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_text("Could not ask the API")).to_have_count(0)
    expect(services.cell("gateway", "manual")).to_have_text("– → 6")


def test_an_unknown_address_and_an_unknown_service_say_so(open_page: OpenPage) -> None:
    page = open_page("/no-such-page")
    expect(page.get_by_text("There is no such page")).to_be_visible()
    page.goto(f"/services/{company.ENV}/orders/no-such-service")
    expect(page.get_by_text("The API refused")).to_be_visible()


def test_a_refused_setting_names_the_reason(open_page: OpenPage) -> None:
    page = open_page("/settings")
    page.get_by_label("Begin of window 1").fill("25:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Begin of window 1")).to_have_value("25:00")
