# ruff: noqa: INP001  # no package, but a folder in PYTHONPATH
"""Another `sleep`: libfaketime 0.9.10 refuses Python's own where it leaves the monotonic clock alone.

It lies in a folder of its own, which stands in `PYTHONPATH` of what runs on another day, and nowhere else.
"""

from __future__ import annotations

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex) -> None:
    """Wait; unlike `time.sleep`, the deadline is not one of a clock that libfaketime knows."""
    wait_s = float(seconds)
    if wait_s < 0:
        raise ValueError("sleep length must be non-negative")
    select.select((), (), (), wait_s)


time.sleep = sleep
