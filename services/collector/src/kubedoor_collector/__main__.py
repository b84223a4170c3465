"""`python -m kubedoor_collector`: serve; `--once`: collect some days, derive, exit; `--dry-run`: show."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from datetime import date

from kubedoor_collector.once import collect_once, show_derivation, summary
from kubedoor_collector.service import serve
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.garbage import collect_seldom
from kubedoor_core.logs import configure_logging
from kubedoor_core.settings import load_or_exit


def _days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 366:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to 366")
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date, YYYY-MM-DD") from None


def main() -> None:
    """Run the collector; with `--once`, exit 0 only if every day went well."""
    parser = argparse.ArgumentParser(prog="kubedoor_collector", description="Collects each day's peak.")
    parser.add_argument("--once", action="store_true", help="collect the last days, derive, and exit")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--days", type=_days, help="how many days --once collects (1)")
    which.add_argument(
        "--date",
        type=_date,
        action="append",
        help="local day that --once collects, even where the store has less of it by now; can be repeated",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what a derivation would change, write nothing, and exit"
    )
    arguments = parser.parse_args()
    if arguments.once and arguments.dry_run:
        parser.error("--dry-run derives from the days that are stored: it can't go with --once")
    if (arguments.days or arguments.date) and not arguments.once:
        parser.error("--days and --date say what --once collects: add --once")
    settings = load_or_exit(CollectorSettings)
    collect_seldom()
    configure_logging("collector", settings.log_format, settings.log_level)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # what fails is told once, in our own words
    try:
        if arguments.dry_run:
            print(asyncio.run(show_derivation(settings)))
        elif arguments.once:
            run, derivation = asyncio.run(collect_once(settings, arguments.days or 1, arguments.date or ()))
            print(summary(run, derivation))
            sys.exit(0 if run.state == "succeeded" else 1)
        else:
            asyncio.run(serve(settings))
    except KubeDoorError as error:
        sys.exit(f"kubedoor: {error}")
    except OSError as error:
        sys.exit(f"kubedoor: KUBEDOOR_LISTEN={settings.listen}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
