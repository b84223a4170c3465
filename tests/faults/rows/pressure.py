"""Load below the limit, above it, many console users, a very large company."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections import Counter

import aiohttp

from faults.checking import watched
from faults.load import EDITED, EDITORS, GONE, PROBE, Load, decision_of
from faults.model import wrong_decision
from faults.results import must
from faults.scale import Scale
from faults.system import API, TIMEOUT, now_s
from kubedoor_dev.demo.stack import ENV
from support.reviews import deployment, review
from support.webhook import Answer, ask

FLAT = 1.3
"""How much larger a service may be after the load than after a tenth of it."""
FLAT_KIB = 16 * 1024
PLACES, CLIENTS = 32, 256
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
    """20,000 admissions a minute, each when it is due, however long the ones before take."""
    tasks, took, flat = set[asyncio.Task[None]](), list[float](), 0
    count = int(scale.rate_per_min / 60 * scale.rate_s)
    async with watched(load), load.system.session(limit=64) as session:
        began_s = time.monotonic()

        async def one(number: int, due_s: float) -> None:
            try:
                await load.admit(session, f"service-{number % EDITORS}")
            except GONE as error:
                load.wrong.append(f"an admission failed: {error!r}")
            took.append(time.monotonic() - due_s)

        for number in range(count):
            due_s = began_s + number * 60 / scale.rate_per_min
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            tasks.add(task := asyncio.create_task(one(number, due_s)))
            task.add_done_callback(tasks.discard)
            if number == count // 10:
                flat = load.system.memory_kib("webhook")
        await asyncio.gather(*tasks)
        elapsed_s = time.monotonic() - began_s
    memory = load.system.memory_kib("webhook")
    must(memory < flat * FLAT + FLAT_KIB, f"the webhook grew from {flat:,} to {memory:,} KiB")
    return (
        f"{count:,} in {elapsed_s:.0f} s, no error; p99 {p99_ms(took):.0f} ms from when each was due;"
        f" memory {flat // 1024} -> {memory // 1024} MiB"
    )


async def above(load: Load, scale: Scale) -> str:
    """Eight times as many at once as the webhook takes: decided rightly, or 503 with Retry-After."""
    await load.system.restart("webhook", KUBEDOOR_MAX_IN_FLIGHT=str(PLACES))
    await load.system.until_ready("webhook")
    statuses: Counter[int] = Counter()
    end_s, took = time.monotonic() + scale.overload_s, list[float]()

    async def client(number: int, session: aiohttp.ClientSession) -> None:
        name = f"service-{number % EDITORS}"
        document = review(deployment(name=name, namespace=EDITED))
        body = json.dumps(document).encode()
        while time.monotonic() < end_s:
            began_s = now_s()
            async with session.post("/mutate", data=io.BytesIO(body)) as answer:
                status, headers, read = answer.status, answer.headers, await answer.json(content_type=None)
            statuses[status] += 1
            if status == 200:
                took.append(now_s() - began_s)
                numbers = load.ledger.allowed(name, began_s, now_s())
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


async def console_users(load: Load, scale: Scale) -> str:
    """Many people look at lists, services and the overview at once, each with connections of their own."""
    place, took, statuses = load.system.endpoints, list[float](), Counter[int]()
    paths = (
        f"{API}/services?limit=100",
        f"{API}/overview",
        f"{API}/services/{EDITED}/{PROBE}",
        f"{API}/operations",
    )
    end_s = time.monotonic() + scale.users_s
    credentials = aiohttp.encode_basic_auth(place.user, place.password)

    async def user(number: int) -> None:
        async with aiohttp.ClientSession(
            place.console, headers={"Authorization": credentials}, timeout=TIMEOUT
        ) as session:
            turn = number
            while time.monotonic() < end_s:
                began_s = time.monotonic()
                async with session.get(paths[turn % len(paths)]) as answer:
                    await answer.read()
                    statuses[answer.status] += 1
                took.append(time.monotonic() - began_s)
                turn += 1
                await asyncio.sleep(1.0)

    async with watched(load), load.going_on(acting=False), asyncio.TaskGroup() as group:
        for number in range(scale.users):
            group.create_task(user(number))
    must(set(statuses) == {200}, f"people got {dict(statuses)}")
    memory = load.system.memory_kib("api") // 1024
    pages_ms = f"p99 {p99_ms(took):.0f} ms"
    return f"{scale.users} people, {statuses[200]:,} pages, no error; {pages_ms}; api {memory} MiB"


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
        page = await load.system.console.ask("GET", f"{API}/services?limit=100&q=service-1999")
        took_s = time.monotonic() - began_s
    must(page["items"], "the list does not find them")
    after = {name: load.system.memory_kib(name) // 1024 for name in ("webhook", "api")}
    memory = ", ".join(f"{name} {before[name]} -> {after[name]} MiB" for name in before)
    found = f"a page found in {took_s * 1000:.0f} ms"
    return f"50 of {scale.services:,} decided as derived; {found}; memory: {memory}"
