"""What the pages beyond the table do: one service, admission, audit, namespaces, registering."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import OpenPage
from browser.pages.frame import Frame
from browser.pages.services import ServicesPage
from browser.support import company
from browser.support.forms import choose
from browser.support.stack import Stack

MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: images, namespace: catalog}
spec:
  replicas: 30
  selector: {matchLabels: {app: images}}
  template:
    metadata: {labels: {app: images}}
    spec:
      containers: [{name: app, image: "images:1", resources: {requests: {cpu: "40"}}}]
"""


def _page_of(namespace: str, name: str) -> str:
    return f"/services/{company.ENV}/{namespace}/{name}"


def test_a_service_is_drawn_over_time(open_page: OpenPage) -> None:
    page = open_page(_page_of("catalog", "search"))
    chart = page.get_by_role("img", name="CPU of search over time")
    expect(chart.locator("canvas")).to_be_visible()
    page.get_by_role("button", name="1 year").click()
    expect(page.get_by_role("button", name="1 year")).to_have_attribute("aria-pressed", "true")
    expect(chart.locator("canvas")).to_be_visible()
    expect(page.get_by_text("The P95 of").first).to_be_visible()


def test_the_wheel_over_a_chart_scrolls_the_page(open_page: OpenPage) -> None:
    page = open_page(_page_of("catalog", "search"))
    chart = page.get_by_role("img", name="CPU of search over time")
    chart.scroll_into_view_if_needed()
    expect(chart.locator("canvas")).to_be_visible()
    chart.hover()
    before = chart.bounding_box()
    page.mouse.wheel(0, 60)
    page.wait_for_function(
        "([chart, y]) => chart.getBoundingClientRect().y < y",
        arg=[chart.element_handle(), before["y"] if before else 0],
    )


@pytest.fixture
def sunday_to_thursday(console: Stack) -> Iterator[None]:
    """Fridays and Saturdays don't count, for the time of the test."""
    setting = f"/envs/{company.ENV}/settings/peak_hours"
    stored = console.ask("PUT", setting, {"value": "10:00-11:30 sun-thu"}, **{"If-Match": "0"})
    yield
    console.ask("DELETE", setting, **{"If-Match": stored["version"]})


@pytest.mark.usefixtures("sunday_to_thursday")
def test_days_that_do_not_count_are_shaded(open_page: OpenPage) -> None:
    page = open_page(_page_of("catalog", "search"))
    chart = page.get_by_role("img", name="CPU of search over time")
    expect(chart).to_have_attribute("data-rest", "5,6")


def test_an_old_version_of_a_service_can_be_restored(open_page: OpenPage, console: Stack) -> None:
    path = f"/envs/{company.ENV}/services/platform/session"
    first = console.ask("PATCH", path, {"replicas_manual": 4}, **{"If-Match": "0"})
    console.ask("PATCH", path, {"replicas_manual": 8}, **{"If-Match": first["version"]})
    page = open_page(_page_of("platform", "session") + "?view=history")
    expect(page.get_by_text("Replicas (manual) 4 → 8")).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_text("Replicas (manual): 8 → 4")
    assert console.ask("GET", path)["replicas"]["manual"] == 8
    dialog.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Replicas (manual) 8 → 4")).to_be_visible()
    assert console.ask("GET", path)["replicas"]["manual"] == 4


def test_how_a_service_is_governed_is_changed_on_its_page(open_page: OpenPage, console: Stack) -> None:
    page = open_page(_page_of("platform", "notify"))
    choose(page, "Pod count", "left to its autoscaler")
    page.get_by_label("Note").fill("Scaled by its HPA")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Last changed by {console.user}")).to_be_visible()
    changed = console.ask("GET", f"/envs/{company.ENV}/services/platform/notify")
    assert (changed["replicas_policy"], changed["note"]) == ("autoscaled", "Scaled by its HPA")


