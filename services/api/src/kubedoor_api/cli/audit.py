"""`python -m kubedoor_api.cli.audit`: verify the audit log's chain. Exit 0 only if it is whole."""

from __future__ import annotations

import argparse
import asyncio
import sys

from kubedoor_api.audit.verify import Verdict, verify
from kubedoor_core.clickhouse import connect
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.settings import Settings, load_or_exit


def main() -> None:
    """Verify and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m kubedoor_api.cli.audit", description=__doc__)
    parser.add_argument(
        "--head", default="", help="a hash that an earlier run printed; it must still be there"
    )
    arguments = parser.parse_args()

    async def run() -> Verdict:
        async with connect(load_or_exit(Settings)) as clickhouse:
            return await verify(clickhouse, arguments.head)

    try:
        verdict = asyncio.run(run())
    except KubeDoorError as error:
        sys.exit(f"kubedoor: {error}")
    if verdict.problem:
        sys.exit(f"kubedoor: the audit log is not whole: {verdict.problem}")
    print(f"{verdict.rows} rows, one chain; its head is {verdict.head}")


if __name__ == "__main__":
    main()
