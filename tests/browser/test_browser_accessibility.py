"""axe finds nothing serious on any page, in either theme, nor in the dialogs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.pages.frame import PAGES, Frame
from browser.pages.services import ServicesPage
from browser.support import company
from browser.support.axe import serious
from browser.support.stack import ADMIN

SERVICE = f"/services/{company.ENV}/orders/checkout"


VIEWS = (
    "/admission?view=log",
    "/admission?view=observed",
    "/admission?view=preview",
    "/settings?view=notifications",
    "/settings?view=tokens",
    f"{SERVICE}?view=pods",
    f"{SERVICE}?view=admission",
    f"{SERVICE}?view=history",
)
"""What lies behind the tabs of the pages."""


def test_views(open_page: OpenPage) -> None:
    page = open_page("/overview")
    found = {}
    for path in VIEWS:
        page.goto(path)
        expect(Frame(page).title).to_be_visible()
        expect(page.get_by_text("Loading…")).to_have_count(0)
        found[path] = serious(page)
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_pages(open_page: OpenPage) -> None:
    page = open_page("/overview")
    found = {}
    for path, (title, _) in {**PAGES, SERVICE: ("checkout", "checkout")}.items():
        page.goto(path)
        expect(Frame(page).title).to_have_text(title)
        expect(page.get_by_text("Loading…")).to_have_count(0)
        found[path] = serious(page)
    assert {path: problems for path, problems in found.items() if problems} == {}


OPENERS = {
    "batch": "Change values of 1 service",
    "remove": "Remove 1 service from the control table?",
    "register": f"Register a service in {company.ENV}",
    "views": "Views",
    "keys": "Keys in the table",
    "import": f"Import into {company.ENV}",
    "columns": "Columns",
    "who": f"Signed in as {ADMIN}",
    "mode-switch": f"Admission in {company.ENV}",
    "collect": f"Collect peaks of {company.ENV}",
}
"""Buttons of the services page, and the title of what each opens."""


def test_dialogs_and_editing(open_page: OpenPage) -> None:
    page = open_page("/services?q=cart", language="en")
    services = ServicesPage(page)
    services.edit("cart", "manual", "4")
    expect(services.bar).to_be_visible()
    found = {"editing": serious(page)}
    review = services.review()
    expect(review).to_be_visible()
    found["review"] = serious(page)
    page.keyboard.press("Escape")
    expect(review).to_be_hidden()
    services.choose("cart")
    expect(services.selection).to_be_visible()
    found["chosen"] = serious(page)
    for name, title in OPENERS.items():
        dialog = page.get_by_role("dialog", name=title, exact=True)
        page.locator(f"[data-test={name}]").click()
        expect(dialog).to_be_visible()
        found[name] = serious(page)
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    assert {place: problems for place, problems in found.items() if problems} == {}


def test_the_dialog_of_a_schedule(open_page: OpenPage) -> None:
    page = open_page("/schedules")
    page.locator("[data-test=schedule-new]").click()
    page.get_by_role("checkbox", name="For a time").check()
    expect(page.locator("[data-test=back-days]")).to_be_visible()
    expect(page.locator("[data-test=times] li")).to_have_count(5)
    assert serious(page) == []


@pytest.mark.parametrize("name", ["columns", "who"])
def test_escape_closes_a_panel_wherever_the_focus_is(open_page: OpenPage, name: str) -> None:
    page = open_page("/services?q=cart")
    button = page.locator(f"[data-test={name}]")
    panel = page.get_by_role("dialog", name=OPENERS[name], exact=True)
    for inside in (False, True):
        button.click()
        expect(panel).to_be_visible()
        if inside:
            panel.get_by_role("button").last.focus()
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(button).to_be_focused()
