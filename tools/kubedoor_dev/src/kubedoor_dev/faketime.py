"""Another clock on the wall for a program and what it starts, by libfaketime; Go takes no notice of it."""

from __future__ import annotations

from kubedoor_dev.tools import find

LIBRARY = "lib/*/faketime/libfaketime.so.1"
"""Beside the folder of the program of that name."""


def faked(clock: str) -> dict[str, str]:
    """Return the variables under which a program's clock on the wall is another; its monotonic one is not.

    :param clock: how far it is off, such as `+1d`, or `-90` in seconds. With a time to begin at, each program
        would begin there by itself, and their clocks would differ.
    :raises ToolMissingError: where libfaketime is not installed.
    """
    (library,) = find("faketime").parents[1].glob(LIBRARY)
    return {"LD_PRELOAD": str(library), "FAKETIME": clock, "DONT_FAKE_MONOTONIC": "1"}
