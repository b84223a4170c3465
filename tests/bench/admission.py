"""Admission against the bare handler, with 5,000 services: ClickHouse live, and stopped."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import load, profiling
from bench.results import Result, at_most
from bench.rounds import SHORT, by_turns, median_at_least, median_at_most, median_seen, quiet
from kubedoor_core.clickhouse import connect
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from kubedoor_dev.processes import free_port, stop, wait_for_http
from support.clickhouse import Server
from support.reviews import Json, container, deployment, restarted, review
from support.rows import containers, control_row, set_mode
from support.webhook import ENV, Webhook, until_ready

SUITE = "admission"
SERVICES = 200 if SHORT else 5000
SECONDS = 1 if SHORT else 8
ROUNDS = 2 if SHORT else 5
OUTAGE_ROUNDS = 2 if SHORT else 3
BODY_BYTES = 6000

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Run:
    """A load, and the processor's time that the server took for each request, in microseconds."""

    requests_per_s: float
    p99_ms: float
    errors: int
    cpu_us: float


Pairs = list[tuple[Run, Run]]


def body(name: str = "checkout", cpu_m: int = 8000) -> bytes:
    """A rollout of a service whose values are right but for one, as large as real ones."""
    variables = [{"name": f"SETTING_{n}", "value": "x" * 24} for n in range(30)]
    resources = {
        "requests": {"cpu": f"{cpu_m}m", "memory": "512Mi"},
        "limits": {"cpu": "1", "memory": "1Gi"},
    }
    live: Json = deployment(container("app", resources, env=variables), container("proxy", {}), name=name)
    made = json.dumps(review(restarted(live), live)).encode()
    assert abs(len(made) - BODY_BYTES) < BODY_BYTES / 4, len(made)
    return made


def every_body() -> bytes:
    """A rollout of each service, none like another: what was decided before is of no use, as in a cluster."""
    return b"\n".join(body(f"service-{n}", 2000 + n) for n in range(SERVICES - 1))


async def seed(url: str) -> None:
    """Register the services and enforce."""
    values = containers(app=(250, 1000, 512, 1024), proxy=(20, 200, 64, 128))
    names = ["checkout", *(f"service-{n}" for n in range(SERVICES - 1))]
    async with connect(Settings(clickhouse_url=url)) as clickhouse:
        await migrate(clickhouse)
        await clickhouse.insert(
            "control", [control_row(ENV, "shop", name, replicas_manual=3, **values) for name in names]
        )
        await set_mode(clickhouse, ENV, "enforce")


def on_core(process: subprocess.Popen[bytes] | None, core: int, niceness: int = 0) -> None:
    """Pin a process and all its threads to one core.

    :param niceness: above 0 it makes way for the others there.
    """
    assert process is not None
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})
        if niceness:
            os.setpriority(os.PRIO_PROCESS, int(task.name), niceness)


