"""Looks for a program: environment, PATH, `.cache/tools`, and at last its unpacked Debian package."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from kubedoor_dev.tools.catalogue import TOOLS, Tool
from kubedoor_dev.tools.debian import PackageError, has_apt, unpack

CACHE = Path(__file__).resolve().parents[5] / ".cache" / "tools"
"""`.cache/tools` of the checkout: nothing is written outside it."""
SYSTEM_FOLDERS = ":/usr/sbin:/sbin"
"""Where Debian has servers, and few users have them on their PATH."""


class ToolMissingError(Exception):
    """A program can't be had; the message says the one command that helps."""


def locate(name: str, cache: Path = CACHE) -> Path | None:
    """Return where a program is now, or None; nothing is fetched.

    :raises ToolMissingError: when the environment names a file that can't be run.
    """
    tool = TOOLS[name]
    named = os.environ.get(tool.variable)
    if named:
        return _runnable(tool, Path(named))
    for program in (tool.lighter, name):
        if program and (found := shutil.which(program, path=os.environ.get("PATH", "") + SYSTEM_FOLDERS)):
            return Path(found)
    unpacked = cache / tool.packages[0] / tool.path
    return unpacked if unpacked.is_file() else None


def find(name: str, cache: Path = CACHE) -> Path:
    """Return where a program is, unpacking its Debian package without root if need be.

    :raises ToolMissingError: when it can't be had.
    """
    found = locate(name, cache)
    if found is not None:
        return found
    tool = TOOLS[name]
    if not tool.unpackable:
        raise ToolMissingError(f"{name} is not installed. {way_out([tool])}")
    folder = cache / tool.packages[0]
    try:
        unpack(tool.packages[0], folder)
    except PackageError as error:
        raise ToolMissingError(
            f"{name} is not installed and its package can't be unpacked ({error}). {way_out([tool])}"
        ) from error
    return _runnable(tool, folder / tool.path)


def way_out(tools: list[Tool]) -> str:
    """Say how some programs are had: by one command on Debian, otherwise by the user's own means."""
    packages = sorted({package for tool in tools for package in tool.packages})
    variables = " and ".join(tool.variable for tool in tools)
    if has_apt():
        command = f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
        return f"Run: {command}, or set {variables} to where it is"
    names = " and ".join(tool.name for tool in tools)
    return f"This system has no apt-get: put {names} on the PATH, or set {variables} to where it is"


def _runnable(tool: Tool, path: Path) -> Path:
    if not os.access(path, os.X_OK):
        raise ToolMissingError(f"{tool.variable}={path} is not a program that can be run")
    return path
