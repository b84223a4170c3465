"""Fields of forms: of one height in one row, tied to what is said of them, used with the keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser.support import company
from browser.support.axe import serious

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


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-CN", 900)])
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


def test_choices_are_made_with_the_keys_alone(open_page: OpenPage) -> None:
    page = open_page("/schedules")
    page.locator("[data-test=schedule-new]").click()
    dialog = page.get_by_role("dialog")
    what = dialog.get_by_role("combobox", name="What", exact=True)
    what.focus()
    page.keyboard.press("Enter")
    expect(what).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("option", name="Restart")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(what).to_have_attribute("aria-expanded", "false")
    expect(dialog.get_by_role("radio", name="This number")).to_have_count(0)
    once = dialog.get_by_role("radio", name="Once", exact=True)
    dialog.get_by_role("radio", name="Cron", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(once).to_be_checked()
    expect(once).to_be_focused()
    box = dialog.get_by_role("checkbox", name="Stop on the first error")
    box.focus()
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
