"""The Chinese console speaks Chinese: no page has an English sentence left on it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from browser.conftest import OpenPage
from browser.pages.frame import PAGES, Frame
from browser.support import company

SENTENCES = r"""main => main.innerText.match(/(?:[A-Za-z][a-z']+[,:]? ){3,}[A-Za-z][a-z']+/g) ?? []"""
"""Four English words in a row; names, commands and settings are shorter or have other characters."""

SERVICE = f"/services/{company.ENV}/catalog/search"
VIEWS = (
    *PAGES,
    *(f"/admission?view={view}" for view in ("log", "observed", "drift", "preview")),
    *(f"/settings?view={view}" for view in ("notifications", "tokens")),
    "/schedules?view=calendar",
    *(f"{SERVICE}?view={view}" for view in ("overview", "pods", "operations", "admission", "history")),
)


def _settled(page: Page) -> None:
    """Wait until whatever the page asks for is there, or told to be missing."""
    expect(Frame(page).title).to_be_visible()
    expect(page.locator("main [aria-busy=true]")).to_have_count(0)


def test_no_page_has_an_english_sentence_in_chinese(open_page: OpenPage) -> None:
    page = open_page("/overview", language="zh-CN")
    found = {}
    for path in VIEWS:
        page.goto(path)
        _settled(page)
        found[path] = page.locator("main").evaluate(SENTENCES)
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_the_dialog_of_a_schedule_has_no_english_sentence_in_chinese(open_page: OpenPage) -> None:
    page = open_page("/schedules", language="zh-CN")
    page.locator("[data-test=schedule-new]").click()
    page.locator("[data-test=temporary]").check()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-test=times] li")).to_have_count(5)
    assert dialog.evaluate(SENTENCES) == []
