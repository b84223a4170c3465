"""Hands on pods: evicted, isolated, put back, their logs read; what is off is told with the way out."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.pages.pods import LogPage, PodsPage
from browser.support import company
from browser.support.acting import NAMESPACE, Kubernetes, acting
from browser.support.axe import serious
from browser.support.stack import Stack
from kubedoor_dev.containers.local import unshare
from support.standing_in import full, jvm_image, roomy

LOOKS = 30
"""So often a list is looked at that nothing reads again by itself."""
PODS = f"/services/{company.ENV}/{NAMESPACE}/cart?view=pods"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Kubernetes]]:
    """A system that lets people act on pods."""
    with acting(
        tmp_path_factory.mktemp("pods"), KUBEDOOR_POD_ACTIONS="logs,diagnose,delete,isolate,exec"
    ) as both:
        service = {
            "metadata": {"name": "cart"},
            "spec": {"selector": {"app": "cart"}, "ports": [{"port": 80}]},
        }
        both[1].ask(f"/api/v1/namespaces/{NAMESPACE}/services", service)
        yield both


@pytest.fixture(scope="module")
def console(started: tuple[Stack, Kubernetes]) -> Stack:
    """The console of that system."""
    return started[0]


def test_a_pod_is_isolated_with_a_picture_and_put_back(open_page: OpenPage, kubernetes: Kubernetes) -> None:
    here = PodsPage(open_page(PODS, width=1280))
    pod = kubernetes.pods("cart")[0]
    here.ask(pod, "isolate")
    here.dialog.get_by_role("radio", name="Replacement first").check()
    here.preview()
    expect(here.dialog.locator("[data-test=ties]")).to_contain_text("Service cart")
    expect(here.dialog.locator("[data-test=ties]")).to_contain_text("loses the label app")
    expect(here.dialog.locator("[data-test=ready]")).to_contain_text("2 → 2")
    steps = here.dialog.locator("[data-test=order] li")
    expect(steps).to_have_text(
        [
            re.compile("ReplicaSet cart-.* lets go of it"),
            re.compile("makes a new pod"),
            "It leaves its Services",
            "After 24 h it is deleted",
        ]
    )
    assert serious(here.page) == []
    here.act.click()
    expect(here.done).to_contain_text("done")
    expect(here.done).to_contain_text("No EndpointSlice holds it any more")
    here.close()
    expect(here.row(pod)).to_have_count(0)
    expect(here.isolated).to_contain_text(pod)
    expect(here.isolated.locator("[data-test=left]")).to_contain_text("it is deleted in")
    expect(here.isolated.locator("[data-test=pod-isolate]")).to_have_count(0)
    assert serious(here.page) == []
    here.page.goto("/operations?view=pods&isolated=true")
    listed = here.page.get_by_role("table", name="Pods").get_by_role("row").filter(has_text=pod)
    listed.get_by_role("button", name="Details").click()
    here.page.locator("[data-test=undo]").click()
    expect(here.dialog.locator("[data-test=undo-does]")).to_contain_text("app=cart")
    expect(here.dialog.locator("[data-test=undo-does]")).to_contain_text("removes one")
    here.dialog.locator("[data-test=undo-go]").click()
    expect(here.dialog).to_be_hidden()
    expect(listed).to_have_count(0)
    here.page.goto("/operations?view=pods&state=undone")
    expect(listed).to_be_visible()


@pytest.fixture
def production(console: Stack) -> Iterator[None]:
    """The namespace is production while a test runs."""
    path = f"/envs/{company.ENV}/settings/production_namespaces"
    made = console.ask("PUT", path, {"value": NAMESPACE}, **{"If-Match": "0"})
    yield
    console.ask("DELETE", path, **{"If-Match": f'"{made["version"]}"'})


@pytest.mark.usefixtures("production")
def test_several_pods_of_production_are_evicted_after_their_number_is_typed(
    open_page: OpenPage, kubernetes: Kubernetes
) -> None:
    here = PodsPage(open_page(PODS.replace("cart", "checkout"), width=900))
    pods = kubernetes.pods("checkout")
    for pod in pods:
        here.choose(pod)
    expect(here.chosen).to_contain_text("2 pods chosen")
    here.chosen.locator("[data-test=pod-delete]").click()
    here.dialog.get_by_label("Time to end").fill("0")
    expect(here.dialog.get_by_text("Whole seconds from 1")).to_be_visible()
    here.dialog.get_by_label("Time to end").fill("1")
    here.preview()
    expect(here.dialog.locator("[data-test=ready]").first).to_contain_text("2 → 1")
    expect(here.act).to_be_disabled()
    here.dialog.get_by_label("type 2 to go on").fill("2")
    here.act.click()
    expect(here.done.get_by_text("The pod is gone")).to_have_count(2)
    assert not set(pods) & set(kubernetes.pods("checkout"))


def test_logs_of_two_pods_are_one_filtered_searched_and_kept(
    open_page: OpenPage, kubernetes: Kubernetes
) -> None:
    first, second = kubernetes.pods("refund")
    kubernetes.say(first, "listening", "\x1b[31mred\x1b[0m letter", "<b>bold</b>")
    kubernetes.say(second, "ERROR no room")
    kubernetes.say(first, "WARN nearly full")
    kubernetes.say(first, "it crashed", previous=True)
    pods = PodsPage(open_page(PODS.replace("cart", "refund"), width=1280))
    for pod in (first, second):
        pods.choose(pod)
    pods.chosen.locator("[data-test=pod-log]").click()
    page, here = pods.page, LogPage(pods.page)
    texts = ["listening", "red letter", "<b>bold</b>", "ERROR no room", "WARN nearly full"]
    expect(here.lines.locator(".text")).to_have_text(texts)
    expect(here.lines.locator(".red")).to_have_text("red")
    kubernetes.say(second, "said later")
    expect(here.lines.locator(".text")).to_have_text([*texts, "said later"])
    assert serious(page) == []
    here.show("Warnings")
    expect(here.lines).to_have_count(2)
    here.show("All")
    here.text.fill("room")
    expect(here.lines).to_have_count(1)
    with page.expect_download() as download:
        page.locator("[data-test=log-save]").click()
    assert re.fullmatch(r"\S+Z ERROR no room\n", download.value.path().read_text())
    here.show("Find")
    expect(page.locator("[data-test=log-hits]")).to_have_text("0 / 1")
    here.text.press("Enter")
    expect(here.lines.locator(".hit")).to_have_text("room")
    expect(page.locator(".line.current")).to_contain_text("no room")
    page.get_by_role("checkbox", name="Before the last restart").check()
    expect(here.lines.locator(".text")).to_have_text(["it crashed"])
    expect(here.ends).to_contain_text(f"{first} ends here: all that was asked for is there.")
    expect(here.ends).to_contain_text(f"{second} can't be read:")


def test_what_cannot_be_done_is_said_with_the_way_out(open_page: OpenPage, console: Stack) -> None:
    here = PodsPage(open_page(PODS, user=console.viewer))
    expect(here.against).to_contain_text(
        "your grant lacks logs, diagnose, dump, delete, isolate, exec in orders"
    )
    expect(here.page.locator("[data-test=pod-isolate]")).to_have_count(0)
    page = open_page(PODS, language="zh-CN", width=900)
    off = [
        {"name": one, "on": one == "logs", "chart_value": f"podActions.{one}"} for one in ("logs", "isolate")
    ]
    page.route("**/pod-actions/groups", lambda route: route.fulfill(json={"groups": off, "namespaces": []}))
    page.reload()
    expect(PodsPage(page).against).to_contain_text("podActions.isolate")
    expect(page.locator("[data-test=pod-log]").first).to_be_visible()
    expect(page.locator("[data-test=pod-isolate]")).to_have_count(0)
    page.unroute_all(behavior="ignoreErrors")


def test_a_heap_dump_isolates_its_pod_first_unless_told_otherwise(
    open_page: OpenPage, kubernetes: Kubernetes
) -> None:
    here = PodsPage(open_page(PODS, width=1280))
    here.ask(kubernetes.pods("cart")[0], "dump")
    expect(here.dialog.get_by_role("checkbox", name="Isolate the pod first")).to_be_checked()
    assert serious(here.page) == []


@pytest.mark.skipif(not unshare(), reason="this machine gives no namespaces")
def test_a_heap_dump_is_downloaded_once_and_then_gone(
    open_page: OpenPage, kubernetes: Kubernetes, tmp_path: Path
) -> None:
    pod = kubernetes.pods("refund")[0]
    (tmp_path / "heap.bin").write_bytes(heap := os.urandom(300_000))
    image = jvm_image(tmp_path, "jcmd")
    kubernetes.begin(pod, tmp_path, image.argv, f"{roomy(tmp_path)}:{image.path}")
    here = PodsPage(open_page(PODS.replace("cart", "refund"), width=1280))
    here.ask(pod, "dump")
    here.dialog.get_by_role("checkbox", name="Isolate the pod first").uncheck()
    here.preview()
    expect(here.dialog.locator("[data-test=places]")).to_contain_text("fits")
    expect(here.act).to_be_disabled()  # it may serve: its name is typed
    here.dialog.get_by_label(f"type {pod} to go on").fill(pod)
    here.act.click()
    for step in ("the JVM was found", "Room was found", "The file was written", "The file was measured"):
        expect(here.done).to_contain_text(step)  # each is a command or two in the container
    link = here.done.locator("[data-test=pod-file]")
    expect(link).to_have_text("Download once (0.29 MiB)")
    expect(here.done).to_contain_text(hashlib.sha256(heap).hexdigest())
    assert serious(here.page) == []
    with here.page.expect_download() as download:
        link.click()
    assert re.fullmatch(rf"{pod}-heap_dump-.*\.hprof", download.value.suggested_filename)
    assert download.value.path().read_bytes() == heap
    here.close()
    here.page.goto("/operations?view=pods&kind=heap_dump&state=removed")
    expect(
        here.page.get_by_role("table", name="Pods").get_by_role("row").filter(has_text=pod)
    ).to_be_visible()
    assert list(tmp_path.glob("kubedoor-*")) == []


def test_a_recording_is_asked_for_with_its_time(open_page: OpenPage, kubernetes: Kubernetes) -> None:
    here = PodsPage(open_page(PODS.replace("cart", "refund"), width=900, language="zh-CN"))
    here.ask(kubernetes.pods("refund")[0], "dump")
    here.dialog.get_by_role("radio", name="飞行记录").check()
    expect(here.dialog.get_by_role("checkbox", name="先隔离该 Pod")).to_have_count(0)
    here.dialog.get_by_role("radio", name="300 秒").check()
    here.dialog.get_by_role("checkbox", name="记录更多事件").check()
    with here.page.expect_request("**/pod-actions/preview") as asked:
        here.dialog.locator("[data-test=pod-preview-ask]").click()
    sent = json.loads(asked.value.post_data or "")
    assert sent["parameters"] == {"pid": None, "duration_s": 300, "settings": "profile"}
    assert serious(here.page) == []


@pytest.mark.skipif(not unshare(), reason="this machine gives no namespaces")
def test_a_heap_that_fits_nowhere_goes_through_a_fifo_where_that_is_chosen(
    open_page: OpenPage, kubernetes: Kubernetes, tmp_path: Path
) -> None:
    pod = kubernetes.pods("refund")[1]  # no other heap was asked of it; no later test finds it in its service
    heap = b"JAVA PROFILE 1.0.2\0" + os.urandom(300_000) + b"\x2c" + bytes(8)
    (tmp_path / "heap.bin").write_bytes(heap)
    image = jvm_image(tmp_path, "jcmd")
    kubernetes.begin(pod, tmp_path, image.argv, f"{full(tmp_path)}:{image.path}")
    here = PodsPage(open_page(PODS.replace("cart", "refund"), width=1280))
    here.ask(pod, "dump")
    first = here.dialog.get_by_role("checkbox", name="Isolate the pod first")
    first.uncheck()
    here.preview()
    expect(here.dialog.locator("[data-test=room]")).to_contain_text("Without room it will be refused")
    expect(here.dialog.locator("[data-test=fifo-against]")).to_contain_text("an isolated pod alone")
    here.dialog.get_by_role("button", name="Back").click()
    first.check()
    here.preview()
    fifo = here.dialog.locator("[data-test=fifo]")
    expect(fifo).to_contain_text("stands still for about 1 s")
    expect(fifo).to_contain_text("can't be resumed")
    fifo.get_by_role("checkbox").check()
    expect(here.dialog.locator("[data-test=room]")).not_to_contain_text("refused")
    assert serious(here.page) == []
    here.act.click()
    expect(here.done).to_contain_text("The FIFO was made")
    link = here.done.locator("[data-test=pod-file]")
    expect(link).to_contain_text("the application stands still")
    with here.page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes() == heap
    here.close()
    row = here.page.get_by_role("table", name="Pods").get_by_role("row").filter(has_text=pod)
    for _ in range(LOOKS):
        here.page.goto(f"/operations?view=pods&kind=heap_dump&state=removed&pod={pod}")
        expect(here.page.locator("[data-test=extent]")).to_be_visible()
        if row.count():
            break
    row.get_by_role("button", name="Details").click()
    expect(here.page.locator("[data-test=fifo-check]")).to_contain_text(hashlib.sha256(heap).hexdigest())
    assert list(tmp_path.glob("kubedoor-*")) == []
