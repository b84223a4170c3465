"""`python -m kubedoor_collector`: serve; `--once --days N`: collect, derive, exit; `--dry-run`: show."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys

from kubedoor_collector.once import collect_once, show_derivation, summary
from kubedoor_collector.service import serve
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import configure_logging
from kubedoor_core.settings import load_or_exit


def _days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 366:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to 366")
    return int(text)


def main() -> None:
    """Run the collector; with `--once`, exit 0 only if every day went well."""
    parser = argparse.ArgumentParser(prog="kubedoor_collector", description="Collects each day's peak.")
    parser.add_argument("--once", action="store_true", help="collect the last days, derive, and exit")
    parser.add_argument("--days", type=_days, default=1, help="how many days --once collects (1)")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what a derivation would change, write nothing, and exit"
    )
    arguments = parser.parse_args()
    if arguments.once and arguments.dry_run:
        parser.error("--dry-run derives from the days that are stored: it can't go with --once")
    settings = load_or_exit(CollectorSettings)
    configure_logging("collector", settings.log_format, settings.log_level)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # what fails is told once, in our own words
    try:
        if arguments.dry_run:
            print(asyncio.run(show_derivation(settings)))
        elif arguments.once:
            run, derivation = asyncio.run(collect_once(settings, arguments.days))
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
