"""64 file descriptors, memory at its limit, the log's disk full: refusals in words, and recovery by itself.

The limits are those of the running processes (prlimit(2)), set and lifted without a restart and without root.
"""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from faults.checking import told, watched
from faults.load import GONE, Load
from faults.results import eventually, must
from faults.scale import Scale
from support.tls import Connection, Reply, head

DESCRIPTORS = 64
SILENT = 120
ROOM_KIB = 48 * 1024
LARGE = 60
MIB = 1024 * 1024
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
    finally:
        load.webhook_may_be_away = False
    return f"{len(opened)} silent connections; fresh again without a restart; {told(load)}"


async def _alive(load: Load, names: Sequence[str]) -> None:
    for name in names:
        process = load.system.programs.named(name).process
        must(process.poll() is None, f"the {name} has ended by itself: {process.returncode}")


async def memory_at_its_limit(load: Load, scale: Scale) -> str:
    """Large bodies on a webhook that gets no more memory: refused, and real requests decided after it."""
    system = load.system
    limit = (system.memory_kib("webhook", "VmSize") + ROOM_KIB) * 1024
    load.webhook_may_be_away = True
    statuses: Counter[int] = Counter()
    try:
        limited = _limited(load, ["webhook"], resource.RLIMIT_AS, [limit])
        async with watched(load), load.going_on(acting=False), limited:
            replies = await asyncio.gather(*(_large(load) for _ in range(LARGE)))
            statuses.update(reply.status for reply in replies if reply)
            await asyncio.sleep(scale.trouble_s)
            await load.until_fresh()
        await _alive(load, ["webhook"])
    finally:
        load.webhook_may_be_away = False
    must(set(statuses) <= {200, 400, 408, 413, 503}, f"large bodies got {dict(statuses)}")
    shown = ", ".join(f"{count} got {status}" for status, count in sorted(statuses.items()))
    return f"of {LARGE} bodies of 8 MiB {shown or 'none was answered'}; {told(load)}"


async def _large(load: Load) -> Reply | None:
    padded = b'{"padding":"' + b"x" * (8 * MIB - 14) + b'"}'
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
