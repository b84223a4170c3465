"""A replicated ClickHouse: statements for a cluster, and what makes its reads and writes agree.

On one server an INSERT that was acknowledged is seen by the next SELECT. On several replicas it is only
if the INSERT waits for a majority, in order (`insert_quorum`, not parallel), and the SELECT is refused by
a replica that lacks such an INSERT (`select_sequential_consistency`). The compare-and-set of the commit
log, the audit log's chain and the webhook's check for changes all stand on that.
https://clickhouse.com/docs/reference/settings/session-settings/insert-quorum
"""

from __future__ import annotations

import re

from kubedoor_core.errors import BadValueError

TABLE_PATH = "/clickhouse/tables/{database}/{table}"
"""In Keeper. Without a shard, since every server holds every row, and without a UUID, so that a server that
joins later finds the table that the others have."""

NO_QUORUM = frozenset({"admission_log", "event"})
"""Append-only, and read by people: many write at once, and nothing is decided by them."""

WINDOW = "non_replicated_deduplication_window = "
WINDOW_S = 7 * 24 * 3600

_CREATE = re.compile(
    r"CREATE (?:OR REPLACE )?(?P<kind>TABLE|VIEW|MATERIALIZED VIEW) (?:IF NOT EXISTS )?[a-z_]+\b"
)
_CHANGE = re.compile(r"(?:ALTER TABLE|TRUNCATE TABLE|DROP (?:TABLE|VIEW)(?: IF EXISTS)?) [a-z_]+\b")
_ENGINE = re.compile(r"^ENGINE = (\w*MergeTree)(?:\((.*?)\))?$", re.MULTILINE)


def for_cluster(statement: str, cluster: str) -> str:
    """Return a migration's statement as a cluster needs it; the same one where there is no cluster.

    :raises BadValueError: for a statement of another kind than migrations have.
    """
    if not cluster:
        return statement
    head = _CREATE.match(statement) or _CHANGE.match(statement)
    if head is None:
        raise BadValueError(f"not known how to run this on a cluster: {statement[:60]!r}")
    everywhere = f"{head.group()} ON CLUSTER '{cluster}'{statement[head.end() :]}"
    return _replicated(everywhere) if head.groupdict().get("kind") == "TABLE" else everywhere


def _replicated(statement: str) -> str:
    made, count = _ENGINE.subn(_engine, statement)
    if count != 1:
        raise BadValueError(f"a table needs one line with its MergeTree engine: {statement[:60]!r}")
    return re.sub(
        rf"\b{WINDOW}(\d+)",
        rf"replicated_deduplication_window = \1, replicated_deduplication_window_seconds = {WINDOW_S}",
        made,
    )


def _engine(found: re.Match[str]) -> str:
    arguments = [f"'{TABLE_PATH}'", "'{replica}'", *([found.group(2)] if found.group(2) else [])]
    return f"ENGINE = Replicated{found.group(1)}({', '.join(arguments)})"


def reading(cluster: str) -> dict[str, str]:
    """Return the settings of a SELECT: on a cluster, see every INSERT that was acknowledged."""
    return {"select_sequential_consistency": "1"} if cluster else {}


def writing(cluster: str, table: str) -> dict[str, str]:
    """Return the settings of an INSERT: on a cluster, wait for the majority, one INSERT after the other.

    A retried INSERT that is dropped as a duplicate still reaches the views that it missed.
    """
    if not cluster:
        return {}
    options = {"deduplicate_blocks_in_dependent_materialized_views": "1"}
    if table in NO_QUORUM:
        return options
    return {
        **options,
        "insert_quorum": "auto",
        "insert_quorum_parallel": "0",
        "insert_quorum_timeout": "20000",
    }
