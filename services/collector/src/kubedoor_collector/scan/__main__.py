"""`python -m kubedoor_collector.scan`, `kubedoor scan`: what is asked for beside what the peak needs.

Reads Prometheus and writes nothing anywhere.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from kubedoor_collector.scan.render import print_table, rendered
from kubedoor_collector.scan.report import Report
from kubedoor_collector.scan.scanning import Tell, scan
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.garbage import collect_seldom
from kubedoor_core.logs import configure_logging

OVER, USAGE, FAILED = 1, 2, 3
"""Exit codes: more is spare than --fail-over allows; the arguments are wrong; there is nothing to tell."""
SHOWN = 25
ERROR_LINES = 5
WIDTH = 160
"""Columns of a table that no terminal shows."""


def parser() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    made = argparse.ArgumentParser(
        prog="kubedoor scan",
        description="Reads the last days' peaks from Prometheus and shows what services ask for beside what"
        " they use. Writes nothing anywhere. Exits with 1 where --fail-over is passed, 3 where nothing could"
        " be read.",
        epilog="What else the store takes (a token, a tenant's header, a CA) is read from"
        " KUBEDOOR_PROMETHEUS_*, as the collector does: see docs/settings.md.",
    )
    made.add_argument("--prometheus", metavar="URL", default=os.environ.get("KUBEDOOR_PROMETHEUS_URL"))
    made.add_argument("--days", type=_days, default=7, help="how many of the last days (7)")
    made.add_argument(
        "--peak-hours", metavar="HH:MM-HH:MM", help="when the daily peak is; without it, it is found"
    )
    made.add_argument("--timezone", default=_local_zone(), help="time zone of the peak hours (%(default)s)")
    made.add_argument("--namespaces", metavar="REGEX", help="only these (RE2)")
    made.add_argument("--namespaces-excluded", metavar="REGEX", help="without these (RE2)")
    made.add_argument("--env-label", metavar="KEY=VALUE", help="only this cluster's series")
    made.add_argument(
        "--header", metavar="NAME=VALUE", action="append", help="a header of each request; can be repeated"
    )
    made.add_argument("-o", "--output", choices=("table", "json", "yaml", "csv", "html"), default="table")
    made.add_argument("-f", "--file", type=Path, help="write there instead of to the terminal")
    made.add_argument("--sort", choices=("cpu", "memory", "name"), default="cpu")
    made.add_argument("--all", action="store_true", help=f"all services, not only the first {SHOWN}")
    made.add_argument(
        "--fail-over", metavar="CORES|N%", type=_limit, help="exit with 1 where more cpu than that is spare"
    )
    return made


def _days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 90:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to 90")
    return int(text)


def _limit(text: str) -> tuple[float, bool]:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is neither cores, such as 20, nor a share, such as 30%")
    return float(found[1]), bool(found[2])


def _local_zone() -> str:
    """Return this machine's time zone where it has a name, else UTC."""
    named = os.environ.get("KUBEDOOR_TIMEZONE") or os.environ.get("TZ") or ""
    linked = Path("/etc/localtime").resolve().as_posix().rpartition("/zoneinfo/")[2]
    for name in (named, linked):
        try:
            return ZoneInfo(name).key if name else "UTC"
        except (KeyError, ValueError, OSError):
            continue
    return "UTC"


def settings_of(arguments: argparse.Namespace) -> CollectorSettings:
    """Return the collector's settings: the arguments', else the environment's.

    :raises ValidationError: for one that is wrong.
    """
    given: dict[str, Any] = {
        "prometheus_url": arguments.prometheus,
        "peak_hours": arguments.peak_hours,
        "timezone": arguments.timezone,
        "namespaces": arguments.namespaces,
        "namespaces_excluded": arguments.namespaces_excluded,
        "prometheus_env_label": arguments.env_label,
        "prometheus_headers": "\n".join(arguments.header) if arguments.header else None,
    }
    embedded: dict[str, Any] = {
        "env": "scan",
        "clickhouse_url": "http://127.0.0.1",
        "clickhouse_user": "default",
        "clickhouse_password": "",
        "clickhouse_database": "kubedoor",
        "clickhouse_cluster": "",
    }
    return CollectorSettings(**{k: v for k, v in given.items() if v is not None}, **embedded)


@contextmanager
def telling(console: Console) -> Iterator[Tell]:
    """Show how far it is, where somebody looks."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("asking the store", total=None)
        yield lambda what, done, total: progress.update(task, description=what, completed=done, total=total)


def over(report: Report, limit: tuple[float, bool] | None) -> str:
    """Say by how much what is spare is beyond the limit; empty where it is not."""
    if limit is None:
        return ""
    most, share = limit
    spare = report.totals.freed_cpu_pct if share else report.totals.freed_cpu_m / 1000
    unit = "% of the requested cpu" if share else "cores"
    return f"{spare:.1f} {unit} are spare, more than {most:g}" if spare > most else ""


def show(report: Report, arguments: argparse.Namespace) -> None:
    """Print the report, or write it."""
    form, order = arguments.output, arguments.sort
    if form == "table":
        with (
            arguments.file.open("w", encoding="utf-8")
            if arguments.file
            else nullcontext(sys.stdout) as stream
        ):
            width = None if stream.isatty() else WIDTH
            print_table(Console(file=stream, width=width), report, order, 0 if arguments.all else SHOWN)
    elif arguments.file:
        arguments.file.write_text(rendered(report, form, order), encoding="utf-8")
    else:
        sys.stdout.write(rendered(report, form, order))


def wrong(error: ValidationError) -> str:
    """Say which argument is wrong."""
    parts = (f"{one['loc'][0] if one['loc'] else ''}: {one['msg']}" for one in error.errors()[:ERROR_LINES])
    return "; ".join(parts).replace("Value error, ", "")


def main(argv: Sequence[str] | None = None) -> None:
    """Scan, show, and exit."""
    reader = parser()
    arguments = reader.parse_args(argv)
    if not arguments.prometheus:
        reader.error("--prometheus says where the store is, such as --prometheus http://127.0.0.1:9090")
    try:
        settings = settings_of(arguments)
    except ValidationError as error:
        reader.error(wrong(error))
    collect_seldom()
    configure_logging("scan", "console", "error")
    errors = Console(stderr=True)
    try:
        with telling(errors) as tell:
            find = arguments.peak_hours is None
            report = asyncio.run(scan(settings, arguments.days, find_hours=find, tell=tell))
        show(report, arguments)
    except (KubeDoorError, OSError) as error:
        print(f"kubedoor scan: {error}", file=sys.stderr)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(130)
    if said := over(report, arguments.fail_over):
        print(f"kubedoor scan: {said}", file=sys.stderr)
        sys.exit(OVER)


if __name__ == "__main__":
    main()
