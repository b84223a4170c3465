"""The services table by keyboard: one stop of Tab, cells edited and pasted into as in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from browser.pages.frame import Frame
from browser.pages.services import ServicesPage
from browser.support import company

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from browser.conftest import OpenPage

CATALOG = "/services?namespace=catalog&sort=-name"


def _paste(page: Page, text: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def test_the_table_is_two_tabs_away_and_is_one_stop(open_page: OpenPage) -> None:
    page = open_page("/services?namespace=orders&sort=name")
    services = ServicesPage(page)
    expect(services.cell("cart", "name")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(services.cell("cart", "name")).to_be_focused()
    assert services.table.locator("[tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    expect(services.table.locator(":focus")).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    expect(services.cell("cart", "name")).to_be_focused()


def test_arrows_go_from_cell_to_cell_and_to_the_head_which_sorts(open_page: OpenPage) -> None:
    page = open_page("/services?namespace=orders&sort=name")
    services = ServicesPage(page)
    services.focus("cart", "name")
    page.keyboard.press("ArrowRight")
    expect(services.cell("cart", "namespace")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(services.cell("checkout", "namespace")).to_be_focused()
    page.keyboard.press("Control+End")
    expect(services.cell("refund", "memPct")).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(services.names.first).to_have_text("refund")
    page.keyboard.press("ArrowDown")
    expect(services.cell("refund", "name")).to_be_focused()


def test_enter_edits_and_escape_leaves(open_page: OpenPage) -> None:
    page = open_page(CATALOG)
    services = ServicesPage(page)
    services.focus("stock", "manual")
    page.keyboard.press("Enter")
    page.keyboard.type("7")
    page.keyboard.press("Escape")
    expect(services.cell("stock", "manual")).to_be_focused()
    expect(services.bar).to_have_count(0)
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(services.cell("stock", "manual")).to_contain_text("→ 12")
    expect(services.cell("search", "manual")).to_be_focused()
    page.keyboard.press("Control+D")
    expect(services.cell("search", "manual")).to_contain_text("→ 12")
    page.keyboard.press("F2")
    page.keyboard.type("many")
    page.keyboard.press("Tab")
    expect(services.cell("search", "manual").get_by_role("alert")).to_be_visible()
    expect(services.cell("search", "manual").get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(services.bar).to_contain_text("2 changes in 2 services")
    services.bar.get_by_role("button", name="Discard").click()


def test_a_pasted_column_fills_the_cells_downwards_and_wrong_ones_are_told_at_once(
    open_page: OpenPage,
) -> None:
    page = open_page(CATALOG)
    services = ServicesPage(page)
    expect(services.row("stock")).to_be_visible()
    names = services.names.all_text_contents()
    services.focus(names[0], "manual")
    _paste(page, "3\n4\r\n1,200\n")
    expect(services.cell(names[2], "manual")).to_contain_text("→ 1,200")
    expect(services.bar).to_contain_text("3 changes in 3 services")
    services.cell(names[1], "manual").get_by_role("button").click()
    _paste(page, "\n".join(["many", "5", "-1", "6", *["7"] * len(names)]))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("row")).to_have_count(3)
    expect(dialog.get_by_role("row").nth(1)).to_contain_text(f"{names[1]}Manualmany")
    expect(dialog.get_by_role("row").nth(2)).to_contain_text("A whole number of 0 or more")
    expect(dialog).to_contain_text("5 lines came after the last row")
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(services.cell(names[1], "manual")).to_contain_text("→ 4")
    expect(services.cell(names[2], "manual")).to_contain_text("→ 5")
    expect(services.cell(names[4], "manual")).to_contain_text("→ 6")
    services.bar.get_by_role("button", name="Discard").click()


def test_what_is_cut_is_told_to_whoever_comes_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(CATALOG)
    services = ServicesPage(page)
    services.focus(company.LONG_NAME, "namespace")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tooltip")).to_have_text(company.LONG_NAME)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tooltip")).to_have_count(0)


def test_the_keys_are_listed_in_the_language_of_the_console(open_page: OpenPage) -> None:
    page = open_page("/services?namespace=catalog", language="zh-CN")
    page.get_by_role("grid", name="服务").locator("[data-index='0'] [data-column=name]").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="表格中的按键")).to_contain_text("取上方单元格的值")


def test_the_palette_goes_to_pages_and_services_without_the_mouse(open_page: OpenPage) -> None:
    page = open_page("/overview")
    expect(Frame(page).title).to_have_text("Overview")
    page.keyboard.press("Control+K")
    palette = page.get_by_role("dialog", name="Go to")
    expect(palette.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("sched")
    expect(palette.get_by_role("option")).to_have_text(["Schedules page"])
    page.keyboard.press("Enter")
    expect(Frame(page).title).to_have_text("Schedules")
    expect(palette).to_have_count(0)
    page.keyboard.press("Control+K")
    expect(palette.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("orders c")
    expect(palette.get_by_role("option").first).to_contain_text("orders/c")
    page.keyboard.press("ArrowDown")
    second = palette.get_by_role("option", selected=True).locator(".label").text_content() or ""
    page.keyboard.press("Enter")
    expect(Frame(page).title).to_have_text(second.removeprefix("orders/"))
