"""The Chinese console speaks Chinese: no page has an English sentence left on it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from browser.conftest import OpenPage
from browser.pages.frame import PAGES, Frame
from browser.support import company

SENTENCES = r"""main => {
  const quoted = [...main.querySelectorAll('[lang=en]')].map((one) => one.innerText)
  const ours = quoted.reduce((text, one) => text.replace(one, ''), main.innerText)
  return ours.match(/(?:[A-Za-z][a-z']+[,:]? ){3,}[A-Za-z][a-z']+/g) ?? []
}"""
"""Four English words in a row; names, commands and settings are shorter or have other characters.

What Kubernetes says is in English, and is marked so.
"""

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
    page.get_by_role("checkbox", name="临时").check()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-test=times] li")).to_have_count(5)


OPENERS = (
    *("register", "import", "columns", "views", "keys", "export"),
    *("batch", "remove", "restart", "scale", "resize", "schedule"),
    *("collect", "mode-switch", "who"),
)
"""Buttons of the services page that open something."""


def test_no_dialog_has_an_english_sentence_in_chinese(open_page: OpenPage) -> None:
    page = open_page("/services?q=cart", language="zh-CN")
    page.get_by_role("grid").get_by_role("row").filter(has_text="cart").get_by_role("checkbox").check()
    found = {}
    for opener in OPENERS:
        page.locator(f"[data-test={opener}]").first.click()
        dialog = page.locator("[role=dialog]:visible").last
        expect(dialog).to_be_visible()
        expect(dialog.locator("[aria-busy=true]")).to_have_count(0)
        found[opener] = dialog.evaluate(SENTENCES)
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    assert {opener: texts for opener, texts in found.items() if texts} == {}


def test_refusals_in_dialogs_are_told_in_chinese(open_page: OpenPage) -> None:
    page = open_page("/services?q=cart", language="zh-CN")
    cell = page.get_by_role("grid").locator("[data-index='0'] [data-column=manual]")
    cell.get_by_role("button").click()
    cell.get_by_role("textbox").fill("9999999")
    cell.get_by_role("textbox").press("Enter")
    page.get_by_role("button", name="检查").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="提交").click()
    expect(dialog.get_by_role("alert")).to_contain_text("未提交")
    assert dialog.evaluate(SENTENCES) == []
