"""The services table in a browser: finding, sorting, scrolling, both languages, both themes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import OpenPage
from browser.pages.frame import PAGES, Frame
from browser.pages.services import ServicesPage
from browser.support import company
from browser.support.stack import PASSWORD, Stack


def _total(console: Stack) -> str:
    total = console.ask("GET", f"/envs/{company.ENV}/services?limit=1")["total"]
    return f"{total} of {total}"


def test_wrong_password_sees_nothing(console: Stack, browser: Browser) -> None:
    context = browser.new_context(http_credentials={"username": console.user, "password": "wrong"})
    answer = context.request.get(f"{console.url}/services")
    assert answer.status == 401
    assert "KubeDoor" in answer.headers["www-authenticate"]
    assert "<script" not in answer.text()
    context.close()


def test_the_frame_says_where_and_who(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services")
    banner = page.get_by_role("banner")
    expect(banner.get_by_text(company.ENV)).to_be_visible()
    expect(banner).to_contain_text("Peak day")
    expect(Frame(page).mode).to_contain_text("off")
    expect(banner.get_by_text(console.user)).to_be_visible()


def test_every_service_is_listed_and_counted(open_page: OpenPage, console: Stack) -> None:
    services = ServicesPage(open_page("/services"))
    expect(services.shown).to_have_text(_total(console))
    expect(services.cell("cart", "namespace")).to_have_text("orders")


def test_slash_goes_to_the_search_which_filters_and_stands_in_the_address(
    open_page: OpenPage, console: Stack
) -> None:
    page = open_page("/services")
    services, frame = ServicesPage(page), Frame(page)
    expect(services.row("cart")).to_be_visible()
    page.keyboard.press("/")
    expect(frame.search).to_be_focused()
    page.keyboard.type("orders ref")
    expect(services.names).to_have_text(["refund"])
    expect(page).to_have_url(re.compile("q=orders"))
    page.keyboard.press("Escape")
    expect(services.shown).to_have_text(_total(console))


def test_a_search_that_finds_nothing_says_so_and_offers_the_way_back(open_page: OpenPage) -> None:
    page = open_page("/services?q=no-such-service")
    expect(page.get_by_text("No service matches")).to_be_visible()
    page.get_by_role("button", name="Clear filters").last.click()
    expect(ServicesPage(page).row("cart")).to_be_visible()


def test_sorting_puts_unknown_values_last_in_both_directions(open_page: OpenPage) -> None:
    page = open_page("/services")
    services = ServicesPage(page)
    expect(services.row("cart")).to_be_visible()
    services.sort_by("Used, m")
    expect(services.names.first).to_have_text(largest_cpu())
    expect(page).to_have_url(re.compile("sort=-cpuUsed"))
    services.sort_by("Used, m")
    expect(services.names.first).to_have_text(smallest_cpu())


def _by_cpu() -> list[str]:
    totals: dict[str, int] = {}
    for one in company.small():
        if one.cpu_m is not None:
            totals[one.name] = totals.get(one.name, 0) + one.cpu_m
    return sorted(totals, key=lambda name: totals[name])


def largest_cpu() -> str:
    return _by_cpu()[-1]


def smallest_cpu() -> str:
    return _by_cpu()[0]


def test_what_runs_and_what_is_governed_have_words_of_their_own(open_page: OpenPage) -> None:
    page = open_page("/services?q=cart")
    services = ServicesPage(page)
    page.locator("[data-test=columns]").click()
    page.get_by_role("checkbox", name="Runs with, m", exact=True).check()
    heads = services.table.get_by_role("columnheader")
    for label in ("Used, m", "Runs with, m", "Governed, m"):
        expect(heads.get_by_role("button", name=label, exact=True)).to_be_visible()
    cart = next(one for one in company.small() if one.name == "cart")
    expect(services.cell("cart", "cpuAsked")).to_have_text(f"{cart.request_cpu_m:,}")
    expect(services.cell("cart", "cpuRequest")).to_have_text(f"{cart.cpu_m:,}")
    bar = services.cell("cart", "cpu").get_by_role("img").first
    expect(bar).to_have_attribute("aria-label", re.compile(r"Used .* Runs with .* Limit"))


def test_a_flag_says_by_how_much(open_page: OpenPage) -> None:
    page = open_page("/services?flag=over_requested_cpu")
    flags = ServicesPage(page).table.locator("[data-column=flags] .flags").first
    expect(flags).to_have_attribute("title", re.compile(r"runs with [\d.]+ times the CPU it uses"))


CUT = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"


def test_no_name_and_no_flag_is_cut_where_there_is_room(open_page: OpenPage) -> None:
    services = ServicesPage(open_page("/services?sort=-flags", width=2100))
    flags = services.table.locator("[data-column=flags]")
    expect(flags.first).to_contain_text("too ")
    assert services.names.evaluate_all(CUT) == [company.LONG_NAME]
    assert flags.locator(".flag").evaluate_all(CUT) == []
    expect(flags.filter(has_text="+")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 900])
def test_flags_without_room_are_counted_and_listed(open_page: OpenPage, width: int) -> None:
    services = ServicesPage(open_page("/services?sort=-flags", width=width))
    first = services.table.locator("[data-column=flags] .flags").first
    expect(first).to_contain_text("+")
    assert first.locator(".flag").evaluate_all(CUT) == []
    shown = first.locator(".flag").count()
    more = int((first.locator(".muted").text_content() or "+0").removeprefix("+"))
    assert len((first.get_attribute("title") or "").splitlines()) == shown + more


def test_the_flag_filter_counts_every_flag_those_of_nobody_too(open_page: OpenPage) -> None:
    page = open_page("/services")
    services = ServicesPage(page)
    expect(services.row("cart")).to_be_visible()
    page.locator("[data-test=filter-flag]").click()
    expect(page.get_by_role("option", name="one pod is hot")).to_have_text(re.compile(r"one pod is hot\s*0$"))
    option = page.get_by_role("option", name="OOM-killed")
    expect(option).to_have_text(re.compile(r"OOM-killed\s*1$"))
    option.click()
    expect(services.names).to_have_text(["fraud-score"])


def test_a_row_opens_to_its_containers(open_page: OpenPage) -> None:
    services = ServicesPage(open_page("/services?q=checkout"))
    services.row("checkout").get_by_role("button", name="Containers").click()
    containers = services.table.locator(".containers tbody tr")
    expect(containers).to_have_count(2)
    expect(containers.nth(1)).to_contain_text("envoy")


def test_arrows_move_through_the_rows_and_enter_opens_one(open_page: OpenPage) -> None:
    page = open_page("/services?namespace=orders&sort=name")
    services = ServicesPage(page)
    services.focus("cart")
    page.keyboard.press("ArrowDown")
    expect(services.cell("checkout", "name")).to_be_focused()
    page.keyboard.press("Enter")
    expect(Frame(page).title).to_have_text("checkout")


def test_five_thousand_rows_draw_only_what_is_seen(open_page: OpenPage) -> None:
    page = open_page("/services?sort=name&q=service-", env=company.LARGE_ENV)
    services = ServicesPage(page)
    expect(services.shown).to_have_text(re.compile(r"^5,000 of 5,00\d$"))  # another test may add one
    expect(services.names.first).to_have_text("service-0000")
    assert services.names.count() < 100
    services.focus("service-0000")
    page.keyboard.press("Control+End")
    expect(services.cell("service-4999", "memPct")).to_be_focused()
    assert services.names.count() < 100


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_its_title_in_both_languages(open_page: OpenPage, path: str) -> None:
    english, chinese = PAGES[path]
    page = open_page(path)
    frame = Frame(page)
    expect(frame.title).to_have_text(english)
    frame.switch_language()
    expect(frame.title).to_have_text(chinese)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_language_and_theme_are_remembered(open_page: OpenPage) -> None:
    page = open_page("/services")
    frame = Frame(page)
    frame.switch_language()
    page.locator("[data-test=theme]").click()
    expect(page.locator("html")).to_have_class("dark")
    page.reload()
    expect(frame.title).to_have_text("服务")
    expect(page.locator("html")).to_have_class("dark")


def test_a_viewer_sees_no_button_that_would_be_refused(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services", user=console.viewer)
    services = ServicesPage(page)
    expect(services.row("cart")).to_be_visible()
    expect(page.locator("[data-test=collect]")).to_have_count(0)
    expect(Frame(page).mode).to_have_count(0)
    expect(services.cell("cart", "manual").get_by_role("button")).to_have_count(0)


def test_the_password_is_in_no_file_that_the_browser_gets(open_page: OpenPage) -> None:
    page = open_page("/services")
    expect(ServicesPage(page).row("cart")).to_be_visible()
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert PASSWORD not in stored
