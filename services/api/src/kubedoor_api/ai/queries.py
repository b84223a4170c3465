"""The statements of questions to a model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from kubedoor_api.ai.failures import Failure
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import written

State = Literal["asked", "answered", "failed", "refused"]

COLUMNS = """env, id, at, namespace, kind, name, task, task_version, model, language, share, actor, cache_key,
    state, failure, detail, output_mode, attempts, tokens, left_out, sent, answer, result,
    written_at"""
ONE = f"""
SELECT {COLUMNS} FROM ai_call FINAL WHERE env = {{env:String}} AND id = {{id:String}}
"""  # noqa: S608 constants of this file
REUSABLE = f"""
SELECT {COLUMNS} FROM ai_call FINAL
WHERE env = {{env:String}} AND namespace = {{namespace:String}} AND kind = {{kind:String}}
    AND name = {{name:String}} AND cache_key = {{cache_key:String}}
    AND (state = 'answered' AND at >= {{answered_since:DateTime64(3, 'UTC')}}
        OR state = 'asked' AND at >= {{asked_since:DateTime64(3, 'UTC')}})
ORDER BY at DESC LIMIT 1
"""  # noqa: S608 constants of this file
USED = "SELECT sum(tokens) AS used FROM ai_call FINAL WHERE at >= {since:DateTime64(3, 'UTC')}"
LIST = """
SELECT id, at, namespace, kind, name, task, model, language, share, actor, state, failure, detail,
    output_mode, attempts, tokens, count() OVER () AS total
FROM ai_call FINAL WHERE env = {env:String}
ORDER BY at DESC, id LIMIT {limit:UInt32} OFFSET {offset:UInt32}
"""


@dataclass(frozen=True)
class AiCallRow:
    """A row of `ai_call`.

    :ivar failure: empty, or a word of `Failure`.
    :ivar tokens: that it took; while it is asked, the most that it may take.
    :ivar sent: the body as it was sent, JSON; ``result`` what of the answer is shown, JSON.
    """

    env: str
    id: str
    at: datetime
    namespace: str
    kind: str
    name: str
    task: str
    task_version: int
    model: str
    language: str
    share: str
    actor: str
    cache_key: str
    state: State
    sent: str
    written_at: datetime
    failure: Failure | Literal[""] = ""
    detail: str = ""
    output_mode: str = ""
    attempts: int = 0
    tokens: int = 0
    left_out: int = 0
    answer: str = ""
    result: str = ""


class ListedCall(NamedTuple):
    """A question in a list, without its texts."""

    id: str
    at: datetime
    namespace: str
    kind: str
    name: str
    task: str
    model: str
    language: str
    share: str
    actor: str
    state: State
    failure: str
    detail: str
    output_mode: str
    attempts: int
    tokens: int
    total: int


async def insert(clickhouse: ClickHouse, row: AiCallRow) -> None:
    """Write a row; the latest of an id counts."""
    await clickhouse.insert("ai_call", [written(asdict(row))])


async def one(clickhouse: ClickHouse, env: str, call_id: str) -> AiCallRow | None:
    """Return a question."""
    return await clickhouse.fetch_one_as(AiCallRow, ONE, env=env, id=call_id)


async def reusable(
    clickhouse: ClickHouse, like: AiCallRow, answered_since: datetime, asked_since: datetime
) -> AiCallRow | None:
    """Return the latest question that was the same and has an answer, or waits for one."""
    return await clickhouse.fetch_one_as(
        AiCallRow,
        REUSABLE,
        env=like.env,
        namespace=like.namespace,
        kind=like.kind,
        name=like.name,
        cache_key=like.cache_key,
        answered_since=answered_since,
        asked_since=asked_since,
    )


async def used(clickhouse: ClickHouse, since: datetime) -> int:
    """Return the tokens of all envs since a time, with those that open questions may take."""
    row = await clickhouse.fetch_one(USED, since=since)
    return int(row["used"]) if row else 0


async def calls(clickhouse: ClickHouse, env: str, limit: int, offset: int) -> tuple[list[ListedCall], int]:
    """Return questions of an env, the latest first, and how many there are."""
    rows = await clickhouse.fetch_as(ListedCall, LIST, env=env, limit=limit, offset=offset)
    return rows, rows[0].total if rows else 0
