"""Admission against the bare handler, with 5,000 services: ClickHouse live, and stopped."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import load
from bench.results import Result, at_least, at_most, seen
from kubedoor_core.clickhouse import connect
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from kubedoor_dev.processes import free_port, stop, wait_for_http
from support.clickhouse import Server
from support.reviews import Json, container, deployment, restarted, review
from support.rows import containers, control_row, set_mode
from support.webhook import ENV, Webhook, until_ready

SUITE = "admission"
SERVICES = 5000
SECONDS = 8
ROUNDS = 3
BODY_BYTES = 6000


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


def on_core(process: subprocess.Popen[bytes] | None, core: int) -> None:
    """Pin a process and all its threads to one core."""
    assert process is not None
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})


@contextmanager
def bare(folder: Path, webhook: Webhook) -> Iterator[str]:
    """Run the bare handler with the same certificate; yield its URL."""
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("bare.py")), str(port)]
    with (folder / "bare.log").open("wb") as log:
        process = subprocess.Popen([*command, str(folder / "tls.crt"), str(folder / "tls.key")], stderr=log)
    wait_for_http(f"https://127.0.0.1:{port}/healthz", process, folder / "bare.log", context=webhook.tls)
    on_core(process, 0)
    try:
        yield f"https://127.0.0.1:{port}/mutate"
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
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(Server(folder).running())
        asyncio.run(seed(server.url))
        settings = {
            "KUBEDOOR_CLICKHOUSE_URL": server.url,
            "KUBEDOOR_LOG_LEVEL": "warning",
            "KUBEDOOR_CHECK_TIMEOUT_S": "0.5",
        }
        webhook = stack.enter_context(Webhook(folder, settings).running())
        asyncio.run(ready(webhook))
        on_core(webhook.process, 0)
        on_core(server.process, 1)
        body_file = folder / "body.json"
        body_file.write_bytes(body())
        url = stack.enter_context(bare(folder, webhook))
        rounds = [
            (load.run(url, body_file, SECONDS), load.run(f"{webhook.url}/mutate", body_file, SECONDS))
            for _ in range(ROUNDS)
        ]
        memory_mb = resident_mb(webhook.process)
        each_file = folder / "each.jsonl"
        each_file.write_bytes(every_body())
        each = load.run(url, each_file, SECONDS), load.run(f"{webhook.url}/mutate", each_file, SECONDS)
        live = load.run(f"{webhook.url}/mutate", body_file, SECONDS)
        server.signal(signal.SIGSTOP)
        stopped = load.run(f"{webhook.url}/mutate", body_file, SECONDS)
        server.signal(signal.SIGCONT)
    return rows(rounds, each, live, stopped, memory_mb)


def rows(
    rounds: list[tuple[load.Load, load.Load]],
    each: tuple[load.Load, load.Load],
    live: load.Load,
    stopped: load.Load,
    memory_mb: float,
) -> list[Result]:
    """Turn what was measured into results: medians of the rounds' ratios."""
    rate = statistics.median(ours.requests_per_s / bare.requests_per_s for bare, ours in rounds)
    p99 = statistics.median(ours.p99_ms / bare.p99_ms for bare, ours in rounds)
    errors = sum(ours.errors for _, ours in (*rounds, each)) + live.errors + stopped.errors
    return [
        seen(SUITE, f"bare handler, {load.client_name()}", rounds[0][0].requests_per_s, "requests/s"),
        seen(SUITE, f"webhook, {SERVICES} services", rounds[0][1].requests_per_s, "requests/s"),
        seen(SUITE, "webhook, p99", rounds[0][1].p99_ms, "ms"),
        at_least(SUITE, "requests/s, webhook / bare", rate, "ratio", 0.7),
        at_most(SUITE, "p99, webhook / bare", p99, "ratio", 2.0),
        seen(
            SUITE,
            "requests/s, webhook / bare, a different service each time",
            each[1].requests_per_s / each[0].requests_per_s,
            "ratio",
        ),
        at_least(
            SUITE,
            "requests/s, ClickHouse stopped / live",
            stopped.requests_per_s / live.requests_per_s,
            "ratio",
            0.9,
        ),
        at_most(SUITE, "errors", errors, "requests", 0),
        at_most(SUITE, "resident memory", memory_mb, "MB", 150),
    ]
