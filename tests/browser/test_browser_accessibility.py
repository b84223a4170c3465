"""axe finds nothing serious on any page, in either theme, nor in the dialogs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import OpenPage
from browser.pages.frame import PAGES, Frame
from browser.pages.services import ServicesPage
from browser.support import company
from browser.support.stack import ADMIN

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SERVICE = f"/services/{company.ENV}/orders/checkout"


MOVING = "[class*=-enter-active], [class*=-leave-active]"
"""What Vue is fading in or out: half transparent, it has another contrast than it will have."""


LOOKS, PAUSE_MS = 15, 200
"""A button that is enabled a moment later fades into its color: what is wrong is so at the last look, too."""


def _serious(page: Page) -> list[str]:
    expect(page.locator(MOVING)).to_have_count(0)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = _violations(page)
    for _ in range(LOOKS):
        if not found:
            break
        page.wait_for_timeout(PAUSE_MS)
        found = _violations(page)
    return found


def _violations(page: Page) -> list[str]:
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_views(open_page: OpenPage, theme: str) -> None:
    page = open_page("/overview", theme=theme)
    found = {}
    for path in VIEWS:
        page.goto(path)
        expect(Frame(page).title).to_be_visible()
        expect(page.get_by_text("Loading…")).to_have_count(0)
        found[path] = _serious(page)
    assert {path: problems for path, problems in found.items() if problems} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages(open_page: OpenPage, theme: str) -> None:
    page = open_page("/overview", theme=theme)
    found = {}
    for path, (title, _) in {**PAGES, SERVICE: ("checkout", "checkout")}.items():
        page.goto(path)
        expect(Frame(page).title).to_have_text(title)
        expect(page.get_by_text("Loading…")).to_have_count(0)
        found[path] = _serious(page)
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_dialogs_and_editing(open_page: OpenPage, theme: str) -> None:
    page = open_page("/services?q=cart", theme=theme, language="en")
    services = ServicesPage(page)
    services.edit("cart", "manual", "4")
    expect(services.bar).to_be_visible()
    found = {"editing": _serious(page)}
    review = services.review()
    expect(review).to_be_visible()
    found["review"] = _serious(page)
    page.keyboard.press("Escape")
    expect(review).to_be_hidden()
    services.choose("cart")
    expect(services.selection).to_be_visible()
    found["chosen"] = _serious(page)
    for name, title in OPENERS.items():
        dialog = page.get_by_role("dialog", name=title, exact=True)
        page.locator(f"[data-test={name}]").click()
        expect(dialog).to_be_visible()
        found[name] = _serious(page)
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    assert {place: problems for place, problems in found.items() if problems} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialog_of_a_schedule(open_page: OpenPage, theme: str) -> None:
    page = open_page("/schedules", theme=theme)
    page.locator("[data-test=schedule-new]").click()
    page.locator("[data-test=temporary]").check()
    expect(page.locator("[data-test=back-days]")).to_be_visible()
    expect(page.locator("[data-test=times] li")).to_have_count(5)
    assert _serious(page) == []


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
