"""Figures that a run tells at its end. None of them is ever asserted: they depend on the machine."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

LINES: list[str] = []
MS = 1000


def tell(line: str) -> None:
    """Print a line at the end of the run."""
    LINES.append(line)


def percentile(values: Sequence[float], share: int) -> float:
    """Return a percentile, such as 50 or 99."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def compared(what: str, with_it: Sequence[float], without: Sequence[float]) -> str:
    """Return a row: what p50 and p99 were without something and with it, seconds in, milliseconds told."""
    cells = []
    for share in (50, 99):
        before, after = (percentile(values, share) * MS for values in (without, with_it))
        cells.append(f"p{share} {before:6.1f} -> {after:6.1f} ms ({after - before:+5.1f})")
    return f"  {what:18} {len(with_it):4} writes   " + "   ".join(cells)
