"""`make demo`, as a user meets it: the main job holds, the console answers, Ctrl-C leaves nothing running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kubedoor_core.domain.workload import WORKLOAD_KINDS
from kubedoor_dev.metrics import company
from support.waiting import until

CHECKOUT = Path(__file__).resolve().parents[2]
TRACES = CHECKOUT.parent / "shared" / "data" / "traces"
SERVICES = sum(one.kind in WORKLOAD_KINDS for one in company())
TRACED = len(list(TRACES.glob("*.csv.gz")))
ABSURD_OUTCOME = "Warning: replicas 99 -> "
REFUSED = "is not registered in KubeDoor"


def environment() -> dict[str, str]:
    traces = {"KUBEDOOR_TRACES": str(TRACES)} if TRACES.is_dir() else {}
    return {**os.environ, **traces}


def running_in(folder: Path) -> list[str]:
    """The command lines of processes that name a folder or have it in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = process.joinpath("cmdline").read_bytes() + process.joinpath("environ").read_bytes()
        except OSError:
            continue  # it has just ended, or is another user's
        if str(folder).encode() in words and int(process.name) != os.getpid():
            found.append(process.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


class Demo:
    """A demo that stays up."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder
        self.log = log
        command = [sys.executable, "-m", "kubedoor_dev.demo", "--folder", str(folder)]
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, env=environment(), stdout=output, stderr=output)

    def said(self) -> str:
        return self.log.read_text()

    async def is_up(self) -> bool:
        assert self.process.poll() is None, self.said()
        return "Ctrl-C ends it" in self.said()

    @property
    def endpoints(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.folder / "endpoints.json").read_text())
        return found


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    started = Demo(tmp_path / "demo", tmp_path / "said")
    yield started
    if started.process.poll() is None:
        started.process.send_signal(signal.SIGINT)
        started.process.wait(180)


async def get(session: aiohttp.ClientSession, path: str) -> Any:
    async with session.get(path) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def test_the_demo_holds_stays_up_and_leaves_nothing(demo: Demo) -> None:
    if not TRACES.is_dir():
        print(f"without the traces: there is no {TRACES}")
    await until(demo.is_up, timeout_s=900)
    said = demo.said()
    assert ABSURD_OUTCOME in said
    assert REFUSED in said
    ends = demo.endpoints
    assert set(ends) == {
        "console", "api", "webhook", "clickhouse", "prometheus", "kubernetes", "user", "password", "ca_file",
        "kubeconfig",
    }  # fmt: skip
    signed_in = {"Authorization": aiohttp.encode_basic_auth(ends["user"], ends["password"])}
    async with aiohttp.ClientSession(ends["console"], headers=signed_in) as session:
        listed = await get(session, "/api/v1/envs/demo/services?limit=500")
        assert listed["total"] == SERVICES + TRACED
        killed = [one["name"] for one in listed["items"] if "oom_killed" in one["flags"]]
        assert "tracking" in killed
        async with session.get("/") as page:
            assert page.content_type == "text/html"
    async with aiohttp.ClientSession(ends["console"]) as stranger, stranger.get("/") as page:
        assert page.status == 401
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(180) == 0, demo.said()
    assert running_in(demo.folder) == []
