"""`python -m bench.document`: makes `docs/benchmarks.md` from the results of the last `make bench`."""

from __future__ import annotations

import itertools
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from bench.results import Result
from bench.rounds import too_noisy

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / ".bench" / "results.json"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
MARKS = {True: "met", False: "**missed**", None: ""}
INTRODUCTION = """# Benchmarks

<!-- Made by `cd tests && PYTHONPATH=. ../.venv/bin/python -m bench.document` from `.bench/results.json`. -->

`make bench` measures again; `ONLY=admission make bench` one suite; `PROFILE=1 make bench` profiles the
Python hot paths into `.bench/`. Where a figure depends on the machine, its goal is a ratio to a bare program
that does the same work in the same run. Where a figure has a row *spread of N rounds*, it is their median,
and the spread is the distance of the largest and the smallest round in percent of the median. The rows of
`machine` say whether it was quiet enough for the rest to count.
"""


class Circumstances(TypedDict):
    """When and on what was measured; nothing that names the machine."""

    date: str
    cores: int
    memory_gib: float
    cpu: str
    python: str


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def keep_circumstances(results: Path) -> None:
    """Write beside the results when and on what they were measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    made = Circumstances(
        date=datetime.now(UTC).date().isoformat(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(memory, 1),
        cpu=_cpu(),
        python=platform.python_version(),
    )
    results.with_name("machine.json").write_text(json.dumps(made, indent=2) + "\n")


def render(results: list[Result], made: Circumstances) -> str:
    """Return the document's text."""
    machine = f"{made['cores']} cores ({made['cpu']}) and {made['memory_gib']:g} GiB of memory"
    parts = [INTRODUCTION, f"Measured on {made['date']} with Python {made['python']} on {machine}.\n"]
    if noise := too_noisy(results):
        parts.append(f"**{noise}**\n")
    ordered = sorted(results, key=lambda one: one["suite"])
    for suite, rows in itertools.groupby(ordered, key=lambda one: one["suite"]):
        lines = [
            f"| {row['name']} | {row['value']:.4g} {row['unit']} | {row['goal']} | {MARKS[row['met']]} |"
            for row in rows
        ]
        parts.append(
            "\n".join([f"## {suite}\n", "| what | value | goal | |", "| --- | --- | --- | --- |", *lines, ""])
        )
    return "\n".join(parts)


def main() -> None:
    """Make the document."""
    if not RESULTS.exists():
        sys.exit("There are no results yet: run make bench first.")
    made: Circumstances = json.loads(RESULTS.with_name("machine.json").read_text())
    DOCUMENT.write_text(render(json.loads(RESULTS.read_text()), made))
    print(f"written to {DOCUMENT}")


if __name__ == "__main__":
    main()
