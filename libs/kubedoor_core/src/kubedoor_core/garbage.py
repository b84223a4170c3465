"""How often Python looks for objects that only hold each other: seldom, in programs that keep many."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 50
"""Python's own 700, 10 and 10 take a third of the time of reading many thousands of rows."""


def collect_seldom() -> None:
    """Take what was loaded until now for good, and look for garbage seldom: most objects free themselves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
