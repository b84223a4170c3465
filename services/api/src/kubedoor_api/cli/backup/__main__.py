"""`python -m kubedoor_api.cli.backup dump|check|restore FILE`, or `mend`: back up and restore decisions."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from kubedoor_api.cli.backup.archive import Summary, check
from kubedoor_api.cli.backup.service import Restored, dump, links_of, mend_and_record, restore
from kubedoor_core.clickhouse import connect
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings, load_or_exit

TIMEOUT_S = 600.0


def _say(summary: Summary) -> None:
    rows = ", ".join(f"{count} of {table}" for table, count in summary.rows.items()) or "none"
    print(f"made at {summary.made_at}; rows: {rows}; sha256 {summary.sha256}")


def tell(done: Restored) -> None:
    """Print what a restore did.

    :raises SystemExit: not all of it is there.
    """
    _say(done.summary)
    print(f"written: {_counted(done.rows) or 'nothing'}")
    if done.lacking:
        sys.exit(
            f"kubedoor: rows of the file are not there after all: {_counted(done.lacking)}; restore again"
        )
    if done.verdict.problem:
        sys.exit(f"kubedoor: the audit log is not whole: {done.verdict.problem}")
    print(f"audit log: {done.verdict.rows} rows, one chain; its head is {done.verdict.head}")


def _counted(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{count} of {table}" for table, count in rows.items() if count)


async def _run(arguments: argparse.Namespace) -> None:
    if arguments.command == "check":
        _say(check(arguments.file))
        links_of(arguments.file)
        return
    settings = load_or_exit(Settings)
    if arguments.command == "restore":
        check(arguments.file)
    async with connect(settings, TIMEOUT_S) as clickhouse:
        if arguments.command == "dump":
            _say(await dump(clickhouse, arguments.file))
            return
        await migrate(clickhouse, cluster=settings.clickhouse_cluster)
        if arguments.command == "mend":
            print(f"written: {_counted(await mend_and_record(clickhouse)) or 'nothing'}")
        else:
            tell(await restore(clickhouse, arguments.file, into_non_empty=arguments.into_non_empty))


def main() -> None:
    """Run one of the commands; exit 0 only if all of it was done."""
    parser = argparse.ArgumentParser(prog="python -m kubedoor_api.cli.backup", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    dumping = commands.add_parser("dump", help="write a back-up; an older file is replaced once it is whole")
    checking = commands.add_parser("check", help="read a back-up and say what it holds; needs no ClickHouse")
    restoring = commands.add_parser("restore", help="bring up the schema, and a back-up into it")
    for command in (dumping, checking, restoring):
        command.add_argument("file", type=Path)
    commands.add_parser(
        "mend",
        help="bring back from their histories the rows that the control table and `derived` have lost",
    )
    restoring.add_argument(
        "--into-non-empty",
        action="store_true",
        help="add what is missing to a database that has rows; the higher version of a row counts",
    )
    try:
        asyncio.run(_run(parser.parse_args()))
    except (KubeDoorError, OSError) as error:
        sys.exit(f"kubedoor: {error}")


if __name__ == "__main__":
    main()
