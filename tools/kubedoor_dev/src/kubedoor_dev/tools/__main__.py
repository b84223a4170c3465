"""`python -m kubedoor_dev.tools --install NAME...`: makes sure of the programs that the tests run."""

from __future__ import annotations

import argparse
import os
import sys

from kubedoor_dev.tools.catalogue import TOOLS, Tool
from kubedoor_dev.tools.debian import PackageError, has_apt, install, installed, offered
from kubedoor_dev.tools.finder import ToolMissingError, find, locate, way_out


def _incomplete(tool: Tool) -> bool:
    """Return whether a program, or what goes along with it, is missing."""
    return locate(tool.name) is None or any(not installed(name) for name in tool.packages[1:])


def _unavailable(tools: list[Tool]) -> list[Tool]:
    """Unpack what can be unpacked; return what can't be had without root."""
    missing = []
    for tool in tools:
        try:
            find(tool.name)
        except ToolMissingError:
            missing.append(tool)
    return missing


def _lighter(tools: list[Tool]) -> list[str]:
    """Return the programs that would do the same with less, and are still to be had."""
    named = [tool.lighter for tool in tools if tool.lighter]
    return [name for name in named if not installed(name) and offered(name)]


def _install_lighter(name: str) -> None:
    print(f"Installing {name}", flush=True)
    try:
        install([name])
    except PackageError as error:
        print(f"{name} can't be installed, so the tests take more of the processor: {error}", flush=True)


def ensure(names: list[str]) -> str | None:
    """Install or unpack programs; return what the user has to do, or None."""
    wanted = [TOOLS[name] for name in names]
    missing = [tool for tool in wanted if _incomplete(tool)]
    if os.geteuid() == 0 and has_apt():
        if missing:
            print(f"Installing {', '.join(tool.name for tool in missing)}", flush=True)
            install(sorted({package for tool in missing for package in tool.packages}))
        for name in _lighter(wanted):
            _install_lighter(name)
        return None
    unavailable = _unavailable(missing)
    return way_out(unavailable) if unavailable else None


def main() -> None:
    """Exit 0 when every program is there, else say what to do and exit 1."""
    parser = argparse.ArgumentParser(prog="kubedoor_dev.tools", description=__doc__)
    parser.add_argument("--install", nargs="+", choices=sorted(TOOLS), required=True)
    try:
        words = ensure(parser.parse_args().install)
    except (PackageError, ToolMissingError) as error:
        sys.exit(f"The tests need programs that could not be installed: {error}")
    if words is not None:
        sys.exit(f"The tests need programs that are not installed. {words}")


if __name__ == "__main__":
    main()
