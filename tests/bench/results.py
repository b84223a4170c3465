"""What a benchmark returns, and the table at the end."""

from __future__ import annotations

from typing import TypedDict


class Result(TypedDict):
    """One measured value; `goal` says what it is held against, `met` is None where nothing is asked."""

    suite: str
    name: str
    value: float
    unit: str
    goal: str
    met: bool | None


def at_least(suite: str, name: str, value: float, unit: str, goal: float) -> Result:
    """Return a value that should not be smaller than its goal."""
    return Result(suite=suite, name=name, value=value, unit=unit, goal=f">= {goal:g}", met=value >= goal)


def at_most(suite: str, name: str, value: float, unit: str, goal: float) -> Result:
    """Return a value that should not be larger than its goal."""
    return Result(suite=suite, name=name, value=value, unit=unit, goal=f"<= {goal:g}", met=value <= goal)


def seen(suite: str, name: str, value: float, unit: str) -> Result:
    """Return a value that is only told."""
    return Result(suite=suite, name=name, value=value, unit=unit, goal="", met=None)


def table(results: list[Result]) -> str:
    """Render the results for a terminal."""
    marks = {True: "met", False: "MISSED", None: ""}
    rows = [
        (r["suite"], r["name"], f"{r['value']:.4g} {r['unit']}", r["goal"], marks[r["met"]]) for r in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
