"""`PROFILE=1 make bench`: each Python hot path under cProfile, told under `.bench/`."""

from __future__ import annotations

import io
import os
import pstats
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".bench"
PROFILE = os.environ.get("PROFILE") == "1"
"""Whether hot paths run under a profiler: their figures are of no use then."""
LINES = 50


def python(name: str) -> list[str]:
    """Return the command that runs Python: under the profiler, if that is asked for; add `-m MODULE`."""
    if not PROFILE:
        return [sys.executable]
    FOLDER.mkdir(exist_ok=True)
    return [sys.executable, "-m", "cProfile", "-o", str(FOLDER / f"profile-{name}.pstats")]


def tell() -> list[Path]:
    """Write each profile as text, by own and by cumulative time; return the files."""
    return [_text(path) for path in sorted(FOLDER.glob("profile-*.pstats"))]


def _text(path: Path) -> Path:
    out = io.StringIO()
    stats = pstats.Stats(str(path), stream=out).strip_dirs()
    for order in ("tottime", "cumulative"):
        stats.sort_stats(order).print_stats(LINES)
    text = path.with_suffix(".txt")
    text.write_text(out.getvalue())
    return text
