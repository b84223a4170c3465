"""Which rule is right: the replay and the peak hours found, walked through in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.support import company
from browser.support.stack import Stack, running
from support.rows import containers, derived_row

DAYS = 12
SETTINGS = f"/envs/{company.ENV}/settings"


def day_row(namespace: str, name: str, back: int, hour: int, cpu_m: int) -> dict[str, Any]:
    """One whole day of a service: a tenth of its peak but for two hours, and a little more each day."""
    when = datetime.now(UTC).date() - timedelta(days=back)
    peak = cpu_m + 10 * (DAYS - back)
    profile = [peak if hour * 12 <= slot < (hour + 2) * 12 else peak // 10 for slot in range(288)]
    return {
        "env": company.ENV, "namespace": namespace, "name": name, "container": "app", "date": str(when),
        "window_start": f"{when} 10:00:00.000", "window_end": f"{when} 11:30:00.000", "pod_count": 3,
        "p95_cpu_m": profile[126], "p95_mem_mib": 400, "coverage": 1, "collected_at": f"{when} 23:00:00.000",
        "profile_cpu_m": profile, "profile_mem_mib": [400] * 24, "profile_pods": [3] * 24,
    }  # fmt: skip


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A system of its own: its company peaks in the evening, but for one namespace."""
    with running(tmp_path_factory.mktemp("rules")) as stack:
        evening = [("media", "player", 20, 900), ("media", "chat", 20, 500), ("media", "feed", 21, 700)]
        services = [*evening, ("office", "mail", 10, 300)]
        stack.insert("resource_daily", *(
            day_row(namespace, name, back, hour, cpu_m)
            for back in range(1, DAYS + 1) for namespace, name, hour, cpu_m in services
        ))  # fmt: skip
        stack.insert("derived", derived_row(
            company.ENV, "media", "player", replicas_observed=3, request_rule="own_peak", lookback_days=5,
            rule_exception="media/.*", margin_pct=5, memory_margin_pct=0,
            peak_date_cpu=str(company.dates()[-1]), **containers(app=(1000, None, 500, None)),
        ))  # fmt: skip
        yield stack


def setting(console: Stack, key: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = console.ask("GET", SETTINGS)["items"]
    return next(one for one in found if one["key"] == key)


def test_a_rule_is_chosen_applied_and_taken_back(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/rules", width=1280)
    table = page.locator("[data-test=outcomes]")
    expect(table.locator("tbody tr")).to_have_count(4)
    expect(page.locator("[data-test=lacks]")).to_contain_text(re.compile("of the 60 days"))
    expect(page.locator("[data-test=lacks]")).to_contain_text("no prices are set")
    expect(page.locator("[data-test=lacks]")).to_contain_text("whole days of the others are not known")
    expect(page.locator("[data-test=apply]")).to_have_count(0)
    table.locator("[data-test=outcome-careful]").get_by_role("radio").check()
    changes = page.locator("[data-test=changes]")
    expect(changes.get_by_role("link", name="player")).to_be_visible()
    page.locator("[data-test=apply]").click()
    expect(page.locator("[data-test=applied]")).to_be_visible()
    assert setting(console, "request_rule")["value"] == "whole_day"
    assert setting(console, "memory_rule")["updated_by"] == console.user
    log = console.ask("GET", "/audit?action=changeSetting")["items"]
    assert {key for entry in log for key in entry["after"]} >= {"request_rule", "margin_pct"}
    page.locator("[data-test=undo]").click()
    expect(page.locator("[data-test=applied]")).to_have_count(0)
    assert {setting(console, key)["source"] for key in ("request_rule", "memory_rule")} == {"environment"}


def test_a_rule_of_ones_own_is_tried_with_exceptions(open_page: OpenPage) -> None:
    page = open_page("/rules", width=900)
    expect(page.locator("[data-test=outcomes] tbody tr")).to_have_count(4)
    expect(page.locator("[data-test=try]")).to_be_disabled()
    page.get_by_role("spinbutton", name="Margin", exact=True).fill("60")
    page.get_by_label("Services of another rule").fill("media/.*: own_peak")
    page.locator("[data-test=try]").click()
    tried = page.locator("[data-test=outcome-asked]")
    expect(tried.get_by_role("radio")).to_be_checked()
    changes = page.locator("[data-test=changes]")
    changes.get_by_role("button", name="Difference").click()
    expect(changes.get_by_role("link", name="player")).to_be_visible()
    page.get_by_label("Services of another rule").fill("media/.*: best")
    page.locator("[data-test=try]").click()
    expect(page.get_by_text("neither a preset")).to_be_visible()


def test_peak_hours_found_are_taken_and_given_back(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/rules?view=hours", width=1280)
    found = page.locator("[data-test=peak-hours-found]")
    expect(found.get_by_role("row", name=re.compile("All services"))).to_contain_text("20:30-22:00")
    expect(found.get_by_role("row", name=re.compile("office"))).to_contain_text("fit")
    heat = page.locator("[data-test=heat-map]")
    expect(heat.locator("tbody tr")).to_have_count(DAYS)
    expect(heat.locator("td.peak")).to_have_count(2 * DAYS)
    page.locator("[data-test=own-peak-media]").click()
    expect(page.locator("[data-test=applied]")).to_be_visible()
    assert setting(console, "rule_exceptions")["value"] == "media/.*: own_peak"
    expect(found.get_by_role("row", name=re.compile("media"))).to_contain_text("a rule of its own")
    page.locator("[data-test=undo]").click()
    expect(page.locator("[data-test=own-peak-media]")).to_be_visible()
    page.locator("[data-test=take-peak-hours]").click()
    expect(page.get_by_text("The peak hours are 20:30-22:00.")).to_be_visible()
    page.locator("[data-test=undo]").click()
    expect(page.get_by_text("The peak hours are 10:00-11:30.")).to_be_visible()
    assert setting(console, "peak_hours")["source"] == "environment"
    found.get_by_role("button", name="office").click()
    expect(page.get_by_role("heading", name=re.compile("office"))).to_be_visible()
    expect(heat.get_by_text(re.compile("10:00"))).to_have_count(DAYS)


def test_a_viewer_sees_what_there_is_and_applies_nothing(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/rules", user=console.viewer, language="zh-CN", width=900)
    page.locator("[data-test=outcome-careful]").get_by_role("radio").check()
    expect(page.locator("[data-test=changes]")).to_be_visible()
    expect(page.locator("[data-test=outcome-careful]")).to_contain_text("谨慎")
    expect(page.locator("[data-test=apply]")).to_have_count(0)
    page.get_by_role("button", name="高峰时段").click()
    expect(page.locator("[data-test=take-peak-hours]")).to_have_count(0)
    expect(page.locator("[data-test=heat-map] tbody tr")).to_have_count(DAYS)


def test_a_services_own_hours_and_rule_are_on_its_page(open_page: OpenPage) -> None:
    page = open_page(f"/services/{company.ENV}/media/player")
    expect(page.locator("[data-test=heat-map] tbody tr")).to_have_count(DAYS)
    why = page.locator("[data-test=why-rule]")
    expect(why).to_contain_text("own busiest hours")
    expect(why).to_contain_text("over 5 days")
    expect(why).to_contain_text("media/.*")
