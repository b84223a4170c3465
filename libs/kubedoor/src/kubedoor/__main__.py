"""`kubedoor COMMAND`: one command line over the modules that do the work."""

from __future__ import annotations

import runpy
import sys
from importlib.util import find_spec
from typing import NamedTuple


class Command(NamedTuple):
    """One command.

    :ivar module: what is run; ``arguments``: what stands before the user's own; ``extra``: that brings it.
    """

    module: str
    does: str
    arguments: tuple[str, ...] = ()
    extra: str = ""


COMMANDS = {
    "scan": Command(
        "kubedoor_collector.scan", "show what services ask for beside what they use, from Prometheus"
    ),
    "collect": Command(
        "kubedoor_collector", "collect the last days into ClickHouse, and derive", ("--once",)
    ),
    "replay": Command(
        "kubedoor_collector.replay", "show what other rules would have asked for, on the stored days"
    ),
    "migrate": Command("kubedoor_core.migrate", "bring ClickHouse's tables up to date"),
    "backup": Command("kubedoor_api.cli.backup", "write what people decided into one file", ("dump",), "api"),
    "restore": Command("kubedoor_api.cli.backup", "bring it back from such a file", ("restore",), "api"),
    "audit verify": Command("kubedoor_api.cli.audit", "verify the audit log's chain", (), "api"),
}
USAGE = 2


def usage() -> str:
    """Return the list of commands."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {one.does}" for name, one in COMMANDS.items()]
    return "\n".join(["usage: kubedoor COMMAND [--help | OPTIONS]", "", *lines])


def chosen(words: list[str]) -> tuple[str, list[str]]:
    """Return the command that words name, empty for none, and what follows it."""
    for count in (2, 1):
        if (name := " ".join(words[:count])) in COMMANDS:
            return name, words[count:]
    return "", words


def main() -> None:
    """Run the command's module as `python -m` does."""
    name, rest = chosen(sys.argv[1:])
    if not name:
        asked = sys.argv[1:2] in ([], ["-h"], ["--help"])
        print(usage(), file=sys.stdout if asked else sys.stderr)
        sys.exit(0 if asked else USAGE)
    command = COMMANDS[name]
    if find_spec(command.module.partition(".")[0]) is None:
        sys.exit(f"kubedoor {name}: needs more than is installed: pip install 'kubedoor[{command.extra}]'")
    sys.argv = [f"kubedoor {name}", *command.arguments, *rest]
    runpy.run_module(command.module, run_name="__main__")


if __name__ == "__main__":
    main()
