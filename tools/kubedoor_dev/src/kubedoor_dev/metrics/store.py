"""Prometheus blocks of a scenario, made once and kept under `.cache/`, keyed by what made them."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np

from kubedoor_dev.metrics.export import write_openmetrics
from kubedoor_dev.metrics.model import Scenario, Trace
from kubedoor_dev.metrics.simulate import simulate_day
from kubedoor_dev.tools import find

CACHE = Path(__file__).resolve().parents[5] / ".cache" / "metrics"
WORKERS = 2
KEPT_S = 7 * 86_400

Progress = Callable[[int, int], None]
"""Called with days done and days in all."""


def build_blocks(scenario: Scenario, cache: Path = CACHE, progress: Progress | None = None) -> Path:
    """Return a folder of blocks with the scenario's samples, made now or found from before.

    :raises subprocess.CalledProcessError: promtool refused the samples.
    """
    folder = cache / key_of(scenario)
    if folder.is_dir():
        os.utime(folder)
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    _forget_old(cache)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".making-") as work_name:
        work = Path(work_name)
        _build_days(scenario, work, progress or (lambda _done, _all: None))
        _publish(work, folder)
    return folder


def _forget_old(cache: Path) -> None:
    """Remove what has not been used for a week: the demo's days move on, and so do their keys.

    By the clock that dates the folders, which is not this program's where that runs on another day.
    """
    os.utime(cache)
    now_s = cache.stat().st_mtime
    for folder in cache.iterdir():
        if now_s - folder.stat().st_mtime > KEPT_S:
            shutil.rmtree(folder, ignore_errors=True)


def key_of(scenario: Scenario) -> str:
    """Return a name that changes with anything that the samples depend on, this code included."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    for service in scenario.services:
        digest.update(repr(service).encode() if service.trace is None else _trace_words(service.trace))
        digest.update(f"{service.namespace}/{service.name}/{service.replicas}".encode())
    rest = (scenario.dates, str(scenario.zone), str(scenario.peak), scenario.seed, scenario.flavor)
    digest.update(repr((*rest, scenario.margin_min, scenario.scrape_s, scenario.counters)).encode())
    return digest.hexdigest()[:16]


def _trace_words(trace: Trace) -> bytes:
    days = sorted(trace.cores)
    return repr(days).encode() + b"".join(np.ascontiguousarray(trace.cores[day]).tobytes() for day in days)


def _build_days(scenario: Scenario, work: Path, progress: Progress) -> None:
    promtool = find("promtool")
    days = [day for day in scenario.dates if scenario.peak.on(day)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        jobs = [pool.submit(build_day, scenario, day, work / day.isoformat(), promtool) for day in days]
        for done, job in enumerate(jobs, start=1):
            job.result()
            progress(done, len(days))


def build_day(scenario: Scenario, day: date, folder: Path, promtool: Path) -> None:
    """Write the blocks of one date; its text is removed again."""
    folder.mkdir(parents=True)
    text = folder / "samples.om"
    write_openmetrics(simulate_day(scenario, day), text)
    command = [str(promtool), "tsdb", "create-blocks-from", "--max-block-duration=24h", "openmetrics"]
    subprocess.run([*command, str(text), str(folder)], check=True, capture_output=True)
    text.unlink()


def _publish(work: Path, folder: Path) -> None:
    """Gather the days' blocks and give them their name at once, so that a half-made folder is never seen."""
    gathered = work / "blocks"
    gathered.mkdir()
    for block in sorted(path.parent for path in work.glob("*/*/meta.json")):
        shutil.move(block, gathered / block.name)
    if not folder.is_dir():
        gathered.rename(folder)
