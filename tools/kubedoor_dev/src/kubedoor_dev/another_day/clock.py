"""A clock on the wall that is ahead, for a program and what it starts: `clock.c`, built once by `cc`."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

from kubedoor_dev.demo.paths import CHECKOUT

SOURCE = Path(__file__).with_name("clock.c")
CACHE = CHECKOUT / ".cache" / "clock"
VARIABLES = ("LD_PRELOAD", "CLOCK_AHEAD_S")
"""By which a program goes by it; a test that starts one in an empty environment passes them on."""


class ClockError(Exception):
    """No clock can be set ahead here; the message says why, and what helps."""


def passed_on() -> dict[str, str]:
    """Return the variables of a clock that is ahead, where this process has one."""
    return {name: os.environ[name] for name in VARIABLES if name in os.environ}


def ahead_by(ahead: timedelta) -> dict[str, str]:
    """Return the variables under which a program's clock on the wall is ahead of ours; monotonic ones stay.

    :raises ClockError: this is no Linux on x86-64, or has no C compiler.
    """
    own_s = int(passed_on().get("CLOCK_AHEAD_S", 0))
    return {"LD_PRELOAD": str(library()), "CLOCK_AHEAD_S": str(own_s + ahead // timedelta(seconds=1))}


def library(cache: Path = CACHE) -> Path:
    """Return the built library.

    :raises ClockError: it can't be built here.
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise ClockError("the clock can be set ahead on Linux on x86-64 alone")
    path = cache / f"{hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]}.so"
    if not path.exists():
        _build(path)
    return path


def _build(path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        raise ClockError("a C compiler is needed, cc: sudo apt-get install -y gcc libc6-dev")
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(f".{os.getpid()}")
    command = [compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", str(making), str(SOURCE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ClockError(f"the C compiler refused {SOURCE.name}: {done.stderr[-1000:]}")
    making.rename(path)
