"""The statements of API tokens: settings of no env, `api_token:<id>`, with the hash of the secret."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import TypeAdapter

from kubedoor_core.clickhouse import ClickHouse, Row

PREFIX = "api_token:"
LIST = """
SELECT key, value, version FROM setting FINAL
WHERE env = '' AND namespace = '' AND startsWith(key, 'api_token:') AND NOT deleted ORDER BY version DESC
"""
ONE = """
SELECT key, value, version FROM setting FINAL
WHERE env = '' AND namespace = '' AND key = {key:String} AND NOT deleted
"""


MAKER = """
SELECT JSONExtractString(value, 'created_by') AS created_by FROM setting FINAL
WHERE env = '' AND namespace = '' AND startsWith(key, 'api_token:')
    AND JSONExtractString(value, 'name') = {name:String}
ORDER BY JSONExtractString(value, 'created_at') DESC LIMIT 1
"""


async def maker_of(clickhouse: ClickHouse, name: str) -> str | None:
    """Return who made the last token of a name, also where it is revoked; None for a name of no token."""
    row = await clickhouse.fetch_one(MAKER, name=name)
    return str(row["created_by"]) if row else None


@dataclass(frozen=True)
class StoredToken:
    """What is stored of a token.

    :ivar digest: SHA-256 of its secret.
    :ivar grant: as JSON; one from before may hold an expression that is invalid by now.
    """

    id: str
    name: str
    digest: str
    grant: object
    created_at: datetime
    created_by: str
    expires_at: datetime | None

    def setting(self, *, deleted: bool = False) -> dict[str, object]:
        """Return the row of `setting` that holds it."""
        value = {
            "name": self.name,
            "digest": self.digest,
            "grant": self.grant,
            "created_at": self.created_at.isoformat(timespec="milliseconds"),
            "created_by": self.created_by,
            "expires_at": self.expires_at.isoformat(timespec="milliseconds") if self.expires_at else None,
        }
        return {
            "env": "",
            "namespace": "",
            "key": PREFIX + self.id,
            "value": json.dumps(value),
            "deleted": deleted,
        }

    def ends_at(self, max_days: int) -> datetime:
        """Return when it ends: as it was made, but never later than the longest life that one may have."""
        latest = self.created_at + timedelta(days=max_days)
        return min(self.expires_at, latest) if self.expires_at else latest


STORED = TypeAdapter(StoredToken)


def _stored(row: Row) -> StoredToken:
    return STORED.validate_python({"id": row["key"].removeprefix(PREFIX), **json.loads(row["value"])})


async def tokens(clickhouse: ClickHouse) -> list[StoredToken]:
    """Return every token that is not revoked."""
    return [_stored(row) for row in await clickhouse.fetch(LIST)]


async def token(clickhouse: ClickHouse, token_id: str) -> StoredToken | None:
    """Return one token, or None for one that never was or is revoked."""
    row = await clickhouse.fetch_one(ONE, key=PREFIX + token_id)
    return _stored(row) if row else None


OWNED = """
SELECT * FROM (
    SELECT 'token' AS kind, substring(key, 11) AS id, '' AS env, JSONExtractString(value, 'name') AS name,
        JSONExtractString(value, 'created_by') AS owner, updated_at AS at
    FROM setting FINAL
    WHERE setting.env = '' AND namespace = '' AND startsWith(key, 'api_token:') AND NOT deleted
    UNION ALL
    SELECT 'schedule' AS kind, id, env, name, updated_by AS owner, updated_at AS at
    FROM schedule FINAL WHERE enabled AND NOT deleted
    UNION ALL
    SELECT 'operation' AS kind, id, env, operation.kind AS name, requested_by AS owner, requested_at AS at
    FROM operation FINAL WHERE state = 'pending' AND run_at IS NOT NULL AND schedule_id = '' AND NOT deleted
)
ORDER BY owner, kind, at, id
"""


class Owned(NamedTuple):
    """A token, a schedule or an operation to come, and whose it is."""

    kind: Literal["token", "schedule", "operation"]
    id: str
    env: str
    name: str
    owner: str
    at: datetime


async def owned(clickhouse: ClickHouse) -> list[Owned]:
    """Return the tokens, schedules and operations to come, with their owners."""
    return await clickhouse.fetch_as(Owned, OWNED)
