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

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SERVICE = f"/services/{company.ENV}/orders/checkout"


def _serious(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_dialogs_and_editing(open_page: OpenPage, theme: str) -> None:
    page = open_page("/services?q=cart", theme=theme, language="en")
    services = ServicesPage(page)
    services.edit("cart", "manual", "4")
    found = {"editing": _serious(page)}
    services.review()
    found["review"] = _serious(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    services.choose("cart")
    expect(services.selection).to_be_visible()
    found["chosen"] = _serious(page)
    for name in ("batch", "remove", "import", "columns", "who"):
        page.locator(f"[data-test={name}]").click()
        expect(page.get_by_role("tooltip" if name in ("columns", "who") else "dialog")).to_be_visible()
        found[name] = _serious(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    Frame(page).mode.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found["mode"] = _serious(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("[data-test=collect]").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found["collect"] = _serious(page)
    assert {place: problems for place, problems in found.items() if problems} == {}
