"""Switching the admission mode and collecting, in a browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.pages.frame import Frame
from browser.support import company
from browser.support.forms import choose_mode, type_moment
from browser.support.stack import Stack
from kubedoor_core.clickhouse.parameters import timestamp
from support.runs import left_out, run_row


def test_the_mode_is_switched_after_saying_what_will_happen(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services")
    frame = Frame(page)
    frame.mode.click()
    dialog = page.get_by_role("dialog")
    choose_mode(dialog, "observe")
    expect(dialog).to_contain_text("nothing is changed or refused")
    dialog.get_by_role("button", name="Cancel").click()
    assert console.ask("GET", f"/envs/{company.ENV}/mode")["mode"] == "off"
    frame.switch_mode("observe")
    expect(frame.mode).to_contain_text("observe")
    assert console.ask("GET", f"/envs/{company.ENV}/mode")["mode"] == "observe"
    frame.switch_mode("off")
    expect(frame.mode).to_contain_text("off")


def _run(request_id: str, state: str, day: int, version: int) -> dict[str, object]:
    return company.run_row(f"run-{request_id}", state, day, version, request_id=request_id, trigger="request")


def test_a_collection_is_asked_for_and_seen_to_its_end(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services")
    page.locator("[data-test=collect]").click()
    page.locator("[data-test=collect-start]").click()
    progress = page.locator("[data-test=collection-progress]")
    expect(progress).to_contain_text("Waiting for a collector")
    latest = console.ask("GET", f"/envs/{company.ENV}/collections?limit=1")["items"][0]
    console.insert("collection_run", _run(latest["id"], "running", 3, 1))
    expect(progress).to_contain_text("Day 3 of 10 · 26 services")
    progress.click()
    expect(Frame(page).title).to_have_text("Collection")
    console.insert("collection_run", _run(latest["id"], "succeeded", 10, 2))
    expect(page.get_by_role("table").get_by_text("succeeded")).to_be_visible()
    expect(page.locator("[data-test=collect]")).to_be_visible()


def _insert_run_with_left_out(console: Stack) -> str:
    """A daily run that left something out of the last two days, the last of which failed again afterwards."""
    before, last = (str(one) for one in company.dates()[-2:])
    found = left_out(
        (before, "no_owner", "orders", "toolbox", 2),
        (last, "no_owner", "orders", "toolbox", 1),
        (last, "no_owner", "", "", 40),
        (last, "not_in_spec", "payments", "ledger/debugger-x7k2p", 1),
        (last, "odd_interval", "", "45 s", 1),
    )
    errors = {"errors.date": [last], "errors.reason": ["the store now has 40 % of the samples"]}
    named = {"env": company.ENV, "version": 10}
    good = run_row([before, last], id="run-good", scrape_interval_s=45, **found, **named)
    bad = run_row([last], id="run-bad", state="failed", **errors, **named)
    now = datetime.now(UTC)  # after any other test's run
    for run, at in ((good, now), (bad, now + timedelta(seconds=1))):
        console.insert("collection_run", {**run, "started_at": timestamp(at)})
    return last


def test_a_run_shows_its_interval_and_what_it_left_out_and_why(open_page: OpenPage, console: Stack) -> None:
    _insert_run_with_left_out(console)
    page = open_page("/collection")
    rows = page.get_by_role("table").get_by_role("row")
    good = rows.filter(has=page.get_by_text("45 s", exact=True))
    expect(good).to_have_count(1)
    expect(page.locator("[data-test=left-out]")).to_have_count(1)
    good.get_by_role("button", name="5: show what was left out").click()
    dialog = page.get_by_role("dialog", name="What was left out")
    fold = dialog.locator("[data-reason=no_owner]")
    expect(fold).to_contain_text("Pods without a controller (41)")
    expect(fold.get_by_text("orders/toolbox")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.get_by_text("orders/toolbox")).to_be_visible()
    expect(fold).to_contain_text("× 2")
    expect(fold).to_contain_text("let a Deployment make them")
    expect(fold).to_contain_text("40 more, not listed by name")
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(dialog).to_be_hidden()


def test_a_days_report_says_what_was_left_out_and_that_it_kept_what_it_had(
    open_page: OpenPage, console: Stack
) -> None:
    last = _insert_run_with_left_out(console)
    page = open_page(f"/peaks?date={last}", language="zh-CN")
    expect(page.get_by_role("status").filter(has_text="仍显示原有数据")).to_be_visible()
    report = page.locator("[data-test=left-out]")
    expect(report).to_contain_text("这一天未计入：4")
    report.locator("summary").first.click()
    fold = report.locator("[data-reason=not_in_spec]")
    fold.locator("summary").click()
    expect(fold.get_by_text("payments/ledger/debugger-x7k2p")).to_be_visible()
    expect(fold).to_contain_text("不属于 Deployment")
    page.goto(f"/peaks?date={company.dates()[0]}")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator("[data-test=left-out]")).to_have_count(0)


def test_one_day_is_asked_for_by_its_date(open_page: OpenPage, console: Stack) -> None:
    day = str(company.dates()[-3])
    page = open_page("/collection")
    page.locator("[data-test=collect]").click()
    dialog = page.get_by_role("dialog", name=f"Collect peaks of {company.ENV}")
    dialog.get_by_role("radio", name="One day", exact=True).check()
    start = dialog.locator("[data-test=collect-start]")
    expect(start).to_be_disabled()
    type_moment(dialog, "One day", day)
    start.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    latest = console.ask("GET", f"/envs/{company.ENV}/collections?limit=1")["items"][0]
    assert latest["dates"] == [day]
    console.insert(
        "collection_run", {**_run(latest["id"], "succeeded", 1, 20), "dates": [day], "day_count": 1}
    )
