"""`python -m bench.document`: makes `docs/benchmarks.md` from what each suite measured last."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from bench import numbers_peers
from bench.results import Result
from bench.rounds import too_noisy

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".bench"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
MARKS = {True: "met", False: "**missed**", None: ""}
INTRODUCTION = """# Benchmarks

<!-- Made by `WRITE_DOCS=1 make bench` from `.bench/*.json`, what each suite measured last. -->

`make bench` measures again; `ONLY=admission make bench` one suite; `WRITE_DOCS=1` makes this document of it;
`PROFILE=1 make bench` profiles the Python hot paths into `.bench/`. Where a figure depends on the machine,
its goal is a ratio to a bare program that does the same work in the same run. Where a figure has a row
*spread of N rounds*, it is their median, and the spread is the distance of the largest and the smallest round
in percent of the median. Rows of *noise* say whether the machine was quiet enough for the rest to count.
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


class Measured(TypedDict):
    """What a suite measured last, and when and on what."""

    suite: str
    made: Circumstances
    results: list[Result]


def circumstances() -> Circumstances:
    """Return when and on what it is measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return Circumstances(
        date=datetime.now(UTC).date().isoformat(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(memory, 1),
        cpu=_cpu(),
        python=platform.python_version(),
    )


def keep(suite: str, results: list[Result], folder: Path = FOLDER) -> Path:
    """Write what a suite measured in the place of what it measured before; return the file."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{suite}.json"
    measured = Measured(suite=suite, made=circumstances(), results=results)
    path.write_text(json.dumps(measured, indent=2) + "\n")
    return path


def render(every: Sequence[Measured]) -> str:
    """Return the document's text."""
    return "\n".join([INTRODUCTION, *map(_section, every)])


def _numbers() -> list[str]:
    """Return what goes with the figures of rules: the picture, and whose algorithm is which."""
    how = (
        "Each day is scored by the request that the days before it give: bad where the P95 of the workload's"
        " busiest four hours is above it; slack is the share of the request that this P95 leaves. Others'"
        " rules follow their sources:\n"
    )
    picture = "![Bad days against slack, for each rule](benchmarks-rules.svg)\n"
    return [picture, how, *numbers_peers.table(), ""]


MISSED = {
    "admission": (
        "Why goals are missed: of the processor's time for a review that is like no other, a third is the"
        " server's, which the bare handler takes as well; the decision takes three tenths; reading it, the"
        " answer, its row in the log and what bounds requests take the rest, with no part that stands out."
        " What a sidecar gets is worked out once for all services that have the same; what was decided before"
        " is remembered, but a cluster seldom asks the same twice."
    ),
    "numbers": (
        "Why a goal is missed: *steady* adds a margin of 5 % and holds falls of less than 15 %, which is what"
        " its fewer bad days cost: it has 6.4 % of them, where it might have 9 %."
    ),
    "growth": (
        "Why goals are missed: each step takes time in proportion to the services, and memory and a cluster"
        " beside 49 others keep to the goal; why a further service takes an eighth longer to derive, and a"
        " quarter longer to read, among ten times as many was not found."
    ),
    "console": (
        "Why a goal is missed: pages are drawn by the processor here, as the machine has no graphics card,"
        " and each step of scrolling brings further rows; what else takes its time was not looked into."
    ),
    "packing": (
        "Why goals are missed: requests equal to the very use that they are judged by (*foreseen*) leave the"
        " same spread, and more nodes above 90 %. kube-scheduler spreads pods by what they ask for on all"
        " resources at once, and a service's pods of one size at a time: what is left is its own, and no"
        " requests mend it. Ours come within the noise of what is foreseen, and need four nodes more."
    ),
    "collection": (
        "Why goals are missed: where scrapes are not even, the day's profile asks when each was, by"
        " `timestamp()`. Prometheus 2.42 walks each series from its start at every step of it; 3.16 does not,"
        " and answers windows faster, beside which a day of the same samples looks dearer. Nothing else tells"
        " the time of a sample without sending all of them. A derivation reads a hundred thousand daily"
        " profiles to find each service's own peak; without them it takes half the time."
    ),
}
"""Reasons, as profiles show them."""


def _beside(suite: str) -> list[str]:
    missed = [f"{MISSED[suite]}\n"] if suite in MISSED else []
    return [*missed, *_numbers()] if suite == "numbers" else missed


def _section(measured: Measured) -> str:
    made, results = measured["made"], measured["results"]
    machine = f"{made['cores']} cores ({made['cpu']}) and {made['memory_gib']:g} GiB of memory"
    noise = too_noisy(results)
    lines = [
        f"| {row['name']} | {row['value']:.4g} {row['unit']} | {row['goal']} | {MARKS[row['met']]} |"
        for row in results
    ]
    return "\n".join(
        [
            f"## {measured['suite']}\n",
            f"Measured on {made['date']} with Python {made['python']} on {machine}.\n",
            *([f"**{noise}**\n"] if noise else []),
            *_beside(measured["suite"]),
            *["| what | value | goal | |", "| --- | --- | --- | --- |"],
            *lines,
            "",
        ]
    )


def main() -> None:
    """Make the document."""
    every: list[Measured] = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]
    if not every:
        sys.exit("There are no results yet: run make bench first.")
    DOCUMENT.write_text(render(every))
    print(f"written to {DOCUMENT}")


if __name__ == "__main__":
    main()
