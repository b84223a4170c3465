"""Verifies the chain of the audit log."""

from __future__ import annotations

from dataclasses import dataclass

from kubedoor_api.audit import queries
from kubedoor_api.audit.entry import GENESIS, Link, broken
from kubedoor_core.clickhouse import ClickHouse


@dataclass(frozen=True)
class Verdict:
    """What the verification found.

    :ivar problem: the first row that is wrong and how; None for a whole chain.
    :ivar head: the last row's hash. Kept elsewhere, it shows later whether rows were cut off at the end.
    """

    rows: int
    head: str
    problem: str | None


async def verify(clickhouse: ClickHouse, expected: str = "") -> Verdict:
    """Read the whole log and check every link.

    :param expected: a hash that must be in the chain, such as one that was noted earlier.
    """
    last: Link | None = None
    rows, found = 0, not expected
    async for links in queries.batches(clickhouse):
        problem = broken(links, last)
        if problem:
            return Verdict(rows, last.hash if last else GENESIS, problem)
        found = found or any(link.hash == expected for link in links)
        rows, last = rows + len(links), links[-1]
    missing = None if found else f"the row with the hash {expected} is gone: rows were cut off at the end"
    return Verdict(rows, last.hash if last else GENESIS, missing)
