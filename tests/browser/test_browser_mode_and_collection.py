"""Switching the admission mode and collecting, in a browser."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.pages.frame import Frame
from browser.support import company
from browser.support.stack import Stack


def test_the_mode_is_switched_after_saying_what_will_happen(open_page: OpenPage, console: Stack) -> None:
    page = open_page("/services")
    frame = Frame(page)
    frame.mode.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[value=observe]").check()
    expect(dialog).to_contain_text("nothing is changed or refused")
    dialog.get_by_role("button", name="Cancel").click()
    assert console.ask("GET", f"/envs/{company.ENV}/mode")["mode"] == "off"
    frame.switch_mode("observe")
    expect(frame.mode).to_contain_text("observe")
    assert console.ask("GET", f"/envs/{company.ENV}/mode")["mode"] == "observe"
    frame.switch_mode("off")
    expect(frame.mode).to_contain_text("off")


def _run(request_id: str, state: str, day: int, version: int) -> dict[str, object]:
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.000")
    dates = [str(one) for one in company.dates()]
    return {
        "id": f"run-{request_id}",
        "request_id": request_id,
        "env": company.ENV,
        "trigger": "request",
        "state": state,
        "dates": dates,
        "day_index": day,
        "day_count": len(dates),
        "services_seen": 26,
        "errors.date": [],
        "errors.reason": [],
        "collector": "test",
        "started_at": now,
        "heartbeat_at": now,
        "finished_at": now if state == "succeeded" else None,
        "version": version,
        "updated_at": now,
        "updated_by": "collector",
        "deleted": False,
    }


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
