"""Load below the limit, above it, a very large company."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections import Counter

import aiohttp

from faults.checking import watched
from faults.load import EDITED, EDITORS, GONE, Load, decision_of
from faults.model import wrong_decision
from faults.results import must
from faults.scale import Scale
from faults.system import API, LIMIT_S, now_s
from kubedoor_dev.demo.stack import ENV
from support.reviews import deployment, review
from support.webhook import Answer, ask

FLAT = 1.3
"""How much larger a service may be after the load than after a tenth of it."""
FLAT_KIB = 16 * 1024
PLACES, CLIENTS = 32, 256
IN_FLIGHT = 64
BY_ANSWER = aiohttp.ClientTimeout(total=None, sock_read=300)
"""A request that waits for a connection waits for those before it; once sent, it has its answer in time."""
SHARE = 0.5
TRYING, TRIED_EACH = 16, 40
LARGE = """
INSERT INTO derived (env, namespace, name, replicas_observed, `containers.name`,
    `containers.request_cpu_m`, `containers.request_mem_mib`, `containers.limit_cpu_m`,
    `containers.limit_mem_mib`, version, updated_at, updated_by)
SELECT {env:String}, concat('large-', toString(number % 100)), concat('service-', toString(number)),
    1 + number % 9, ['app'], [100 + number % 900], [128 + number % 900], [1000], [4096],
    {version:UInt64} + number, now64(3), 'collector'
FROM numbers({count:UInt64})
"""


def p99_ms(seconds: list[float]) -> float:
    """The 99th percentile, ms."""
    return sorted(seconds)[int(len(seconds) * 0.99)] * 1000


async def below(load: Load, scale: Scale) -> str:
    """20,000 admissions a minute, each when it is due, however long the ones before take.

    A machine that others use takes fewer: then as many as half of what it takes at that time.
    """
    tasks, took, flat = set[asyncio.Task[None]](), list[float](), 0
    async with watched(load), load.system.session(BY_ANSWER, limit=IN_FLIGHT) as session:
        able_per_min = await _able_per_min(load, session)
        rate_per_min = min(scale.rate_per_min, int(able_per_min * SHARE))
        count = int(rate_per_min / 60 * scale.rate_s)
        began_s = time.monotonic()

        async def one(number: int, due_s: float) -> None:
            await _admit(load, session, number)
            took.append(time.monotonic() - due_s)

        for number in range(count):
            due_s = began_s + number * 60 / rate_per_min
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            tasks.add(task := asyncio.create_task(one(number, due_s)))
            task.add_done_callback(tasks.discard)
            if number == count // 10:
                flat = load.system.memory_kib("webhook")
        await asyncio.gather(*tasks)
        elapsed_s = time.monotonic() - began_s
    memory = load.system.memory_kib("webhook")
    must(memory < flat * FLAT + FLAT_KIB, f"the webhook grew from {flat:,} to {memory:,} KiB")
    slow = f" (a busy machine: it took {able_per_min:,} a minute at most)"
    return (
        f"{count:,} at {rate_per_min:,} a minute{slow if rate_per_min < scale.rate_per_min else ''}"
        f" in {elapsed_s:.0f} s, no error; p99 {p99_ms(took):.0f} ms from when each was due;"
        f" memory {flat // 1024} -> {memory // 1024} MiB"
    )


async def _able_per_min(load: Load, session: aiohttp.ClientSession) -> int:
    """How many admissions a minute this machine takes now, each client asking once it has its answer."""
    began_s = time.monotonic()

    async def client(first: int) -> None:
        for number in range(TRIED_EACH):
            await _admit(load, session, first + number)

    await asyncio.gather(*(client(number) for number in range(TRYING)))
    return int(TRYING * TRIED_EACH / (time.monotonic() - began_s) * 60)


async def _admit(load: Load, session: aiohttp.ClientSession, number: int) -> None:
    try:
        await load.admit(session, f"service-{number % EDITORS}")
    except GONE as error:
        load.wrong.append(f"an admission failed: {error!r}")


async def above(load: Load, scale: Scale) -> str:
    """Eight times as many at once as the webhook takes: decided rightly, or 503 with Retry-After."""
    await load.system.restart("webhook", KUBEDOOR_MAX_IN_FLIGHT=str(PLACES))
    await load.system.until_ready("webhook")
    statuses: Counter[int] = Counter()
    began_s, took = time.monotonic(), list[float]()

    def enough() -> bool:
        """Tell whether it lasted, and whether what is looked at was there to be seen."""
        lasted_s = time.monotonic() - began_s
        return lasted_s > (scale.overload_s if statuses[200] and statuses[503] else LIMIT_S)

    async def client(number: int, session: aiohttp.ClientSession) -> None:
        name = f"service-{number % EDITORS}"
        document = review(deployment(name=name, namespace=EDITED))
        body = json.dumps(document).encode()
        while not enough():
            sent_s = now_s()
            async with session.post("/mutate", data=io.BytesIO(body)) as answer:
                status, headers, read = answer.status, answer.headers, await answer.json(content_type=None)
            statuses[status] += 1
            if status == 200:
                took.append(now_s() - sent_s)
                numbers = load.ledger.allowed(name, sent_s, now_s())
                if problem := wrong_decision(name, decision_of(Answer(200, read), document), numbers):
                    load.wrong.append(problem)
            elif status != 503 or "Retry-After" not in headers:
                load.wrong.append(f"above its limit the webhook said {status}: {read}")

    try:
        async with watched(load):
            async with load.system.session(limit=CLIENTS) as session, asyncio.TaskGroup() as group:
                for number in range(CLIENTS):
                    group.create_task(client(number, session))
            memory = load.system.memory_kib("webhook")
    finally:
        await load.system.restart("webhook")
        await load.system.until_ready("webhook")
    must(statuses[200], "nothing was decided above the limit")
    must(statuses[503], "nothing was refused above the limit")
    return (
        f"{statuses[200]:,} decided, {statuses[503]:,} got 503 with Retry-After; p99 of what was decided"
        f" {p99_ms(took):.0f} ms; memory {memory // 1024} MiB"
    )


async def large_company(load: Load, scale: Scale) -> str:
    """20,000 services more in the control table: admission knows them all, and the lists go on."""
    before = {name: load.system.memory_kib(name) // 1024 for name in ("webhook", "api")}
    version = time.time_ns() // 1000
    await load.system.database.execute(LARGE, env=ENV, version=version, count=scale.services)
    async with watched(load), load.going_on(acting=False), load.system.session() as session:
        for number in range(0, scale.services, scale.services // 50):
            document = review(deployment(name=f"service-{number}", namespace=f"large-{number % 100}"))
            decision = decision_of(await ask(session, document), document)
            must(decision.replicas == 1 + number % 9, f"service-{number}: {decision}")
            must(decision.cpu_m == 100 + number % 900, f"service-{number}: {decision}")
        began_s = time.monotonic()
        page = await load.look(f"{API}/services?limit=100&q=service-1999")
        took_s = time.monotonic() - began_s
    must(page["items"], "the list does not find them")
    after = {name: load.system.memory_kib(name) // 1024 for name in ("webhook", "api")}
    memory = ", ".join(f"{name} {before[name]} -> {after[name]} MiB" for name in before)
    found = f"a page found in {took_s * 1000:.0f} ms"
    return f"50 of {scale.services:,} decided as derived; {found}; memory: {memory}"
