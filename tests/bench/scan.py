"""`kubedoor scan` of many Deployments, as a user starts it, against the store's own time for its queries."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench import profiling
from bench.collection import MARGIN, PEAK, SERVICES, ZONE, middle, prometheus, replay, window
from bench.collection_child import Query
from bench.collection_store import Company
from bench.results import Result, seen
from bench.rounds import SHORT, quiet

SUITE = "scan"
DAYS = 3
ROUNDS = 1 if SHORT else 3


def company() -> Company:
    """Return one with the samples of the windows that a scan of today reads."""
    windows = [window(day) for day in PEAK.last_finished(DAYS, ZONE, datetime.now(UTC))]
    return Company(SERVICES, tuple((one.start - MARGIN, one.end + MARGIN) for one in windows))


def scan(url: str, folder: Path) -> tuple[float, list[Query]]:
    """Scan and find the peak hours; return the seconds from start to exit, and what the store was asked."""
    asked = folder / "asked.json"
    arguments = ["--prometheus", url, "--timezone", str(ZONE), "--days", str(DAYS), "-o", "json"]
    command = [*profiling.python("scan"), "-m", "bench.scan_child", str(asked), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    seconds = time.perf_counter() - began
    services = json.loads(done.stdout)["services"]
    assert len(services) == SERVICES, len(services)
    return seconds, [(path, form) for path, form in json.loads(asked.read_text())]


def main() -> list[Result]:
    """Return every measured value."""
    ours: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory() as name, prometheus(company(), Path(name)) as url:
        for _ in range(ROUNDS):
            seconds, asked = scan(url, Path(name))
            ours.append(seconds)
            bare.append(asyncio.run(replay(url, asked)))
            print(f"scan {ours[-1]:.1f}, bare {bare[-1]:.1f} s, {len(asked)} queries", flush=True)
    ratios = [mine / theirs for mine, theirs in zip(ours, bare, strict=True)]
    what = f"scan of {SERVICES} Deployments over {DAYS} days, peak hours found"
    return [
        seen(SUITE, what, median(ours), "s"),
        middle(f"{what} / the same queries, bare", ratios, 1.5, SUITE),
        quiet(SUITE, bare),
    ]
