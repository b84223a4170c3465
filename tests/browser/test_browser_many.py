"""Many services at once in a browser: choosing, changing, importing, removing, and the way back."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from browser.conftest import OpenPage
from browser.pages.frame import Frame
from browser.pages.services import ServicesPage
from browser.support import company
from browser.support.forms import choose
from browser.support.stack import Stack

HEADER = (
    "namespace,name,replicas_manual,replicas_policy,mode,note,container,"
    "request_cpu_m,limit_cpu_m,request_mem_mib,limit_mem_mib\n"
)


def _replicas(console: Stack, namespace: str, name: str) -> int | None:
    found: int | None = console.ask("GET", f"/envs/{company.ENV}/services/{namespace}/{name}")["replicas"][
        "manual"
    ]
    return found


def test_the_choice_survives_filters_refreshes_and_pages(open_page: OpenPage) -> None:
    page = open_page("/services?q=catalog")
    services = ServicesPage(page)
    services.choose("stock")
    services.choose("reviews")
    page.get_by_role("searchbox").fill("payments")
    expect(services.row("ledger")).to_be_visible()
    expect(services.selection).to_contain_text("2 services chosen · 2 of them hidden by filters")
    services.choose("ledger")
    page.get_by_role("checkbox", name="Show only these").check()
    expect(services.names).to_have_text(["reviews", "stock", "ledger"])
    Frame(page).go("Overview")
    expect(Frame(page).title).to_have_text("Overview")
    Frame(page).go("Services")
    expect(services.selection).to_contain_text("3 services chosen")
    services.focus("cart")
    page.keyboard.press("Escape")
    expect(services.selection).to_have_count(0)


def test_space_chooses_and_shift_chooses_up_to_here(open_page: OpenPage) -> None:
    page = open_page("/services?namespace=payments&sort=name")
    services = ServicesPage(page)
    services.focus("fraud-score")
    page.keyboard.press(" ")
    expect(services.selection).to_contain_text("1 service chosen")
    page.keyboard.press("ArrowDown")
    expect(services.cell("gateway", "name")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(services.table.locator(".containers")).to_be_visible()
    services.checkbox("ledger").click(modifiers=["Shift"])
    expect(services.selection).to_contain_text("3 services chosen")
    services.table.get_by_label("Choose all that are shown").check()
    expect(services.selection).to_contain_text(f"{services.names.count()} services chosen")


def test_many_are_changed_in_one_commit_and_rolled_back(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services?q=platform")
    services = ServicesPage(page)
    services.choose("audit-sink")
    services.choose("config")
    page.locator("[data-test=batch]").click()
    dialog = page.get_by_role("dialog")
    choose(dialog, "Replicas (manual)", "Set to")
    dialog.get_by_label("Replicas (manual), pods").fill("6")
    choose(dialog, "CPU limit", "Share of the P95 at peak")
    dialog.get_by_label("CPU limit, %").fill("300")
    expect(dialog.get_by_role("status")).to_contain_text("2 of 2 services would change")
    dialog.get_by_role("button", name="Enter the changes").click()
    expect(services.bar).to_contain_text("4 changes in 2 services")
    services.apply()
    expect(services.bar).to_contain_text("2 services changed")
    assert [_replicas(console, "platform", name) for name in ("audit-sink", "config")] == [6, 6]
    services.bar.get_by_role("button", name="Undo").click()
    expect(services.bar).to_contain_text("Undone")
    assert [_replicas(console, "platform", name) for name in ("audit-sink", "config")] == [None, None]


def test_a_batch_says_which_of_it_somebody_else_changed(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services?q=catalog")
    services = ServicesPage(page)
    services.edit("product-api", "manual", "5")
    services.edit("recommend", "manual", "5")
    path = f"/envs/{company.ENV}/services/catalog/recommend"
    console.ask("PATCH", path, {"replicas_manual": 7}, **{"If-Match": "0"})
    dialog = services.review()
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.get_by_text("Somebody else changed recommend meanwhile")).to_be_visible()
    assert _replicas(console, "catalog", "product-api") is None
    dialog.get_by_role("button", name="Go on with these").click()
    dialog.get_by_role("button", name="Apply").click()
    expect(services.bar).to_contain_text("2 services changed")
    assert _replicas(console, "catalog", "recommend") == 5


def _choose_file(page: Page, name: str, text: str) -> None:
    file = FilePayload(name=name, mimeType="text/plain", buffer=text.encode())
    page.locator("[data-test=import-file]").set_input_files(file)


def test_an_import_shows_its_difference_first(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services")
    services = ServicesPage(page)
    expect(services.row("cart")).to_be_visible()
    page.locator("[data-test=import]").click()
    dialog = page.get_by_role("dialog")
    _choose_file(page, "bad.csv", HEADER + "orders,orders-api,many,fixed,,,,,,,\n")
    expect(dialog.get_by_role("alert")).to_contain_text("line 2, replicas_manual")
    _choose_file(page, "bad.json", "[{oops")
    expect(dialog.get_by_role("alert")).to_contain_text("begins like JSON")
    rows = "orders,orders-api,7,fixed,,from a file,app,,9000,,\norders,brand-new,2,fixed,,,,,,,\n"
    _choose_file(page, "services.csv", HEADER + rows)
    expect(dialog.get_by_text("1 added, 1 changed, 0 as they are")).to_be_visible()
    expect(dialog).to_contain_text("9 cores")
    assert _replicas(console, "orders", "orders-api") is None
    dialog.locator("[data-test=import-apply]").click()
    expect(services.bar).to_contain_text("2 services imported")
    expect(services.row("brand-new")).to_be_visible()
    assert _replicas(console, "orders", "orders-api") == 7
    services.bar.get_by_role("button", name="Undo").click()
    expect(services.bar).to_contain_text("Undone")
    expect(services.row("brand-new")).to_have_count(0)
    assert _replicas(console, "orders", "orders-api") is None


@pytest.fixture
def production(console: Stack) -> Iterator[str]:
    """A namespace that is production for the time of the test."""
    setting = f"/envs/{company.ENV}/settings/production_namespaces"
    stored = console.ask("PUT", setting, {"value": "payments"}, **{"If-Match": "0"})
    yield "payments"
    console.ask("DELETE", setting, **{"If-Match": stored["version"]})


@pytest.mark.usefixtures("production")
def test_removing_names_what_goes_wants_the_number_and_can_be_undone(
    open_page: OpenPage, console: Stack
) -> None:
    path = f"/envs/{company.ENV}/services/payments/payout"
    console.ask("PATCH", path, {"replicas_manual": 4, "note": "kept"}, **{"If-Match": "0"})
    page = open_page("/services?q=payments")
    services = ServicesPage(page)
    services.choose("payout")
    services.choose("settlement")
    page.locator("[data-test=remove]").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("payments/payout")
    go = dialog.get_by_role("button", name="Remove 2 services")
    expect(go).to_be_disabled()
    dialog.get_by_label("type 2 to go on").fill("2")
    go.click()
    expect(services.bar).to_contain_text("2 services removed")
    expect(services.row("payout")).to_have_count(0)
    services.bar.get_by_role("button", name="Undo").click()
    expect(services.row("payout")).to_be_visible()
    back = console.ask("GET", path)
    assert (back["replicas"]["manual"], back["note"]) == (4, "kept")


def test_columns_are_arranged_and_remembered(open_page: OpenPage) -> None:
    page = open_page("/services")
    services = ServicesPage(page)
    expect(services.row("cart")).to_be_visible()
    page.locator("[data-test=columns]").click()
    chooser = page.get_by_role("dialog", name="Columns", exact=True)
    chooser.get_by_label("Observed", exact=True).check()
    chooser.get_by_label("CPU, 10 days", exact=True).check()
    chooser.get_by_label("Memory, % of limit", exact=True).uncheck()
    chooser.get_by_role("button", name="Keep Pods at the left").click()
    chooser.get_by_role("button", name="Move Worth a look to the left").click()
    page.reload()
    heads = services.table.get_by_role("columnheader")
    expect(heads.filter(has_text="Observed")).to_have_count(1)
    expect(heads.filter(has_text="% of limit")).to_have_count(1)
    expect(heads.nth(3)).to_have_text("Pods")
    expect(services.cell("cart", "cpuLine").get_by_role("img")).to_be_visible()


def test_a_view_is_saved_shown_again_and_sent_on(open_page: OpenPage) -> None:
    page = open_page("/services?namespace=orders&sort=-cpuUsed")
    services = ServicesPage(page)
    expect(services.names.first).to_have_text("orders-api")
    page.locator("[data-test=columns]").click()
    page.get_by_role("dialog", name="Columns", exact=True).get_by_label("Observed", exact=True).check()
    page.keyboard.press("Escape")
    page.locator("[data-test=views]").click()
    menu = page.get_by_role("dialog", name="Views", exact=True)
    menu.get_by_label("Name of the view").fill("Our orders")
    menu.get_by_role("button", name="Save").click()
    address = menu.get_by_role("link", name="Our orders").get_attribute("href") or ""
    assert "namespace=orders" in address
    menu.locator("[data-test=view-first]").click()
    expect(services.cell("ledger", "name")).to_be_visible()
    page.reload()
    page.locator("[data-test=views]").click()
    menu.get_by_role("link", name="Our orders").click()
    expect(page.locator("[data-test=views]")).to_have_text("Our orders")
    expect(services.names.first).to_have_text("orders-api")
    expect(services.cell("ledger", "name")).to_have_count(0)
    colleague = ServicesPage(open_page(address))
    expect(colleague.names.first).to_have_text("orders-api")
    expect(colleague.cell("cart", "observed")).to_be_visible()
    expect(colleague.cell("ledger", "name")).to_have_count(0)


IN_SIGHT = """table => [...table.querySelectorAll('[role=columnheader]')].every(head =>
  head.getBoundingClientRect().right <= table.getBoundingClientRect().right + 1)"""


@pytest.mark.parametrize("width", [1440, 1280])
def test_every_column_of_a_first_visit_is_in_sight(open_page: OpenPage, width: int) -> None:
    services = ServicesPage(open_page("/services", width=width))
    for column in ("cpuUsed", "cpuRequest", "cpuLimit", "cpuPct", "memUsed", "memLimit", "memPct"):
        expect(services.cell("cart", column)).to_be_visible()
    expect(services.cell("cart", "cpu").get_by_role("img")).to_have_count(2)
    assert services.table.evaluate(IN_SIGHT)


def _saved(page: Page, button: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.locator(f"[data-test={button}]").click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_the_export_is_the_view_and_can_be_imported_again(open_page: OpenPage) -> None:
    page = open_page("/services?namespace=orders&sort=-cpuUsed")
    services = ServicesPage(page)
    expect(services.row("checkout")).to_be_visible()
    page.locator("[data-test=export]").click()
    name, content = _saved(page, "export-csv")
    assert name == f"kubedoor-{company.ENV}-services.csv"
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    samples = {(one.name, one.container): one for one in company.small() if one.namespace == "orders"}
    assert {(line["name"], line["container"]) for line in lines} == samples.keys()
    for line in lines:
        sample = samples[line["name"], line["container"]]
        assert line["runs_with.request_cpu_m"] == str(sample.request_cpu_m)
    assert lines[0]["name"] == "orders-api"
    used, governed = int(lines[0]["used.p95_cpu_m"]), int(lines[0]["governed.request_cpu_m"])
    expect(services.cell("orders-api", "cpuUsed")).to_have_text(f"{used:,}")
    expect(services.cell("orders-api", "cpuRequest")).to_have_text(f"{governed:,}")
    page.keyboard.press("Escape")
    page.locator("[data-test=import]").click()
    dialog = page.get_by_role("dialog", name="Import")
    _choose_file(page, name, content.decode("utf-8"))
    expect(dialog.get_by_role("status")).to_contain_text("changed")
    expect(dialog.get_by_role("alert")).to_have_count(0)


def test_the_export_for_excel_is_a_workbook_of_the_same_rows(open_page: OpenPage) -> None:
    page = open_page("/services?q=checkout")
    expect(ServicesPage(page).row("checkout")).to_be_visible()
    page.locator("[data-test=export]").click()
    name, content = _saved(page, "export-xlsx")
    assert name.endswith(".xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
        texts = workbook.read("xl/sharedStrings.xml").decode()
    assert sheet.count("<row ") == 3
    assert "runs_with.request_cpu_m" in texts
    assert "envoy" in texts


def test_every_wrong_line_of_a_file_is_told_in_the_language_of_the_console(open_page: OpenPage) -> None:
    page = open_page("/services", language="zh-CN")
    text = HEADER.replace(",", ";") + "shop;cart;x;fixed;;;app;;;;\nshop;pay\n;;;;;;;;;;\n"
    page.locator("[data-test=import]").click()
    _choose_file(page, "wrong.csv", text)
    dialog = page.get_by_role("dialog")
    told = dialog.get_by_role("alert").get_by_role("listitem")
    expect(told).to_have_text(
        ["第 2 行 replicas_manual “x”不是整数（未知请留空）", "第 3 行 namespace 有 2 个单元格，应为 11 个"]
    )
