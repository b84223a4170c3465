"""What the demo tells on the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

WIDE = sys.stdout.isatty()


def say(text: str = "") -> None:
    """Print a line at once."""
    print(text, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done, and when it is done, how long it took."""
    began_s = time.monotonic()
    print(f"  {text} ...", end="", flush=True)
    yield
    print(f" {time.monotonic() - began_s:.1f} s", flush=True)


def progress(text: str) -> None:
    """Replace the line on a terminal; elsewhere add a line."""
    print(f"\r\033[K  {text}" if WIDE else f"\n    {text}", end="", flush=True)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Render a table; numbers are set to the right, and what is unknown is a dash."""
    cells = [[("–" if cell is None else str(cell)) for cell in row] for row in rows]
    kept = [list(header), *cells]
    widths = [max(len(row[column]) for row in kept) for column in range(len(header))]
    right = [all(_numeric(row[column]) for row in cells) for column in range(len(header))]

    def line(row: Sequence[str]) -> str:
        set_cells = (
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(row, widths, right, strict=True)
        )
        return "    " + "  ".join(set_cells).rstrip()

    return "\n".join([line(kept[0]), line(["-" * width for width in widths]), *map(line, kept[1:])])


def _numeric(cell: str) -> bool:
    return cell == "–" or cell.replace(".", "", 1).isdigit()