@dataclass(frozen=True)
class Side:
    """A server under load."""

    url: str
    process: subprocess.Popen[bytes]

    def run(self, bodies: Path) -> Run:
        """Put it under load."""
        began_s = self.cpu_s()
        made = load.run(self.url, bodies, SECONDS)
        cpu_us = (self.cpu_s() - began_s) * MICROSECONDS / max(made.requests_per_s * SECONDS, 1)
        return Run(made.requests_per_s, made.p99_ms, made.errors, cpu_us)

    def cpu_s(self) -> float:
        """Return the processor's time that it has taken, in seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


@contextmanager
def bare(folder: Path, webhook: Webhook) -> Iterator[Side]:
    """Run the bare handler with the same certificate."""
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("bare.py")), str(port)]
    with (folder / "bare.log").open("wb") as log:
        process = subprocess.Popen([*command, str(folder / "tls.crt"), str(folder / "tls.key")], stderr=log)
    wait_for_http(f"https://127.0.0.1:{port}/healthz", process, folder / "bare.log", context=webhook.tls)
    on_core(process, 0)
    try:
        yield Side(f"https://127.0.0.1:{port}/mutate", process)
    finally:
        stop(process)


async def ready(webhook: Webhook) -> None:
    """Wait until the webhook has its copy."""
    async with webhook.session() as session:
        await until_ready(session)


def resident_mb(process: subprocess.Popen[bytes] | None) -> float:
    """Return a process's resident memory in MB."""
    assert process is not None
    text = Path(f"/proc/{process.pid}/status").read_text()
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> list[Result]:
    """Measure by turns, so that a busy minute of the machine hits both sides."""
    print(f"the load is made by {load.client_name()}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(Server(folder).running())
        asyncio.run(seed(server.url))
        settings = {
            "KUBEDOOR_CLICKHOUSE_URL": server.url,
            "KUBEDOOR_LOG_LEVEL": "warning",
            "KUBEDOOR_CHECK_TIMEOUT_S": "0.5",
        }
        webhook = stack.enter_context(Webhook(folder, settings, python=profiling.python("webhook")).running())
        asyncio.run(ready(webhook))
        on_core(webhook.process, 0)
        # Beside the load, which must not wait for it: elsewhere ClickHouse runs on another machine.
        on_core(server.process, 1, niceness=5)
        same, each = folder / "body.json", folder / "each.jsonl"
        same.write_bytes(body())
        each.write_bytes(every_body())
        assert webhook.process is not None
        ours = Side(f"{webhook.url}/mutate", webhook.process)
        theirs = stack.enter_context(bare(folder, webhook))
        different = both(theirs, ours, each)
        repeated = both(theirs, ours, same)
        memory_mb = resident_mb(webhook.process)
        outage = by_turns(lambda: ours.run(same), lambda: without(server, ours, same), OUTAGE_ROUNDS)
    return rows(different, repeated, outage, memory_mb)


def both(bare: Side, ours: Side, bodies: Path) -> Pairs:
    """Send the same bodies to both."""
    return by_turns(lambda: bare.run(bodies), lambda: ours.run(bodies), ROUNDS)


def without(server: Server, ours: Side, bodies: Path) -> Run:
    """Measure the webhook while ClickHouse answers nothing."""
    server.signal(signal.SIGSTOP)
    try:
        return ours.run(bodies)
    finally:
        server.signal(signal.SIGCONT)


def rates(pairs: Pairs) -> list[float]:
    """Return the second side's requests per second as shares of the first's."""
    return [second.requests_per_s / first.requests_per_s for first, second in pairs]


def compared(what: str, pairs: Pairs, goal: float) -> list[Result]:
    """Return what both sides made of the same bodies: the figures themselves, and their ratios."""
    bare, ours = (list(side) for side in zip(*pairs, strict=True))
    p99 = [mine.p99_ms / its.p99_ms for its, mine in pairs]
    cpu = [its.cpu_us / mine.cpu_us for its, mine in pairs]
    return [
        *median_seen(
            SUITE,
            f"{what}: bare handler, by {load.client_name()}",
            [one.requests_per_s for one in bare],
            "requests/s",
        ),
        *median_seen(SUITE, f"{what}: webhook", [one.requests_per_s for one in ours], "requests/s"),
        *median_seen(SUITE, f"{what}: webhook, p99", [one.p99_ms for one in ours], "ms"),
        *median_at_least(SUITE, f"{what}: requests/s, webhook / bare", rates(pairs), "ratio", goal),
        *median_at_most(SUITE, f"{what}: p99, webhook / bare", p99, "ratio", 2.0),
        # What a busy machine changes least.
        *median_seen(SUITE, f"{what}: bare handler, processor's time", [one.cpu_us for one in bare], "us"),
        *median_seen(SUITE, f"{what}: processor's time, bare / webhook", cpu, "ratio"),
        quiet(f"{SUITE}, {what}", [one.requests_per_s for one in bare]),
    ]


def rows(different: Pairs, repeated: Pairs, outage: Pairs, memory_mb: float) -> list[Result]:
    """Turn what was measured into results; the different services are what counts."""
    errors = sum(two.errors for pairs in (different, repeated) for _, two in pairs)
    errors += sum(one.errors + two.errors for one, two in outage)
    stopped = "requests/s, ClickHouse stopped / live"
    return [
        *compared("a different service each time", different, 0.55),
        *compared("the same review again", repeated, 0.7),
        *median_at_least(SUITE, stopped, rates(outage), "ratio", 0.9),
        at_most(SUITE, "errors", errors, "requests", 0),
        at_most(SUITE, f"resident memory, {SERVICES} services", memory_mb, "MB", 150),
    ]
