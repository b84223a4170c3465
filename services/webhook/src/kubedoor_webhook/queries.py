"""What the webhook asks ClickHouse: by plain POSTs, since it asks before nearly every decision."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from kubedoor_core.clickhouse.client import OUTPUT_SETTINGS
from kubedoor_core.clickhouse.conditions import IN_A_MOMENT, failure
from kubedoor_core.clickhouse.parameters import Value, encode
from kubedoor_core.clickhouse.replication import reading
from kubedoor_core.errors import ClickHouseUnavailableError, UnavailableError
from kubedoor_core.settings import Settings
from kubedoor_webhook.snapshot import Watermark

LAG_PAUSE_S = 0.005
"""Before a replica is asked again that lacks an INSERT which the majority has."""

MARK = "SELECT count() AS n FROM change_mark FORMAT JSON"

WATERMARK = """
SELECT 'control' AS t, count() AS n, max(version) AS v, sum(version) AS s
FROM control WHERE env = {env:String}
UNION ALL
SELECT 'derived' AS t, count() AS n, max(version) AS v, sum(version) AS s
FROM derived WHERE env = {env:String}
UNION ALL
SELECT 'setting' AS t, count() AS n, max(version) AS v, sum(version) AS s
FROM setting WHERE env = {env:String}
UNION ALL
SELECT concat('announced ', source) AS t, count() AS n, max(version) AS v, 0 AS s
FROM change_mark WHERE env = {env:String} GROUP BY source
FORMAT JSON
"""

_COLUMNS = """
SELECT namespace, deployment, replicas, replicas_source, replicas_policy, mode, `containers.name`,
    `containers.request_cpu_m`, `containers.limit_cpu_m`,
    `containers.request_mem_mib`, `containers.limit_mem_mib`
FROM effective
WHERE env = {env:String}
"""

SERVICES = _COLUMNS + "FORMAT JSON"

CHANGED_KEYS = """
SELECT DISTINCT namespace, deployment FROM
(
    SELECT namespace, deployment FROM control WHERE env = {env:String} AND version > {control:UInt64}
    UNION ALL
    SELECT namespace, deployment FROM derived WHERE env = {env:String} AND version > {derived:UInt64}
)
LIMIT {limit:UInt32}
FORMAT JSON
"""

SOME_SERVICES = (
    _COLUMNS
    + """
AND namespace IN {namespaces:Array(String)} AND deployment IN {deployments:Array(String)}
FORMAT JSON
"""
)

SETTINGS = """
SELECT namespace, key, value FROM setting FINAL WHERE env = {env:String} AND NOT deleted FORMAT JSON
"""


class UnsettledError(UnavailableError):
    """An INSERT is under way: its mark is there, its row not yet. Ask again at once."""


@dataclass(frozen=True, slots=True)
class ControlTable:
    """Reads the control table of one env."""

    session: aiohttp.ClientSession
    settings: Settings
    env: str

    async def mark(self, timeout_s: float) -> int:
        """Ask how many changes there were: the cheapest question that an edit changes the answer of."""
        rows = await self._ask(MARK, timeout_s)
        try:
            return int(rows[0]["n"])
        except (IndexError, KeyError, ValueError, TypeError) as error:
            raise ClickHouseUnavailableError(f"ClickHouse answered nonsense: {error!r}") from error

    async def watermark(self, timeout_s: float) -> Watermark:
        """Ask which state the tables are in.

        :raises UnsettledError: while a change is announced whose row cannot be read yet.
        """
        rows = {
            row["t"]: (int(row["n"]), int(row["v"]), int(row["s"]))
            for row in await self._ask(WATERMARK, timeout_s)
        }
        try:
            watermark = Watermark(rows["control"], rows["derived"], rows["setting"])
        except KeyError as error:
            raise ClickHouseUnavailableError(f"ClickHouse answered nonsense: no row for {error}") from error
        for source in ("control", "derived", "setting"):
            if rows.get(f"announced {source}", (0, 0, 0))[1] > rows[source][1]:
                raise UnsettledError(f"a change of {source} is announced but cannot be read yet")
        return watermark

    async def services(self, timeout_s: float) -> list[dict[str, Any]]:
        """Return every row of `effective`."""
        return await self._ask(SERVICES, timeout_s)

    async def changed_keys(self, since: Watermark, limit: int, timeout_s: float) -> list[tuple[str, str]]:
        """Return the services whose rows are newer than a state, at most ``limit``."""
        parameters = {"control": since.control[1], "derived": since.derived[1], "limit": limit}
        rows = await self._ask(CHANGED_KEYS, timeout_s, **parameters)
        return [(row["namespace"], row["deployment"]) for row in rows]

    async def some_services(self, keys: list[tuple[str, str]], timeout_s: float) -> list[dict[str, Any]]:
        """Return the rows of `effective` of some services, and perhaps of a few more."""
        namespaces, deployments = sorted({n for n, _ in keys}), sorted({d for _, d in keys})
        return await self._ask(SOME_SERVICES, timeout_s, namespaces=namespaces, deployments=deployments)

    async def setting_rows(self, timeout_s: float) -> list[dict[str, Any]]:
        """Return the env's stored settings."""
        return await self._ask(SETTINGS, timeout_s)

    async def _ask(self, statement: str, timeout_s: float, **parameters: Value) -> list[dict[str, Any]]:
        """Return the rows of a statement; a replica that lags a moment behind is asked again in the time."""
        until_s = time.monotonic() + timeout_s
        while True:
            try:
                return await self._ask_once(statement, max(until_s - time.monotonic(), 0.001), **parameters)
            except ClickHouseUnavailableError as error:
                if error.code not in IN_A_MOMENT or time.monotonic() + LAG_PAUSE_S >= until_s:
                    raise
            await asyncio.sleep(LAG_PAUSE_S)

    async def _ask_once(self, statement: str, timeout_s: float, **parameters: Value) -> list[dict[str, Any]]:
        """Return the rows of a statement whose FORMAT is JSON.

        One JSON document: an answer that was cut, or that ends in an exception, is no document.
        """
        url = self.settings.clickhouse_url + "/"
        query = {
            "database": self.settings.clickhouse_database,
            "param_env": encode(self.env),
            **OUTPUT_SETTINGS,
            **reading(self.settings.clickhouse_cluster),
        }
        query |= {f"param_{name}": encode(value) for name, value in parameters.items()}
        try:
            timeout = aiohttp.ClientTimeout(total=timeout_s)
            async with self.session.post(
                url, params=query, data=statement, timeout=timeout, headers=self._headers()
            ) as answer:
                body = await answer.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise ClickHouseUnavailableError(
                f"ClickHouse can't be asked: {str(error) or 'no answer in time'}"
            ) from error
        if answer.status != 200:
            raise failure(body[:2000].decode(errors="replace"))
        return _rows(body)

    def _headers(self) -> Mapping[str, str]:
        return {
            "X-ClickHouse-User": self.settings.clickhouse_user,
            "X-ClickHouse-Key": self.settings.clickhouse_password.get_secret_value(),
        }


def _rows(body: bytes) -> list[dict[str, Any]]:
    try:
        document = orjson.loads(body)
        rows, count = document["data"], document["rows"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ClickHouseUnavailableError(f"ClickHouse answered nonsense: {error!r}") from error
    if not isinstance(rows, list) or len(rows) != count:
        raise ClickHouseUnavailableError("ClickHouse answered nonsense: the number of rows is wrong")
    return rows
