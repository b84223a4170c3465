"""Fields of forms: of one height in one row, called by their names, used with the keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser.support import company
from browser.support.axe import serious
from browser.support.forms import choose

if TYPE_CHECKING:
    from browser.conftest import OpenPage

HEIGHT_PX = 30
HEIGHTS = """() => [...document.querySelectorAll(
  '.el-input__wrapper, .el-select__wrapper, .field ~ .el-button')]
  .filter(one => one.checkVisibility()).map(one => one.offsetHeight)"""
SERVICE = f"/services/{company.ENV}/orders/checkout"
OPENED = (
    ("/schedules", "schedule-new"),
    ("/services", "register"),
    ("/collection", "collect"),
    ("/settings?view=tokens", "token-new"),
)
"""Pages, and the button that opens a dialog of fields there."""
PAGES = ("/settings", "/rules", "/admission", "/admission?view=log", "/audit", "/peaks", SERVICE)


@pytest.mark.parametrize("width", [1280, 900])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_fields_are_of_one_height(open_page: OpenPage, language: str, width: int) -> None:
    page = open_page("/services", language=language, width=width)
    found = {}
    for path, button in OPENED:
        page.goto(path)
        page.locator(f"[data-test={button}]").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.locator(".el-input__wrapper").first).to_be_visible()
        found[path] = set(page.evaluate(HEIGHTS))
    for path in PAGES:
        page.goto(path)
        expect(page.locator("main .el-input__wrapper, main .el-select__wrapper").first).to_be_visible()
        found[path] = set(page.evaluate(HEIGHTS))
    assert found == {path: {HEIGHT_PX} for path in found}


def test_what_is_wrong_is_tied_to_its_field(open_page: OpenPage) -> None:
    page = open_page("/services")
    page.locator("[data-test=register]").click()
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_label("Deployment")
    name.fill("Not_A_Name")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(dialog.get_by_role("alert").inner_text())
    name.fill("gift-cards")
    expect(name).not_to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description("")
    assert serious(page) == []


def test_a_choice_is_made_with_the_keys_alone(open_page: OpenPage) -> None:
    page = open_page("/schedules")
    page.locator("[data-test=schedule-new]").click()
    dialog = page.get_by_role("dialog")
    kind = dialog.get_by_role("combobox", name="What", exact=True)
    kind.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name="Restart")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Number of pods")).to_have_count(0)
    choose(dialog, "What", "Scale")
    expect(dialog.get_by_label("Number of pods")).to_be_visible()
    first, second = (
        dialog.get_by_role("radio", name=name) for name in ("These services", "Whatever matches")
    )
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_checked()
    expect(second).to_be_focused()
    box = dialog.get_by_role("checkbox", name="Roll back on failure")
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
