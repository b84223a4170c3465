"""Hostile inputs with a fixed seed, reviews, API calls, log-ins, files: no 5xx, no leak, no way in."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import quote

import aiohttp

from faults.checking import watched
from faults.load import Load
from faults.results import must
from faults.scale import Scale
from faults.system import API, TIMEOUT
from support.mutations import NONSENSE, Fuzzer
from support.webhook import ask

SEED = 20_261_128
WORKERS = 8
TRIES = 20
LEAKS = re.compile(r"Traceback|File \"/|site-packages|DB::Exception|\$2[aby]\$|jwt_secret", re.IGNORECASE)
METHODS = ("get", "post", "put", "patch", "delete")
FILES = ("=1+1", "a,b\n", "\x00", "&a [*a]", "<<: {}", "[" * 50, "namespace,name\n", "- " * 40)

SHARES = {"reviews": 0.5, "API calls": 0.3, "log-ins": 0.05, "files": 0.15}

One = Callable[[random.Random], Awaitable[int]]


async def inputs(load: Load, scale: Scale) -> str:
    """All kinds at once while edits and admissions go on; few log-ins: each wrong one takes its time."""
    counts: dict[str, Counter[int]] = {}
    made = await load.system.console.ask(
        "POST", "/api/v1/tokens", {"name": "fuzz", "role": "admin", "namespace": "fuzzed"}
    )
    bearer = made["token"]
    document = await load.system.console.ask("GET", "/api/v1/openapi.json")
    calls = sorted(
        (method.upper(), path)
        for path, methods in document["paths"].items()
        for method in methods
        if method in METHODS and not path.endswith("events")
    )
    async with (
        watched(load), load.going_on(acting=False), load.system.session() as webhook,
        aiohttp.ClientSession(load.system.endpoints.console, timeout=TIMEOUT) as console,
    ):  # fmt: skip
        fuzzer = Fuzzer(SEED)
        kinds: dict[str, One] = {
            "reviews": partial(_review, webhook, fuzzer),
            "API calls": partial(_call, console, bearer, calls),
            "log-ins": partial(_log_in, console),
            "files": partial(_file, console, bearer),
        }
        many = (_many(kind, int(SHARES[kind] * scale.hostile), once) for kind, once in kinds.items())
        done = await asyncio.gather(*many)
        counts = dict(zip(kinds, done, strict=True))
    shown = "; ".join(f"{kind}: {_shown(found)}" for kind, found in counts.items())
    wrong = {kind: found for kind, found in counts.items() if any(status >= 500 for status in found)}
    must(not wrong, f"5xx: {shown}")
    must(not counts["log-ins"].keys() - {400, 401, 403, 429, 431}, f"a way in: {shown}")
    return shown


def _shown(found: Counter[int]) -> str:
    return ", ".join(f"{count:,} got {status}" for status, count in sorted(found.items()))


async def _many(kind: str, count: int, once: One) -> Counter[int]:
    """Send some, a few at once."""
    found: Counter[int] = Counter()

    async def worker(number: int) -> None:
        chance = random.Random(f"{SEED} {kind} {number}")
        for _ in range(count // WORKERS):
            found[await once(chance)] += 1

    async with asyncio.TaskGroup() as group:
        for number in range(WORKERS):
            group.create_task(worker(number))
    return found


def _looked_at(text: str) -> None:
    leak = LEAKS.search(text)
    must(leak is None, f"an answer tells of the inside: {text[:300]}")


async def _review(webhook: aiohttp.ClientSession, fuzzer: Fuzzer, _: random.Random) -> int:
    answer = await ask(webhook, fuzzer.body())
    _looked_at(json.dumps(answer.document))
    return answer.status


def _nonsense(chance: random.Random, depth: int = 3) -> object:
    """A value, or a few of them below each other."""
    if depth and chance.random() < 0.5:
        return {str(chance.choice(NONSENSE))[:40]: _nonsense(chance, depth - 1) for _ in range(3)}
    return chance.choice(NONSENSE)


def _text(chance: random.Random) -> str:
    value = chance.choice(NONSENSE)
    return str(value).encode("utf-8", "replace").decode()[:200]


async def _send(console: aiohttp.ClientSession, method: str, path: str, **options: object) -> int:
    """Send it, and again when told to: a busy ClickHouse is no fault of the input."""
    status = 503
    for _ in range(TRIES):
        async with console.request(method, path, allow_redirects=False, **options) as answer:  # type: ignore[arg-type] # passed on
            if answer.content_type != "text/event-stream":
                _looked_at(await answer.text(errors="replace"))
            status, wait_s = answer.status, answer.headers.get("Retry-After", "")
        if status != 503 or not wait_s:
            break
        await asyncio.sleep(int(wait_s))
    return status


async def _call(
    console: aiohttp.ClientSession, bearer: str, calls: list[tuple[str, str]], chance: random.Random
) -> int:
    """An endpoint with nonsense in its path, its query, its headers and its body."""
    method, template = chance.choice(calls)
    filled = re.sub(r"\{(\w+)\}", lambda found: _part(found[1], chance), template)
    query = f"?{quote(_text(chance))}={quote(_text(chance))}" if chance.random() < 0.3 else ""
    headers = {"If-Match": quote(_text(chance))}
    if chance.random() < 0.9:
        headers["Authorization"] = f"Bearer {bearer}"
    body = json.dumps(_nonsense(chance)).encode()
    if chance.random() < 0.1:
        body = body[: len(body) // 2] + b"\xff"
    headers["Content-Type"] = "application/json"
    if chance.random() < 0.05:
        method = chance.choice(METHODS).upper()
    return await _send(
        console, method, filled + query, headers=headers, data=None if method == "GET" else body
    )


def _part(name: str, chance: random.Random) -> str:
    if name == "env" and chance.random() < 0.8:
        return "demo"
    if name == "namespace" and chance.random() < 0.5:
        return "fuzzed"
    return quote(_text(chance), safe="") or "x"


async def _log_in(console: aiohttp.ClientSession, chance: random.Random) -> int:
    """A name and a password that are none, or a header that is none."""
    name, password = _text(chance).replace(":", ""), _text(chance)
    header = chance.choice(
        (
            lambda: aiohttp.encode_basic_auth(name or "x", password, "utf-8"),
            lambda: f"Basic {quote(password)}",
            lambda: f"Bearer {quote(password)}",
            lambda: f"Bearer eyJhbGciOiJub25lIn0.{quote(password)}.",
            lambda: aiohttp.encode_basic_auth("admin", password, "utf-8"),
        )
    )()
    return await _send(console, "GET", f"{API}/services?limit=1", headers={"Authorization": header})


async def _file(console: aiohttp.ClientSession, bearer: str, chance: random.Random) -> int:
    """A CSV file to import, or a manifest to preview."""
    text = "".join(chance.choice((*FILES, _text(chance))) for _ in range(chance.randint(1, 12)))
    path, body = chance.choice(
        ((f"{API}/services/import", {"csv": text}), (f"{API}/preview", {"manifest": text}))
    )
    headers = {"Authorization": f"Bearer {bearer}"}
    return await _send(console, "POST", path, headers=headers, json=body)
