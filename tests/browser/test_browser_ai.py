"""A model's words in the console: asked for by hand, plain text whatever it says, with what was sent."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import OpenPage
from browser.support import company
from browser.support.stack import Stack, running
from kubedoor_dev.ai.protocol import Asked, completion
from kubedoor_dev.ai.scripts import SCRIPTS
from kubedoor_dev.ai.server import ScriptedServer

MODEL = "scripted"
MARKUP = "<img src=x onerror=alert(1)>**see** [this](https://evil.example/a) and https://evil.example/b"


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    """The scripted server, in a thread with a loop of its own: a page's test has none."""
    made, ready, end = ScriptedServer(), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with made.serving():
            ready.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(60)
    yield made
    loop.call_soon_threadsafe(end.set)
    thread.join()
    loop.close()


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, server: ScriptedServer) -> Iterator[Stack]:
    """A system with a model, and a service that wastes."""
    with running(tmp_path_factory.mktemp("ai"), KUBEDOOR_AI_URL=server.url, KUBEDOOR_AI_MODEL=MODEL) as stack:
        yield stack


def _wasteful(console: Stack, name: str) -> str:
    """Write a service that asks for ten times what it uses; return the address of its page."""
    day = str(datetime.now(UTC).date() - timedelta(days=1))
    row: dict[str, Any] = {
        "env": company.ENV, "namespace": "orders", "name": name, "container": "app", "date": day,
        "window_start": f"{day} 02:00:00.000", "window_end": f"{day} 03:30:00.000", "pod_count": 2,
        "p95_cpu_m": 450, "p95_mem_mib": 900, "request_cpu_m": 4500, "request_mem_mib": 9000,
        "limit_cpu_m": 9000, "limit_mem_mib": 18000, "coverage": 1, "oom_kills": 0, "throttled_pct": 0,
        "collected_at": f"{day} 23:00:00.000",
    }  # fmt: skip
    console.insert("resource_daily", row)
    console.insert("derived", {
        "env": company.ENV, "namespace": "orders", "name": name, "replicas_observed": 2, "version": 1,
        "containers.name": ["app"], "containers.request_cpu_m": [460], "containers.limit_cpu_m": [None],
        "containers.request_mem_mib": [910], "containers.limit_mem_mib": [None],
    })  # fmt: skip
    return f"/services/{company.ENV}/orders/{name}"


def _asked(page: Page) -> Page:
    page.locator("[data-test=ask-model]").click()
    return page


def test_a_score_is_explained_and_what_was_sent_is_shown(
    open_page: OpenPage, console: Stack, server: ScriptedServer
) -> None:
    server.follow("good")
    page = _asked(open_page(_wasteful(console, "wasteful"), width=1280))
    panel = page.locator("[data-test=ai]")
    expect(panel.locator("[data-test=ai-answer]")).to_contain_text("request unused costs most")
    expect(panel).to_contain_text(f"model: {MODEL}")
    expect(panel).to_contain_text("A model's words")
    panel.locator("[data-test=what-was-sent]").click()
    sent = page.locator("[data-test=sent]")
    expect(sent).to_contain_text("svc-01")
    expect(sent).not_to_contain_text("wasteful")


def test_what_the_model_writes_is_text(open_page: OpenPage, console: Stack, server: ScriptedServer) -> None:
    async def marked_up(asked: Asked) -> Any:
        fact = asked.message["deductions"][0]["id"]
        cause = {"text": MARKUP, "facts": [fact], "likelihood": "high"}
        answer = {"headline": MARKUP, "causes": [cause], "unknown": [MARKUP]}
        return completion(asked, json.dumps(answer))

    server.script = marked_up
    page = _asked(open_page(_wasteful(console, "marked"), width=900))
    answer = page.locator("[data-test=ai-answer]")
    expect(answer).to_contain_text("see this and […]")
    assert answer.locator("a, img, b, strong").count() == 0


def test_a_fault_is_told_and_the_page_is_whole(
    open_page: OpenPage, console: Stack, server: ScriptedServer
) -> None:
    server.script = SCRIPTS["login"]
    page = _asked(open_page(_wasteful(console, "faulty"), language="zh-CN"))
    expect(page.locator("[data-test=ai]")).to_contain_text("模型的地址上不是模型")
    expect(page.locator("[data-test=score]")).to_be_visible()
    server.script = SCRIPTS["good"]
    page.locator("[data-test=ask-model]").click()
    expect(page.locator("[data-test=ai-answer]")).to_contain_text("扣分最多的是")


def test_where_it_is_turned_off_there_is_nothing(open_page: OpenPage, console: Stack) -> None:
    setting = f"/envs/{company.ENV}/settings/ai_enabled"
    stored = console.ask("PUT", setting, {"value": "off"}, **{"If-Match": '"0"'})
    try:
        page = open_page(_wasteful(console, "unexplained"))
        expect(page.locator("[data-test=score]")).to_be_visible()
        expect(page.locator("[data-test=ai]")).to_have_count(0)
    finally:
        console.ask("DELETE", setting, **{"If-Match": f'"{stored["version"]}"'})
