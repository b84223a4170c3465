"""A terminal in the browser: what is kept is said, what is typed is run, and every end has its reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect

from browser.conftest import OpenPage
from browser.pages.pods import PodsPage, TerminalDialog
from browser.support import company
from browser.support.acting import NAMESPACE, Kubernetes, acting
from browser.support.axe import serious
from browser.support.stack import ADMIN, VIEWER, Stack
from kubedoor_dev.containers.local import unshare

PODS = f"/services/{company.ENV}/{NAMESPACE}/cart?view=pods"
pytestmark = pytest.mark.skipif(not unshare(), reason="this machine gives no namespaces")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Kubernetes]]:
    """A system in which somebody may open terminals."""
    folder = tmp_path_factory.mktemp("terminal")
    roles = folder / "may.json"
    may = {"role": "admin", "may": ["logs", "exec"]}
    roles.write_text(json.dumps({"users": {ADMIN: may, VIEWER: "viewer"}}))
    settings = {"KUBEDOOR_POD_ACTIONS": "logs,exec", "KUBEDOOR_ROLES_FILE": str(roles)}
    with acting(folder, **settings) as both:
        yield both


@pytest.fixture(scope="module")
def console(started: tuple[Stack, Kubernetes]) -> Stack:
    """The console of that system."""
    return started[0]


@pytest.fixture
def pod(kubernetes: Kubernetes, tmp_path: Path) -> str:
    """A pod whose container is a real program."""
    first = kubernetes.pods("cart")[0]
    kubernetes.begin(first, tmp_path, ("/bin/sleep", "600"))
    return first


def test_what_is_typed_is_run_and_shown_until_the_shell_ends(open_page: OpenPage, pod: str) -> None:
    here = PodsPage(open_page(PODS, width=1280))
    here.ask(pod, "exec")
    expect(here.dialog).to_contain_text("Not kept: what is typed and what is shown")
    terminal = TerminalDialog(here.page)
    assert serious(here.page) == []
    terminal.open()
    terminal.type("echo sum$((40 + 2)); stty size")
    expect(terminal.screen).to_contain_text("sum42")
    expect(terminal.screen).to_contain_text(re.compile(r"[2-9]\d \d{2,3}"))
    assert serious(here.page) == []
    terminal.type("seq 1 200000; echo all$((1 + 1))")  # more than the window holds
    expect(terminal.screen).to_contain_text("all2")
    here.page.keyboard.press("F6")
    expect(here.dialog.get_by_role("button", name="Close", exact=True).last).to_be_focused()
    here.page.locator(".xterm-screen").click()
    terminal.type("exit 3")
    expect(terminal.state).to_have_text("The shell has ended with exit code 3.")
    here.dialog.locator("[data-test=terminal-again]").click()
    terminal.open()
    expect(terminal.screen).not_to_contain_text("sum42")  # nothing is shown again
    here.close()
    here.page.goto("/operations?view=pods&kind=terminal")
    table = here.page.get_by_role("table", name="Pods")
    expect(table.get_by_role("row").filter(has_text=pod)).to_have_count(2)
    table.get_by_role("button", name="Details").last.click()
    expect(here.page.locator("[data-test=terminal-kept]")).to_contain_text("exit code 3")


def test_what_stands_against_it_is_said_in_both_languages(
    open_page: OpenPage, kubernetes: Kubernetes
) -> None:
    bare = kubernetes.pods("refund")[0]
    page = open_page(PODS.replace("cart", "refund"), width=900, language="zh-CN")
    here, terminal = PodsPage(page), TerminalDialog(page)
    here.ask(bare, "exec")
    expect(here.dialog).to_contain_text("不会保留")
    here.dialog.locator("[data-test=terminal-open]").click()
    expect(terminal.state).to_contain_text("已结束")
    assert serious(page) == []


def test_an_end_that_is_near_is_told(open_page: OpenPage, pod: str) -> None:
    page = open_page(PODS, width=900)

    def tell(socket: WebSocketRoute) -> None:
        socket.send(json.dumps({"event": "opened", "reason": "", "detail": "", "in_s": None}))
        socket.send(json.dumps({"event": "ends_soon", "reason": "idle", "detail": "", "in_s": 60}))

    page.route_web_socket(re.compile("/terminal$"), tell)
    here, terminal = PodsPage(page), TerminalDialog(page)
    here.ask(pod, "exec")
    terminal.open()
    soon = here.dialog.locator("[data-test=terminal-soon]")
    expect(soon).to_contain_text("it ends in 60 s unless you type")
    terminal.type("x")
    expect(soon).to_have_count(0)
