"""`python -m kubedoor_api.cli.legacy_import`: imports KubeDoor 0.2. A dry run, unless `--apply` is given.

Reads `k8s_resources` and `k8s_res_control`, writes `control` and `resource_daily`, and tells what was taken,
corrected and left. Neither old table is changed. Safe to run twice, and while KubeDoor works: `control` is
written by the api's own writer, and a day bears the end of its window as its version, which is below that of
any collection, so what the collector measures wins. Without coverage no request is derived from it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr

from kubedoor_api.audit.logger import record_command
from kubedoor_api.cli.legacy_import import control, daily, queries
from kubedoor_api.cli.legacy_import.control import Deployments, read
from kubedoor_api.cli.legacy_import.daily import Old
from kubedoor_api.cli.legacy_import.queries import NewDay
from kubedoor_api.cli.legacy_import.report import Report
from kubedoor_api.commits.writer import Writer
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.domain.control import ExpertRow
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.errors import BadValueError, ClickHouseError, KubeDoorError
from kubedoor_core.settings import Settings, load_or_exit

TIMEOUT_S = 600.0
AUTHOR = "moved over from 0.2"


async def _run(settings: Settings, arguments: argparse.Namespace) -> Report:
    deployments: dict[str, Deployments] = {}
    for item in arguments.deployments:
        env, _, file = item.partition("=")
        if not file:
            raise BadValueError(f"--deployments {item}: say ENV=FILE")
        deployments[env] = read(Path(file))
    windows = parse_peak_hours(arguments.peak_hours).windows
    if len(windows) != 1:
        raise BadValueError("--peak-hours takes one window, HH:MM-HH:MM: 0.2 had no more")
    try:
        old = Old(windows[0], ZoneInfo(arguments.timezone))
    except (ZoneInfoNotFoundError, ValueError) as error:
        what = f"--timezone {arguments.timezone}"
        raise BadValueError(f"{what} is not a time zone, such as Asia/Shanghai") from error
    there = {"clickhouse_database": arguments.source_database, "clickhouse_cluster": ""}
    if arguments.source_url:
        password = arguments.source_password_file
        there |= {"clickhouse_url": arguments.source_url, "clickhouse_user": arguments.source_user}
        there["clickhouse_password"] = SecretStr(password.read_text().rstrip("\r\n") if password else "")
    async with (
        connect(settings.model_copy(update=there), TIMEOUT_S) as source,
        connect(settings, TIMEOUT_S) as target,
    ):
        if reason := await target.ping():
            raise BadValueError(f"run `python -m kubedoor_core.migrate` first: {reason}")
        return await move_over(source, target, deployments, old, apply=arguments.apply)


async def move_over(
    source: ClickHouse,
    target: ClickHouse,
    deployments: Mapping[str, Deployments],
    old: daily.Old,
    *,
    apply: bool,
) -> Report:
    """Move both tables over; a second time finds everything there."""
    old_days, old_control = await queries.old_days(source), await queries.old_control(source)
    # What we have of the days that the old table has, with two on either side for their zone.
    ends, margin = [row.at.date() for row in old_days], timedelta(days=2)
    ours = await queries.our_days(target, min(ends) - margin, max(ends) + margin) if ends else {}
    days = daily.move_days(old_days, deployments, old, ours)
    services = control.move_control(old_control, deployments, await queries.our_control(target))
    report = Report({daily.TABLE: len(old_days), control.TABLE: len(old_control)})
    report.add(days.notes)
    report.add(services.notes)
    if apply:
        await _write(target, days.rows, services.rows)
        report.applied = True
    return report


async def _write(target: ClickHouse, days: list[NewDay], services: list[ExpertRow]) -> None:
    by_month = sorted(days, key=_month)
    for _, month in groupby(by_month, key=_month):
        await queries.insert_days(target, month)
    written = 0

    async def prepare() -> list[dict[str, object]]:
        nonlocal written
        there = await queries.our_control(target)
        rows = [row for row in services if (row.env, row.namespace, row.name) not in there]
        written = len(rows)
        return [row.columns() for row in rows]

    await Writer(target).commit("control", AUTHOR, prepare)
    if days or written:
        await record_command(target, "moveOver", {"days": len(days), "services": written})


def _month(day: NewDay) -> str:
    return f"{day.date:%Y-%m}"


def main() -> None:
    """Move over, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m kubedoor_api.cli.legacy_import", description=__doc__)
    parser.add_argument(
        "--deployments",
        action="append",
        default=[],
        metavar="ENV=FILE",
        help="what an env runs: `kubectl get deployments -A -o json`; once per env. Without it all rows of"
        " that env are left",
    )
    parser.add_argument("--peak-hours", required=True, help="those of the old installation, HH:MM-HH:MM")
    parser.add_argument("--timezone", default="Asia/Shanghai", help="of the old installation's times")
    parser.add_argument("--source-url", help="ClickHouse with the old tables; else our own")
    parser.add_argument("--source-user", default="default")
    parser.add_argument("--source-password-file", type=Path)
    parser.add_argument("--source-database", default="kubedoor")
    parser.add_argument("--report", type=Path, help="write every note to this file, as JSON")
    parser.add_argument("--apply", action="store_true", help="write; without it nothing is written")
    arguments = parser.parse_args()
    try:
        report = asyncio.run(_run(load_or_exit(Settings), arguments))
        if arguments.report:
            arguments.report.write_text(json.dumps(report.json(), ensure_ascii=False, indent=1) + "\n")
    except ClickHouseError as error:
        sys.exit(f"kubedoor: the tables of KubeDoor 0.2 can't be read, or ours not written: {error}")
    except (KubeDoorError, OSError) as error:
        sys.exit(f"kubedoor: {error}")
    print(report.text())


if __name__ == "__main__":
    main()
