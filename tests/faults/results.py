"""What the fault suite returns, its table, and the document that is made from it."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import textwrap
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypedDict, TypeVar

WIDTH = 110
LEAST_PAUSE_S, MOST_PAUSE_S = 0.05, 0.5

T = TypeVar("T")


class Result(TypedDict):
    """One fault: whether what must hold did, what was seen, or what did not hold, and how long that took."""

    fault: str
    held: bool
    detail: str
    took_s: int


class NotHeldError(Exception):
    """Something that must hold did not; the message says what."""


def must(condition: object, what: str) -> None:
    """Require a condition.

    :raises NotHeldError: when it is not true.
    """
    if not condition:
        raise NotHeldError(what)


async def eventually(what: str, condition: Callable[[], Awaitable[T]], limit_s: float = 120.0) -> T:
    """Wait until a condition's answer is true-ish and return it; as each look is work, less often by and by.

    :param what: what is waited for, in words.
    :raises NotHeldError: when it does not come within the limit.
    """
    pause_s = LEAST_PAUSE_S
    try:
        async with asyncio.timeout(limit_s):
            while not (answer := await condition()):
                await asyncio.sleep(pause_s)
                pause_s = min(MOST_PAUSE_S, pause_s * 1.5)
            return answer
    except TimeoutError:
        raise NotHeldError(f"waited {limit_s:.0f} s in vain until {what}") from None


def table(results: Sequence[Result]) -> str:
    """Render the results for a terminal."""
    lines = []
    for result in results:
        mark = "held    " if result["held"] else "NOT HELD"
        lines.append(f"{mark} {result['took_s']:4} s  {result['fault']}")
        lines += textwrap.wrap(result["detail"], WIDTH, initial_indent=" " * 12, subsequent_indent=" " * 12)
    return "\n".join(lines)


def write(results: Sequence[Result], path: Path) -> None:
    """Write `.faults/results.json`."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(results, indent=2) + "\n")


def read(path: Path) -> list[Result]:
    """Read the results of the run before; none where there was no run."""
    return list(json.loads(path.read_text())) if path.exists() else []


def merged(names: Sequence[str], earlier: Sequence[Result], now: Sequence[Result]) -> list[Result]:
    """Put the results of a run of some faults in the place of earlier ones, in the catalogue's order.

    :param names: the faults that there are; what is not among them is forgotten.
    """
    latest = {result["fault"]: result for result in (*earlier, *now)}
    return [latest[name] for name in names if name in latest]


def machine() -> str:
    """Say what kind of machine this is."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores, system = os.cpu_count(), f"{platform.system()} {platform.machine()}"
    return f"{cores} cores, {memory_gib:.0f} GiB, {system}, Python {platform.python_version()}"


def document(results: Sequence[Result], *, short: bool, on: date) -> str:
    """Return the part of `docs/faults.md` that is made by the suite."""
    kind = "the short suite (`SHORT=1`)" if short else "the whole suite"
    held = sum(result["held"] for result in results)
    when = f"The latest run of each fault, up to {on.isoformat()}"
    took_s = sum(result["took_s"] for result in results)
    load = f"a load average of {os.getloadavg()[2]:.0f}"
    head = f"{when}, {kind}, on {machine()}: {held} of {len(results)} held, in {took_s:,} s at {load}.\n"
    rows = [
        f"| {one['fault']} | {'yes' if one['held'] else '**no**'} | {one['took_s']} s"
        f" | {one['detail'].replace('|', '¦')} |"
        for one in results
    ]
    titles = ["| fault | held | took | what was seen |", "| --- | --- | --- | --- |"]
    return "\n".join([head, *titles, *rows, ""])


BEGIN, END = "<!-- begin of the generated table -->\n", "<!-- end of the generated table -->\n"


def put_into(path: Path, text: str) -> None:
    """Replace the generated part of a document."""
    before, _, rest = path.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(before + BEGIN + text + END + after)
