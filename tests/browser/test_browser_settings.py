"""Settings, tokens, peak data, dashboards and drift in a browser."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from browser.conftest import OpenPage
from browser.pages.frame import Frame
from browser.support import company
from browser.support.stack import Stack

CHANGE = {"container": "", "resource": "replicas", "kind": "", "source": ""}
CPU = {**CHANGE, "container": "app", "resource": "cpu", "kind": "request"}
DRIFT = {
    "items": [
        {
            "namespace": "catalog",
            "name": "images",
            "state": "drifted",
            "changes": [
                {**CHANGE, "before": "5", "after": "9"},
                {
                    **CHANGE,
                    "container": "app",
                    "resource": "cpu",
                    "kind": "request",
                    "before": "900m",
                    "after": "744m",
                },
            ],
        },
        {"namespace": "catalog", "name": "rogue", "state": "unregistered", "changes": []},
    ],
    "total": 2,
    "checked": 30,
}


def test_a_second_window_on_its_own_weekdays(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/settings")
    setting = _setting(page, "peak_hours")
    setting.get_by_role("button", name="Add a second window").click()
    days = setting.get_by_role("group", name="Weekdays that count").nth(1)
    for day in ("Sat", "Sun"):
        days.get_by_role("button", name=day).click()
    page.get_by_label("End of window 2").fill("22:30")
    setting.get_by_role("button", name="Save").click()
    expect(setting.get_by_text(re.compile(f"set by {console.user}"))).to_be_visible()
    found = console.ask("GET", f"/envs/{company.ENV}/settings")["items"]
    assert found[0]["value"] == "10:00-11:30; 20:00-22:30 mon,tue,wed,thu,fri"
    setting.get_by_role("button", name="Forget the stored value").click()
    expect(page.get_by_label("End of window 2")).to_have_count(0)


def _setting(page: Page, key: str) -> Locator:
    """Return a setting's form: others may be stored, too."""
    return page.locator("form.setting").filter(has=page.locator(f"[id^='setting-{key}']"))


def test_prices_make_waste_money(open_page: OpenPage) -> None:
    page = open_page("/settings")
    setting = _setting(page, "price_core_month")
    setting.get_by_label("A core, per month").fill("100")
    setting.get_by_role("button", name="Save").click()
    expect(setting.get_by_role("button", name="Forget the stored value")).to_be_visible()
    Frame(page).go("Overview")
    expect(page.get_by_text(re.compile(r"a month for what runs and is not used")).first).to_be_visible()


def test_a_token_is_shown_once_works_and_is_revoked(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/settings?view=tokens")
    page.locator("[data-test=token-new]").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What it is for").fill("nightly export")
    dialog.get_by_role("button", name="Make a token").click()
    secret = dialog.locator("[data-test=token-secret]").inner_text()
    assert _status(console, secret) == 200
    dialog.get_by_role("button", name="I have kept it").click()
    expect(dialog).to_have_count(0)
    row = page.get_by_role("row").filter(has_text="nightly export")
    expect(row).to_contain_text("by li.wei")
    expect(page.locator("[data-test=token-secret]")).to_have_count(0)
    assert secret not in page.content()
    row.get_by_role("button", name="Revoke").click()
    dialog.get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)


