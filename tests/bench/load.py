"""Load on one URL with kept-alive connections: wrk where it is installed, else a Python client."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

CONNECTIONS = 16
LUA = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local requests, number = {{}}, 0
init = function()
  for line in io.lines("{bodies}") do requests[#requests + 1] = wrk.format(nil, nil, nil, line) end
end
request = function()
  number = number % #requests + 1
  return requests[number]
end
"""
UNIT_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Load:
    """Requests per second, the 99th percentile of their latency in ms, and answers other than 2xx."""

    requests_per_s: float
    p99_ms: float
    errors: int


def client_name() -> str:
    """Say which client makes the load."""
    return "wrk" if shutil.which("wrk") else "a Python client (wrk is not installed)"


def run(url: str, bodies: Path, seconds: int) -> Load:
    """POST the file's lines one after the other, again and again, on the second core."""
    if not shutil.which("wrk"):
        return _python(url, bodies, seconds)
    script = bodies.with_suffix(".lua")
    script.write_text(LUA.format(bodies=bodies))
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s"]
    text = subprocess.run([*command, str(script), url], check=True, capture_output=True, text=True).stdout
    return _parse(text)


def _parse(text: str) -> Load:
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    assert rate, text
    assert p99, text
    errors = (int(bad[1]) if bad else 0) + (sum(map(int, broken.groups())) if broken else 0)
    return Load(float(rate[1]), float(p99[1]) * UNIT_MS[p99[2]], errors)


def _python(url: str, bodies: Path, seconds: int) -> Load:
    command = ["taskset", "-c", "1", sys.executable, "-m", "bench.load", url, str(bodies), str(seconds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    return Load(**json.loads(done.stdout))


async def _measure(url: str, bodies: list[bytes], seconds: int) -> Load:
    turn = itertools.cycle(bodies)
    latencies_ms, errors, end = list[float](), 0, time.perf_counter() + seconds
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connector = aiohttp.TCPConnector(ssl=context, limit=CONNECTIONS)

    async def worker(session: aiohttp.ClientSession) -> None:
        nonlocal errors
        while (began := time.perf_counter()) < end:
            async with session.post(url, data=next(turn)) as response:
                await response.read()
                errors += response.status >= 400
            latencies_ms.append((time.perf_counter() - began) * 1000)

    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(worker(session))
    latencies_ms.sort()
    return Load(len(latencies_ms) / seconds, latencies_ms[int(len(latencies_ms) * 0.99)], errors)


if __name__ == "__main__":
    measured = asyncio.run(
        _measure(sys.argv[1], Path(sys.argv[2]).read_bytes().splitlines(), int(sys.argv[3]))
    )
    print(json.dumps(measured.__dict__))
