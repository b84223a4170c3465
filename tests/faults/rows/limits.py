"""64 file descriptors, memory at its limit, the log's disk full: refusals in words, and recovery by itself.

The limits are those of the running processes (prlimit(2)), set and lifted without a restart and without root.
"""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import yaml

from faults.checking import told, watched
from faults.load import GONE, Load
from faults.results import eventually, must
from faults.scale import Scale
from kubedoor_core.domain.quantity import parse
from kubedoor_dev.demo.paths import CHECKOUT
from support.tls import Connection, Reply, head

MOST_LINES = 20
DESCRIPTORS = 64
SILENT = 120
LARGE, LARGE_MIB = 60, 8
MIB = 1024 * 1024
VALUES = CHECKOUT / "deploy" / "helm" / "kubedoor" / "values.yaml"
OURS = ("api", "webhook", "collector")


@asynccontextmanager
async def _limited(load: Load, names: Sequence[str], kind: int, soft: Sequence[int]) -> AsyncIterator[None]:
    """Keep the soft limits of running services while the block lasts."""
    were = [load.system.set_limit(name, kind, limit) for name, limit in zip(names, soft, strict=True)]
    try:
        yield
    finally:
        for name, was in zip(names, were, strict=True):
            load.system.set_limit(name, kind, was)


async def few_descriptors(load: Load, scale: Scale) -> str:
    """More connections than descriptors: those that are open go on, others come in when some leave."""
    system, opened = load.system, []
    names = ("webhook", "api")
    pids = [system.pid(name) for name in names]
    load.webhook_may_be_away = True
    try:
        limited = _limited(load, names, resource.RLIMIT_NOFILE, [DESCRIPTORS] * 2)
        async with watched(load), load.going_on(acting=False), limited:
            load.may_be_stale()  # no descriptor may be left for asking ClickHouse
            for name in names:
                port = int(system.stack.url(name).rpartition(":")[2])
                for _ in range(SILENT):
                    with suppress(OSError):
                        opened.append(await asyncio.open_connection("127.0.0.1", port))
            await asyncio.sleep(scale.trouble_s)
            for _, writer in opened:
                writer.transport.abort()
            await load.until_fresh()
        must([system.pid(name) for name in names] == pids, "a service was started anew")
        await _alive(load, names)
        lines = {name: system.log(name).read_text().count("socket.accept()") for name in names}
        must(max(lines.values()) < MOST_LINES, f"lines of the log about one want of descriptors: {lines}")
    finally:
        load.webhook_may_be_away = False
    return f"{len(opened)} silent connections; fresh again without a restart; {told(load)}"


async def _alive(load: Load, names: Sequence[str]) -> None:
    for name in names:
        process = load.system.programs.named(name).process
        must(process.poll() is None, f"the {name} has ended by itself: {process.returncode}")


async def memory_at_its_limit(load: Load, scale: Scale) -> str:
    """More large bodies than fit into the webhook's pod: some refused, and real requests decided after it.

    A pod that takes more than its limit is killed; here nothing is left for it beyond the limit of the chart.
    """
    system, statuses = load.system, Counter[int]()
    most_kib = kib(yaml.safe_load(VALUES.read_text())["webhook"]["resources"]["limits"]["memory"])
    room_kib = most_kib - system.memory_kib("webhook")
    limit = (system.memory_kib("webhook", "VmSize") + room_kib) * 1024
    must(room_kib < LARGE * LARGE_MIB * 1024, "all bodies together would fit")
    load.webhook_may_be_away = True
    try:
        limited = _limited(load, ["webhook"], resource.RLIMIT_AS, [limit])
        async with watched(load), load.going_on(acting=False), limited:
            replies = await asyncio.gather(*(_large(load) for _ in range(LARGE)))
            statuses.update(reply.status for reply in replies if reply)
            await asyncio.sleep(scale.trouble_s)
            await _alive(load, ["webhook"])
            await load.until_fresh()
        await _alive(load, ["webhook"])
    finally:
        load.webhook_may_be_away = False
    peak_kib = system.memory_kib("webhook", "VmHWM")
    must(set(statuses) <= {200, 400, 408, 413, 503}, f"large bodies got {dict(statuses)}")
    must(peak_kib < most_kib, f"the webhook took {peak_kib:,} KiB, its pod would be killed")
    shown = ", ".join(f"{count} got {status}" for status, count in sorted(statuses.items()))
    most = f"{peak_kib // 1024} of {most_kib // 1024} MiB at most"
    return f"of {LARGE} bodies of 8 MiB {shown}; {most}; {told(load)}"


def kib(text: str) -> int:
    """Read an amount of memory of the chart, KiB."""
    return parse(text) // 10**9 // 1024


async def _large(load: Load) -> Reply | None:
    padded = b'{"padding":"' + b"x" * (LARGE_MIB * MIB - 14) + b'"}'
    port = int(load.system.stack.url("webhook").rpartition(":")[2])
    with suppress(*GONE, EOFError):
        async with asyncio.timeout(60):
            one = Connection(
                *await asyncio.open_connection(
                    "127.0.0.1", port, ssl=load.system.tls, server_hostname="127.0.0.1"
                )
            )
            try:
                await one.send(head(len(padded)) + padded)
                return await one.reply()
            finally:
                one.writer.transport.abort()
    return None


async def log_full(load: Load, scale: Scale) -> str:
    """Nothing more can be logged (EFBIG, where a full disk says ENOSPC): the work goes on, the log later."""
    sizes = [load.system.log(name).stat().st_size for name in OURS]
    async with watched(load), load.going_on():
        async with _limited(load, OURS, resource.RLIMIT_FSIZE, sizes):
            await asyncio.sleep(scale.trouble_s * 2)
            now = [load.system.log(name).stat().st_size for name in OURS]
        must(now == sizes, "a log grew in spite of its limit")
        await _alive(load, OURS)

        async def logged() -> bool:
            return load.system.log("api").stat().st_size > sizes[0]

        await eventually("the api logs again", logged)
    return told(load)