def test_kubectl_commands_are_one_click_away_as_text(open_page: OpenPage) -> None:
    page = open_page(f"/services/{company.ENV}/orders/checkout")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-test=commands]").click()
    menu = page.get_by_role("dialog", name="kubectl commands")
    logs = menu.get_by_role("listitem").filter(has_text="Latest log lines · envoy")
    logs.get_by_role("button", name="Copy").click()
    expect(logs.get_by_role("status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "kubectl -n orders logs deployment/checkout -c envoy --tail=200 --timestamps"


PARTS = "(bar, of) => bar.querySelector(of).getBoundingClientRect().width"


def test_bars_of_one_service_are_linear_and_tell_their_scale(open_page: OpenPage, console: Stack) -> None:
    page = open_page(f"/services/{company.ENV}/catalog/search")
    (app,) = console.ask("GET", f"/envs/{company.ENV}/services/catalog/search")["containers"]
    bar = page.locator(".container .bullet").first
    expect(bar).to_have_accessible_name(re.compile(r"Used [\d.]+ cores"))
    used, limit = (float(bar.evaluate(PARTS, of)) for of in (".used", ".limit"))
    share = app["peak"]["p95_cpu_m"] / app["effective"]["limit_cpu_m"]
    assert used / limit == pytest.approx(share, abs=0.02)
    assert abs(share - share**0.5) > 0.2
    scale = page.locator(".container [data-test=bar-scale]").first.locator("span")
    expect(scale).to_have_text(["0", "5 cores", "10 cores"])


def test_the_column_that_shares_a_scale_tells_it(open_page: OpenPage) -> None:
    page = open_page("/services")
    expect(page.locator(".legend [data-test=bar-scale]")).to_contain_text(
        "lengths as the square root, up to "
    )


def test_a_new_service_is_registered_and_a_wrong_name_refused(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services")
    page.locator("[data-test=register]").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Namespace").fill("orders")
    dialog.get_by_label("Deployment").fill("Not_A_Name")
    expect(dialog.get_by_role("alert")).to_have_text(
        "A name takes lower-case letters, digits, “-” and “.”, and begins and ends with a letter or digit"
    )
    expect(dialog.get_by_role("button", name="Register")).to_be_disabled()
    dialog.get_by_label("Deployment").fill("gift-cards")
    dialog.get_by_label("Replicas (manual)").fill("2")
    dialog.get_by_role("button", name="Register").click()
    expect(Frame(page).title).to_have_text("gift-cards")
    expect(ServicesPage(page).bar).to_contain_text("orders/gift-cards is registered: it may be deployed")
    made = console.ask("GET", f"/envs/{company.ENV}/services/orders/gift-cards")
    assert made["replicas"]["effective"] == 2
    console.ask(
        "PATCH",
        f"/envs/{company.ENV}/services/orders/gift-cards",
        {"note": "of a test"},
        **{"If-Match": made["version"]},
    )


def test_a_namespace_that_nobody_knows_is_asked_about_before_it_is_registered(open_page: OpenPage) -> None:
    page = open_page("/services", language="zh-CN")
    page.locator("[data-test=register]").click()
    dialog = page.get_by_role("dialog")
    namespace = dialog.get_by_label("命名空间")
    expect(dialog.locator("datalist option")).to_have_count(4)
    dialog.get_by_label("Deployment").fill("gift-cards")
    namespace.fill("Orders")
    expect(dialog.get_by_role("alert")).to_contain_text("只能用小写字母")
    namespace.fill("odrers")
    expect(dialog.get_by_role("alert")).to_contain_text("没有登记 odrers 的服务")
    register = dialog.get_by_role("button", name="登记")
    expect(register).to_be_disabled()
    dialog.get_by_role("button", name="是否应为 orders？").click()
    expect(namespace).to_have_value("orders")
    expect(register).to_be_enabled()
    namespace.fill("brand-new")
    expect(register).to_be_disabled()
    dialog.get_by_role("checkbox").check()
    expect(register).to_be_enabled()


def test_decisions_are_told_in_words(open_page: OpenPage) -> None:
    page = open_page("/admission?view=log")
    table = page.get_by_role("table", name="Decisions")
    expect(table.get_by_text("replicas 10 → 3 (manual)").first).to_be_visible()
    page.get_by_label("Service, namespace or user").fill("rogue-2")
    expect(table.locator("[data-column=service]")).to_have_text(["orders / rogue-2"])
    expect(table.locator("[data-column=outcome]")).to_contain_text("refused")


def _decision(name: str) -> company.Row:
    """A decision that admission takes now."""
    (row,) = company.admission_rows(company.small()[:1])
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.000")
    return {**row, "name": name, "uid": f"uid-{name}", "at": now}


def test_the_live_log_stays_while_the_api_is_away_and_goes_on_afterwards(
    open_page: OpenPage, console: Stack
) -> None:
    page = open_page("/admission?view=log")
    table = page.get_by_role("table", name="Decisions")
    expect(table.get_by_text("orders / checkout")).to_be_visible()
    page.route("**/admissions?**", lambda route: route.abort())
    away = page.get_by_role("alert")
    expect(away).to_contain_text("Could not ask the API")
    expect(table.get_by_text("orders / checkout")).to_be_visible()
    console.insert("admission_log", _decision("missed-first"))
    page.unroute("**/admissions?**")
    away.get_by_role("button", name="Retry").click()
    expect(table.get_by_text("orders / missed-first")).to_be_visible()
    expect(away).to_have_count(0)


def test_a_pasted_manifest_is_previewed_with_its_difference(open_page: OpenPage) -> None:
    page = open_page("/admission?view=preview")
    page.get_by_label("Manifest of a Deployment").fill(MANIFEST)
    _preview(page)
    expect(page.locator(".removed", has_text="replicas: 30")).to_be_visible()
    expect(page.locator(".added", has_text="replicas: 9")).to_be_visible()
    page.get_by_label("Manifest of a Deployment").fill("kind: [")
    _preview(page)
    expect(page.get_by_role("alert")).to_be_visible()


def _preview(page: Page) -> None:
    page.get_by_role("main").locator("form").get_by_role("button", name="Preview").click()


def test_a_namespace_gets_its_own_mode(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/admission")
    choose(page, "Mode of catalog", "observe")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("catalog")
    dialog.get_by_role("button", name="Switch to observe").click()
    expect(dialog).to_have_count(0)
    own = console.ask("GET", f"/envs/{company.ENV}/mode")["namespaces"]
    assert [(one["namespace"], one["mode"]) for one in own] == [("catalog", "observe")]


def _found_in_audit(page: Page, find: str, button: str, text: str) -> Locator:
    page.get_by_role("textbox", name=find).fill(text)
    page.get_by_role("button", name=button, exact=True).click()
    return page.get_by_role("table").get_by_role("row")


def test_what_was_done_is_audited_in_words_and_its_chain_verified(
    open_page: OpenPage, console: Stack
) -> None:
    path = f"/envs/{company.ENV}/services/platform/auth"
    edit = {"replicas_manual": 5, "containers": [{"name": "app", "limit_mem_mib": 2048}]}
    console.ask("PATCH", path, edit, **{"If-Match": "0"})
    page = open_page("/audit")
    rows = _found_in_audit(page, "User, service, action", "Find", "platform")
    row = rows.filter(has_text="Replicas (manual): not set → 5").first
    expect(row).to_contain_text("Memory limit · app: not set → 2,048 MiB")
    expect(row.locator("[data-column=action]")).to_have_text("Changed a service")
    expect(row.locator("[data-column=outcome]")).to_contain_text("succeeded")
    expect(row.locator("[data-column=actor]")).to_have_text(console.user)
    expect(row.locator("[data-column=remote]")).to_have_text("127.0.0.1")
    row.get_by_role("button", name="Details").click()
    expect(page.get_by_role("cell", name="2,048 MiB", exact=True)).to_be_visible()
    page.get_by_role("button", name="Verify the chain").click()
    expect(page.get_by_text("none changed or removed")).to_be_visible()


def test_the_audit_log_speaks_chinese(open_page: OpenPage, console: Stack) -> None:
    path = f"/envs/{company.ENV}/settings/floor_mem_mib"
    known = next(
        one
        for one in console.ask("GET", f"/envs/{company.ENV}/settings")["items"]
        if one["key"] == "floor_mem_mib"
    )
    console.ask("PUT", path, {"value": 96}, **{"If-Match": known["version"]})
    page = open_page("/audit", language="zh-CN", width=1280)
    row = _found_in_audit(page, "用户、服务、操作", "查找", "floor_mem_mib").nth(1)
    expect(row).to_contain_text("内存下限: 96 MiB")
    expect(row.locator("[data-column=action]")).to_have_text("修改设置")
    expect(row.locator("[data-column=outcome]")).to_contain_text("成功")


def test_namespaces_lead_to_their_services(open_page: OpenPage) -> None:
    page = open_page("/namespaces")
    page.get_by_role("table").get_by_role("link", name="payments").click()
    expect(ServicesPage(page).shown).to_contain_text("5 of")


def test_the_overview_leads_to_what_needs_a_person(open_page: OpenPage) -> None:
    page = open_page("/overview")
    page.get_by_role("link", name="OOM-killed").click()
    expect(ServicesPage(page).names).to_have_text(["fraud-score"])
    page.goto("/overview")
    page.get_by_role("link", name="new", exact=True).click()
    expect(ServicesPage(page).names).to_have_text([company.NEW_NAME])


def test_the_overview_says_why_it_does_not_know_what_is_free(open_page: OpenPage) -> None:
    page = open_page("/overview")
    free = page.locator("[data-test=free-mem]")
    expect(free).to_have_text("–")
    expect(free).to_have_attribute("title", "Not known: no cluster is configured for this env")


def _price(console: Stack, key: str, value: float | None) -> None:
    path = f"/envs/{company.ENV}/settings"
    known = next(one for one in console.ask("GET", path)["items"] if one["key"] == key)
    version = {"If-Match": known["version"]}
    if value is not None:
        console.ask("PUT", f"{path}/{key}", {"value": value}, **version)
    elif known["source"] == "stored":
        console.ask("DELETE", f"{path}/{key}", **version)


@pytest.fixture
def prices(console: Stack) -> Iterator[Callable[[float | None, float | None], None]]:
    """Set what a core and a GiB cost a month; afterwards nobody has."""

    def set_them(core: float | None, gib: float | None) -> None:
        _price(console, "price_core_month", core)
        _price(console, "price_gib_month", gib)

    set_them(None, None)
    yield set_them
    set_them(None, None)


def test_what_is_not_used_is_told_in_money_where_a_price_is_known(
    open_page: OpenPage, prices: Callable[[float | None, float | None], None]
) -> None:
    page = open_page("/overview", width=1280)
    expect(page.locator(".counts [data-test=prices-unset]")).to_contain_text("no price is set")
    page.locator(".counts").get_by_role("link", name="Set prices").click()
    expect(Frame(page).title).to_have_text("Settings")
    page.goto("/namespaces")
    expect(page.locator("[data-test=prices-unset]")).to_be_visible()
    cost = page.get_by_role("row").filter(has_text="orders").locator("[data-column=cost]")
    expect(cost).to_have_text("–")
    prices(30, 4)
    page.goto("/namespaces")
    expect(cost).to_have_text(re.compile(r"^\$[\d,]+$"))
    page.goto("/services?sort=-cost&columns=name!,cpuWaste,memWaste,cost")
    dearest = ServicesPage(page).table.get_by_role("row").nth(1)
    expect(dearest.locator("[data-column=cost]")).to_have_text(re.compile(r"^\$[\d,]+$"))
    most = dearest.locator("[data-column=name] a").inner_text()
    page.goto("/overview")
    expect(page.locator("[data-test=prices-unset]")).to_have_count(0)
    savings = page.locator("[data-test=savings]")
    expect(savings).to_contain_text("With governed values everywhere")
    expect(savings).to_contain_text("a month")
    expect(savings).to_contain_text("Admission doesn't enforce yet")
    page.locator("section.top .el-select").click()
    page.get_by_role("option", name="Money for what is not used").click()
    first = page.locator("section.top li").first
    expect(first).to_contain_text(most)
    expect(first).to_contain_text("$")
