"""Acting later: schedules made, run now, paused, removed, changed by two at once; a scale for a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.support import company
from browser.support.acting import Kubernetes
from browser.support.forms import type_moment
from browser.support.stack import Stack

SCHEDULES = f"/envs/{company.ENV}/schedules"


@pytest.fixture(scope="module")
def console(started: tuple[Stack, Kubernetes]) -> Stack:
    """The console of that system."""
    return started[0]


def _body(name: str, **options: object) -> dict[str, Any]:
    targets = [{"namespace": "orders", "name": "cart"}]
    body = {
        "name": name,
        "kind": "restart",
        "targets": targets,
        "cron": "0 3 1 1 *",
        "timezone": "Asia/Shanghai",
    }
    return {**body, **options}


def test_a_schedule_is_made_and_run_now_in_chinese(open_page: OpenPage, kubernetes: Kubernetes) -> None:
    page = open_page(f"/services/{company.ENV}/orders/refund", language="zh-CN")
    page.locator("[data-test=schedule]").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("名称", exact=True).fill("夜间缩容")
    dialog.get_by_label("Pod 数目").fill("1")
    cron = dialog.get_by_role("textbox", name="Cron 周期", exact=True)
    cron.fill("* * * *")
    expect(dialog.get_by_role("alert")).to_contain_text("需要五段")
    cron.fill("0 3 1 1 *")
    expect(dialog.locator("[data-test=times] li")).to_have_count(5)
    dialog.locator("[data-test=schedule-save]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("夜间缩容")
    page.locator("[data-test=run-now]").click()
    expect(dialog.locator("td.num", has_text="2 → 1")).to_be_visible()
    assert kubernetes.replicas("refund") == 2
    dialog.locator("[data-test=run-go]").click()
    runs = page.get_by_role("table", name="执行记录")
    expect(runs.get_by_text("手动")).to_be_visible()
    expect(runs.get_by_text("1 / 1")).to_be_visible()
    assert kubernetes.replicas("refund") == 1


def test_a_new_schedule_has_no_services_until_some_are_chosen(open_page: OpenPage) -> None:
    page = open_page("/schedules")
    page.set_viewport_size({"width": 900, "height": 640})
    page.get_by_role("button", name="New schedule").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Night")
    dialog.get_by_label("Number of pods").fill("1")
    save = dialog.locator("[data-test=schedule-save]")
    expect(save).to_be_in_viewport(ratio=1)
    expect(save).to_be_disabled()
    dialog.get_by_role("radio", name="Whatever matches at each run").check()
    expect(save).to_be_disabled()
    expect(dialog).to_contain_text("Give a namespace, labels or a name pattern")
    dialog.get_by_label("Name pattern").fill("nothing-*")
    expect(dialog).to_contain_text("Finds no service now")
    why = dialog.locator("[data-test=why-not]")
    expect(why).to_contain_text("It finds no service now")
    expect(save).to_be_disabled()
    dialog.get_by_label("Name pattern").fill("cart*")
    expect(dialog).to_contain_text("Finds 1 service now")
    expect(save).to_be_enabled()
    dialog.get_by_role("textbox", name="Cron", exact=True).fill("@daily")
    expect(dialog.get_by_role("alert")).to_contain_text("Five fields")
    expect(why).to_contain_text("Five fields")
    expect(save).to_be_disabled()


@pytest.mark.parametrize(
    ("language", "fields", "shown"),
    [
        (
            "en",
            ("Name", "Number of pods", "give back the previous counts", "These services"),
            "Mon–Fri 22:00 · back Mon–Fri 07:00",
        ),
        (
            "zh-CN",
            ("名称", "Pod 数目", "恢复原来的 Pod 数", "指定服务"),
            "周一–周五 22:00 · 周一–周五 07:00 恢复",
        ),
    ],
)
def test_down_at_night_and_up_in_the_morning_is_one_schedule(
    open_page: OpenPage, console: Stack, language: str, fields: tuple[str, ...], shown: str
) -> None:
    page = open_page(f"/services/{company.ENV}/orders/pricing", language=language, width=900)
    page.locator("[data-test=schedule]").click()
    dialog = page.get_by_role("dialog")
    name, count, give_back, services = fields
    dialog.get_by_label(name, exact=True).fill(f"Night {language}")
    dialog.get_by_label(count).fill("1")
    dialog.get_by_role("checkbox", name=give_back).check()
    expect(dialog.locator("[data-test=times] li")).to_have_count(5)
    dialog.locator("[data-test=schedule-save]").click()
    expect(page.locator(".panel.head")).to_contain_text(shown)
    identity = page.url.rsplit("/", 1)[1]
    stored = console.ask("GET", f"{SCHEDULES}/{identity}")
    assert (stored["cron"], stored["until_cron"]) == ("0 22 * * 1-5", "0 7 * * 1-5")
    page.goto("/schedules")
    expect(page.get_by_role("row").filter(has_text=f"Night {language}")).to_contain_text(shown)
    page.locator("[data-test=schedule-new]").click()
    expect(dialog.locator("[data-test=meets]")).to_have_count(0)
    dialog.get_by_role("textbox", name=services).fill("orders/pricing")
    expect(dialog.locator("[data-test=meets]").filter(has_text=f"Night {language}")).to_be_visible()


def test_in_the_morning_the_control_tables_count_is_the_days(
    open_page: OpenPage, console: Stack, kubernetes: Kubernetes
) -> None:
    kubernetes.run("invoice")
    found = console.ask("GET", f"/envs/{company.ENV}/services/orders/invoice")
    day = found["replicas"]["effective"]
    assert day > 1
    targets = [{"namespace": "orders", "name": "invoice", "replicas": 1}]
    night = _body("Down", kind="scale", wait_rollout=True, targets=targets)
    page = open_page(f"/schedules/{company.ENV}/{console.ask('POST', SCHEDULES, night)['id']}")
    page.locator("[data-test=run-now]").click()
    page.locator("[data-test=run-go]").click()
    expect(page.get_by_role("table", name="Runs").get_by_text("1 / 1")).to_be_visible()
    assert kubernetes.replicas("invoice") == 1
    page.goto(f"/services/{company.ENV}/orders/invoice")
    page.locator("[data-test=scale]").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="The control table's count").check()
    dialog.locator("[data-test=preview]").click()
    expect(dialog.locator("td.num", has_text=f"1 → {day}")).to_be_visible()
    dialog.locator("[data-test=act]").click()
    expect(page.locator("[data-test=operation-state]")).to_contain_text("1 of 1 done")
    assert kubernetes.replicas("invoice") == day


def test_a_schedule_is_paused_resumed_and_removed(open_page: OpenPage, console: Stack) -> None:
    made = console.ask("POST", SCHEDULES, _body("Monthly"))
    page = open_page(f"/schedules/{company.ENV}/{made['id']}")
    state = page.locator(".panel.head")
    toggle = page.locator("[data-test=toggle]")
    expect(state).to_contain_text("waiting")
    toggle.click()
    expect(state).to_contain_text("paused")
    expect(toggle).to_have_text("Enable")
    toggle.click()
    expect(state).to_contain_text("waiting")
    page.locator("[data-test=remove]").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove the schedule").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Schedules")
    page.goto("/schedules?q=Monthly")
    expect(page.locator("[data-test=extent]")).to_have_text("0 shown")


def test_a_schedule_that_another_changed_is_put_together(open_page: OpenPage, console: Stack) -> None:
    made = console.ask("POST", SCHEDULES, _body("Nightly"))
    page = open_page(f"/schedules/{company.ENV}/{made['id']}")
    page.get_by_role("button", name="Change…").click()
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_label("Name", exact=True)
    cron = dialog.get_by_role("textbox", name="Cron", exact=True)
    name.fill("Mine")
    theirs = _body("Theirs", cron="0 9 * * 1-5")
    console.ask("PUT", f"{SCHEDULES}/{made['id']}", theirs, **{"If-Match": made["version"]})
    dialog.locator("[data-test=schedule-save]").click()
    expect(dialog.locator("[data-test=stale-name] input[value=mine]")).to_be_checked()
    expect(dialog.locator("[data-test=stale-when] input[value=theirs]")).to_be_checked()
    dialog.locator("[data-test=stale-use]").click()
    expect(name).to_have_value("Mine")
    expect(cron).to_have_value("0 9 * * 1-5")
    expect(dialog.locator("[data-test=cron-words]")).to_have_text(
        "At 09:00, Monday through Friday (Asia/Shanghai)"
    )
    dialog.locator("[data-test=schedule-save]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mine")
    stored = console.ask("GET", f"{SCHEDULES}/{made['id']}")
    assert (stored["name"], stored["cron"]) == ("Mine", "0 9 * * 1-5")


def test_a_scale_for_a_time_says_when_it_ends(
    open_page: OpenPage, console: Stack, kubernetes: Kubernetes
) -> None:
    page = open_page(f"/services/{company.ENV}/orders/checkout")
    page.locator("[data-test=scale]").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Number of pods").fill("4")
    dialog.get_by_role("checkbox", name="For a time").check()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    type_moment(dialog, "Until", tomorrow.strftime("%Y-%m-%d %H:%M"))
    dialog.locator("[data-test=preview]").click()
    expect(dialog.locator("td.num", has_text="2 → 4")).to_be_visible()
    dialog.locator("[data-test=act]").click()
    state = page.locator("[data-test=operation-state]")
    expect(state).to_contain_text("1 of 1 done")
    expect(state).to_contain_text("Previous counts come back")
    assert kubernetes.replicas("checkout") == 4