def _status(console: Stack, token: str) -> int:
    request = urllib.request.Request(f"{console.url}/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        status: int = answer.status
        return status


def test_a_viewer_sees_settings_and_can_change_none(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/settings", user=console.viewer)
    expect(page.get_by_label("Begin of window 1")).to_be_disabled()
    expect(page.get_by_label("Look-back")).not_to_be_editable()
    expect(page.get_by_role("button", name="API tokens")).to_have_count(0)
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_one_days_peak_data_is_filtered_sorted_and_exported(open_page: OpenPage) -> None:
    page = open_page("/peaks?q=checkout&sort=-p95_cpu_m")
    table = page.get_by_role("table", name="Peak data")
    expect(table.locator("[data-column=container]")).to_have_text(["app", "envoy"])
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "envoy" in lines[2] or "envoy" in lines[1]
    page.get_by_label("Service, namespace or container").fill("no-such")
    expect(page.get_by_text("No row matches")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(table.get_by_role("row").nth(1)).to_be_visible()


def test_dashboards_are_the_consoles_own_without_a_grafana(open_page: OpenPage) -> None:
    page = open_page("/dashboards")
    expect(page.get_by_text("No Grafana is configured for you")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("CPU of")).locator("canvas")).to_be_visible()


ON_SCREEN = """row => [...row.querySelectorAll('button')].every(one => {
  const box = one.getBoundingClientRect()
  return box.left >= 0 && box.right <= innerWidth
})"""


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_drift_is_searched_and_its_buttons_are_on_a_small_screen(open_page: OpenPage, language: str) -> None:
    page = open_page("/settings", language=language, width=900)
    page.route(
        re.compile(r"/drift\?"),
        lambda route: route.fulfill(content_type="application/json", body=json.dumps(DRIFT)),
    )
    page.goto("/admission?view=drift")
    rows = page.locator("[role=table] .body [role=row]")
    expect(rows).to_have_count(2)
    for row in rows.all():
        assert row.evaluate(ON_SCREEN)
    page.get_by_label("Service or namespace" if language == "en" else "服务或命名空间").fill("catalog ima")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("images")
    page.goto("/admission?view=drift&state=missing")
    expect(page.locator("[data-test=shown]")).to_contain_text("0 " if language == "en" else "0")
    expect(rows).to_have_count(0)


def test_drift_is_accepted_and_what_is_not_registered_registered(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/settings")
    page.route(
        re.compile(r"/drift\?"),
        lambda route: route.fulfill(content_type="application/json", body=json.dumps(DRIFT)),
    )
    Frame(page).go("Admission")
    page.get_by_role("button", name="Drift").click()
    row = page.get_by_role("row").filter(has_text="images")
    row.get_by_role("button", name="Accept").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("catalog/images")
    dialog.locator("[data-test=drift-go]").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("The live values of 1 service accepted")).to_be_visible()
    path = f"/envs/{company.ENV}/services/catalog"
    accepted = console.ask("GET", f"{path}/images")
    assert accepted["replicas"]["manual"] == 5
    assert accepted["containers"][0]["expert"]["request_cpu_m"] == 900
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    undone = console.ask("GET", f"{path}/images")
    assert undone["replicas"]["manual"] is None
    assert undone["containers"][0]["expert"]["request_cpu_m"] is None
    page.get_by_role("table").get_by_role("button", name="Register").click()
    dialog.locator("[data-test=drift-go]").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("1 service registered")).to_be_visible()
    assert console.ask("GET", f"{path}/rogue")["replicas"]["effective"] is None
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    with pytest.raises(urllib.error.HTTPError):
        console.ask("GET", f"{path}/rogue")


def test_what_observe_would_have_changed_is_told_by_service(open_page: OpenPage) -> None:
    table = open_page("/admission?view=observed").get_by_role("table", name="Would change")
    expect(table.locator("[data-column=name]").first).to_contain_text("rogue")
    expect(table.locator("[data-column=refused]").first).to_have_text("1")


def test_each_pod_over_time_says_when_prometheus_is_missing(open_page: OpenPage) -> None:
    page = open_page(f"/services/{company.ENV}/catalog/search?view=pods")
    expect(page.get_by_text("No Prometheus is configured")).to_be_visible()


def _curves(pods: int, cpu_m: int) -> dict[str, object]:
    """Half an hour of a service's pods, each a bit hotter than the one before."""
    times = [f"2026-01-31T10:{minute:02}:00.000Z" for minute in range(0, 30, 5)]
    curves = [
        {"pod": f"search-{n}", "container": "app", "cpu_m": [cpu_m + n] * 6, "mem_mib": [50, None] * 3}
        for n in range(pods)
    ]
    return {"since": times[0], "until": times[-1], "step_s": 300, "times": times, "curves": curves}


@pytest.mark.parametrize("width", [1280, 900])
def test_many_pods_are_the_hottest_and_a_band_and_use_fills_the_axis(open_page: OpenPage, width: int) -> None:
    page = open_page("/settings", width=width)
    body = json.dumps(_curves(262, 1))
    page.route(
        re.compile(r"/catalog/search/pods"),
        lambda route: route.fulfill(content_type="application/json", body=body),
    )
    page.goto(f"/services/{company.ENV}/catalog/search?view=pods")
    drawing = page.get_by_role("img", name="CPU of search over time")
    expect(drawing).to_have_attribute("data-lines", ",".join(["pod"] * 5 + ["middle", "band"]))
    (search,) = (one for one in company.small() if one.name == "search")
    chart = page.locator("figure").filter(has=drawing)
    assert (search.limit_cpu_m or 0) > 3 * 262
    expect(chart.locator(".beyond")).to_contain_text("↑ Limit")
    expect(page.locator("[data-test=pod]")).to_contain_text("All 262 pods")


def test_each_pod_is_drawn_with_its_request_and_limit(open_page: OpenPage) -> None:
    page = open_page("/settings")
    body = _curves(3, 100)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(content_type="application/json", body=json.dumps(body))

    page.route(re.compile(r"/catalog/search/pods"), answer)
    page.goto(f"/services/{company.ENV}/catalog/search?view=pods")
    expect(page.get_by_role("img", name="CPU of search over time").locator("canvas")).to_be_visible()
    expect(page.locator("[data-test=pod]")).to_contain_text("All 3 pods")
    page.locator("[data-test=pod]").click()
    page.get_by_role("combobox", name="Pod", exact=True).fill("h-1")
    page.get_by_role("option", name="search-1", exact=True).click()
    expect(page.get_by_role("img", name="CPU of search-1 over time")).to_be_visible()
    page.get_by_role("button", name="6 h").click()
    expect(page.get_by_role("button", name="6 h")).to_have_attribute("aria-pressed", "true")
    assert "since" not in asked[0]
    assert any("since=" in url for url in asked[1:])


def test_signing_out_forgets_the_password_and_asks_for_nothing_more(
    open_page: OpenPage, console: Stack
) -> None:
    page = open_page("/services")
    expect(page.locator("[data-test=who]")).to_be_visible()
    page.locator("[data-test=who]").click()
    page.locator("[data-test=sign-out]").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    middle_px = page.evaluate("innerWidth") / 2
    for shown in (page.locator("main img"), page.get_by_role("button", name="Sign in")):
        box = shown.bounding_box()
        assert box
        assert box["x"] + box["width"] / 2 == pytest.approx(middle_px, abs=1)
        assert box["width"] < 200


def test_refusals_are_said_in_chinese(open_page: OpenPage) -> None:
    page = open_page(f"/services/{company.ENV}/orders/no-such-service", language="zh-CN")
    expect(page.get_by_text("没有登记 orders/no-such-service")).to_be_visible()


def test_a_phone_shows_every_page_without_scrolling_sideways(open_page: OpenPage) -> None:
    page = open_page("/overview")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/overview", "/services", "/settings", "/admission?view=drift", "/peaks"):
        page.goto(path)
        expect(Frame(page).title).to_be_visible()
        assert page.evaluate("document.querySelector('main').scrollWidth <= innerWidth"), path
        expect(page.locator("[data-test=who]")).to_be_visible()
        banner = page.get_by_role("banner").bounding_box()
        who = page.locator("[data-test=who]").bounding_box()
        assert banner
        assert who
        assert who["x"] + who["width"] <= banner["width"]


def test_a_grafana_behind_the_same_sign_in_is_embedded(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/settings")
    me = {**console.ask("GET", "/me"), "grafana_url": "/grafana/"}
    page.route(
        re.compile(r"/api/v1/me$"),
        lambda route: route.fulfill(content_type="application/json", body=json.dumps(me)),
    )
    page.route(
        re.compile(r"/grafana/"),
        lambda route: route.fulfill(content_type="text/html", body="<h1>Panels</h1>"),
    )
    page.goto("/dashboards")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Panels")).to_be_visible()
    expect(page.locator("iframe")).to_have_attribute(
        "src", f"/grafana/d/kubedoor-cluster/?var-env={company.ENV}&kiosk=1&theme=light"
    )
