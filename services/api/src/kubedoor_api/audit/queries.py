"""The statements of the audit log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from kubedoor_api.audit.entry import GENESIS, Link, link_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import Value

TAIL = "SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1"
# Of one reading of the table, so that nothing comes between the last row and whether the entry is there.
BEHIND = """
SELECT count() AS n, max(seq) AS last, argMax(hash, seq) AS last_hash,
    countIf(commit_id = {commit_id:String}) AS found
FROM audit_log WHERE seq >= {after:UInt64}
"""
COLUMNS = """seq, at, actor, role, remote, request_id, action, env, namespace, name,
    before, after, outcome, prev_hash, hash, commit_id"""
BATCH = f"SELECT {COLUMNS} FROM audit_log WHERE seq > {{after:UInt64}} ORDER BY seq LIMIT {{limit:UInt32}}"  # noqa: S608 constants of this file
HASH = "SELECT hash FROM audit_log WHERE seq = {seq:UInt64} LIMIT 1"
FILTER = """
    seq < {before:UInt64}
    AND ({actor:String} = '' OR actor = {actor:String})
    AND ({action:String} = '' OR action = {action:String})
    AND ({env:String} = '' OR env = {env:String})
    AND ({namespace:String} = '' OR namespace = {namespace:String})
    AND ({name:String} = '' OR name = {name:String})
    AND ({q:String} = '' OR positionCaseInsensitiveUTF8(concat(actor, ' ', action, ' ', namespace, '/',
        name, ' ', before, ' ', after), {q:String}) > 0)
    AND at >= {since:DateTime64(3, 'UTC')} AND at < {until:DateTime64(3, 'UTC')}
    AND ({everywhere:Bool} OR (env, namespace) IN (
        SELECT place.1, place.2 FROM
        (SELECT arrayJoin(arrayZip({envs:Array(String)}, {namespaces:Array(String)})) AS place)
    ))
"""
LIST = f"SELECT {COLUMNS} FROM audit_log WHERE {FILTER} ORDER BY seq DESC LIMIT {{limit:UInt32}}"  # noqa: S608 constants of this file
PLACES = "SELECT DISTINCT env, namespace FROM audit_log WHERE env != '' ORDER BY env, namespace"
BATCH_SIZE = 5000

Place = tuple[str, str]


async def tail(clickhouse: ClickHouse) -> tuple[int, str] | None:
    """Return the last row's number and hash, or None for an empty log."""
    row = await clickhouse.fetch_one(TAIL)
    return (int(row["seq"]), str(row["hash"])) if row else None


async def behind(clickhouse: ClickHouse, after: int, commit_id: str) -> tuple[int, str] | None:
    """Return the last row's number and hash, or None where a commit's entry stands from `after` on."""
    row = await clickhouse.fetch_one(BEHIND, after=after, commit_id=commit_id)
    if row is None or not row["n"]:
        return await tail(clickhouse) or (0, GENESIS)
    return None if row["found"] else (int(row["last"]), str(row["last_hash"]))


async def hash_of(clickhouse: ClickHouse, seq: int) -> str | None:
    """Return a row's hash."""
    row = await clickhouse.fetch_one(HASH, seq=seq)
    return str(row["hash"]) if row else None


async def insert(clickhouse: ClickHouse, links: Sequence[Link]) -> None:
    """Insert rows; of several inserts that begin with the same number the first counts."""
    rows = [link.row() for link in links]
    await clickhouse.insert("audit_log", rows, once=f"audit:{links[0].seq}")


async def batches(clickhouse: ClickHouse) -> AsyncIterator[list[Link]]:
    """Return the whole log, in order, in parts."""
    after = 0
    while rows := await clickhouse.fetch(BATCH, after=after, limit=BATCH_SIZE):
        yield list(map(link_of, rows))
        after = int(rows[-1]["seq"])


async def places(clickhouse: ClickHouse) -> list[Place]:
    """Return every env and namespace in which something was done; no namespace: the whole env."""
    return [(row["env"], row["namespace"]) for row in await clickhouse.fetch(PLACES)]


async def search(clickhouse: ClickHouse, within: Sequence[Place] | None, **conditions: Value) -> list[Link]:
    """Return rows, the latest first.

    :param within: only of what was done in these places; None: anywhere.
    """
    rows = await clickhouse.fetch(
        LIST,
        everywhere=within is None,
        envs=[env for env, _ in within or ()],
        namespaces=[namespace for _, namespace in within or ()],
        **conditions,
    )
    return list(map(link_of, rows))
