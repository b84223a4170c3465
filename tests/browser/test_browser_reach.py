"""The console of somebody who may see one namespace: every page works, and shows no other's."""

from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.pages.frame import PAGES, Frame
from browser.pages.services import ServicesPage
from browser.support import company
from browser.support.stack import BOUNDED, Stack

FOREIGN = ("catalog", "payments", "platform")


def test_who_sees_one_namespace_finds_it_on_every_page_and_no_other(open_page: OpenPage) -> None:
    page = open_page("/overview", user=BOUNDED)
    expect(page.get_by_text("Of the namespaces that you may see: orders.")).to_be_visible()
    for path, (title, _) in PAGES.items():
        page.goto(path)
        expect(Frame(page).title).to_have_text(title)
        expect(page.get_by_text("Loading…")).to_have_count(0)
        text = page.locator("main").inner_text()
        assert [name for name in FOREIGN if name in text] == [], path


def test_what_is_of_the_whole_env_says_which_role_it_takes_and_where(open_page: OpenPage) -> None:
    page = open_page("/collection", user=BOUNDED)
    expect(page.get_by_text(f"This requires the role viewer for the whole env {company.ENV}")).to_be_visible()


def test_the_table_is_of_ones_own_services(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services", user=BOUNDED)
    services = ServicesPage(page)
    expect(services.names).to_contain_text(["cart", "checkout"])
    own = console.ask("GET", f"/envs/{company.ENV}/services?namespace=orders")["total"]
    expect(services.shown).to_contain_text(f"{own} of {own}")
