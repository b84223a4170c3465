"""What the webhook asks ClickHouse: by plain POSTs, since it asks before nearly every decision."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import aiohttp
import orjson

from kubedoor_core.clickhouse.client import OUTPUT_SETTINGS
from kubedoor_core.clickhouse.conditions import IN_A_MOMENT, failure
from kubedoor_core.clickhouse.parameters import Value, encode
from kubedoor_core.clickhouse.queries import INVALID_VALUES
from kubedoor_core.clickhouse.replication import reading
from kubedoor_core.domain.invalid_values import InvalidValue
from kubedoor_core.errors import ClickHouseUnavailableError
from kubedoor_core.settings import Settings
from kubedoor_webhook.losses import Key
from kubedoor_webhook.snapshot import NONE, SOURCES, Rows, Watermark

LAG_PAUSE_S = 0.005
"""Before a replica is asked again that lacks an INSERT which the majority has."""

MARK = "SELECT count() AS n FROM change_mark FORMAT JSON"

_VERSIONS = """
SELECT '{0}' AS t, count() AS n, max(version) AS v, sum(version) AS s
FROM {0} WHERE env = {{env:String}}
UNION ALL
"""
_MARKS = """
SELECT concat('announced ', source) AS t, count() AS n, max(version) AS v, 0 AS s
FROM change_mark WHERE env = {env:String} GROUP BY source
FORMAT JSON
"""
_VERSIONED = ("control", "derived", "setting", "autoscaler", "limit_range")
WATERMARK = "".join([*map(_VERSIONS.format, _VERSIONED), _MARKS])

_COLUMNS = """
SELECT namespace, name, replicas, replicas_source, replicas_policy, autoscaled, mode, `containers.name`,
    `containers.request_cpu_m`, `containers.limit_cpu_m`,
    `containers.request_mem_mib`, `containers.limit_mem_mib`
FROM effective
WHERE env = {env:String} AND kind = 'Deployment'
"""

SERVICES = _COLUMNS + "FORMAT JSON"

CHANGED_KEYS = """
SELECT source, namespace, name, count() AS n, sum(version) AS s FROM
(
    SELECT 'control' AS source, namespace, name, version FROM control
    WHERE env = {env:String} AND version > {control:UInt64} AND version <= {control_now:UInt64}
    UNION ALL
    SELECT 'derived' AS source, namespace, name, version FROM derived
    WHERE env = {env:String} AND version > {derived:UInt64} AND version <= {derived_now:UInt64}
    UNION ALL
    SELECT 'autoscaler' AS source, namespace, name, version FROM autoscaler
    WHERE env = {env:String} AND version > {autoscaler:UInt64} AND version <= {autoscaler_now:UInt64}
)
GROUP BY source, namespace, name
LIMIT {limit:UInt32}
FORMAT JSON
"""

KEYS = """
SELECT DISTINCT 'control' AS source, toString(namespace) AS namespace, name
FROM control WHERE env = {env:String} AND kind = 'Deployment'
UNION ALL
SELECT DISTINCT 'derived' AS source, toString(namespace) AS namespace, name
FROM derived WHERE env = {env:String} AND kind = 'Deployment'
FORMAT JSON
"""

SOME_SERVICES = (
    _COLUMNS
    + """
AND namespace IN {namespaces:Array(String)} AND name IN {names:Array(String)}
FORMAT JSON
"""
)

LIMIT_RANGES = """
SELECT namespace, limit_ranges FROM limit_range FINAL
WHERE env = {env:String} AND NOT deleted AND limit_ranges != '[]'
FORMAT JSON
"""

SETTINGS = """
SELECT namespace, key, value, deleted FROM setting FINAL WHERE env = {env:String} FORMAT JSON
"""


class State(NamedTuple):
    """The state of the tables, and the largest version of each that was announced.

    An INSERT's mark may be there a moment before its row.
    """

    watermark: Watermark
    announced: Mapping[str, int]


class ChangedKey(NamedTuple):
    """A service with rows newer than a state: in which table, how many, and the sum of their versions."""

    source: str
    key: Key
    rows: int
    sum: int


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
            raise ClickHouseUnavailableError(f"ClickHouse sent an invalid response: {error!r}") from error

    async def state(self, timeout_s: float) -> State:
        """Ask which state the tables are in, and which changes were announced."""
        rows = {
            row["t"]: Rows(int(row["n"]), int(row["v"]), int(row["s"]))
            for row in await self._ask(WATERMARK, timeout_s)
        }
        try:
            watermark = Watermark(*(rows[source] for source in SOURCES))
        except KeyError as error:
            raise ClickHouseUnavailableError(
                f"ClickHouse sent an invalid response: no row for {error}"
            ) from error
        return State(watermark, {source: rows.get(f"announced {source}", NONE)[1] for source in SOURCES})

    async def services(self, timeout_s: float) -> list[dict[str, Any]]:
        """Return every row of `effective`."""
        return await self._ask(SERVICES, timeout_s)

    async def keys(self, timeout_s: float) -> dict[str, frozenset[Key]]:
        """Return of which services `control` and `derived` have rows, tombstones included."""
        found: dict[str, set[Key]] = {"control": set(), "derived": set()}
        for row in await self._ask(KEYS, timeout_s):
            found[row["source"]].add((row["namespace"], row["name"]))
        return {source: frozenset(keys) for source, keys in found.items()}

    async def changed_keys(
        self, since: Watermark, until: Watermark, limit: int, timeout_s: float
    ) -> list[ChangedKey]:
        """Return the services whose rows are newer than one state and not newer than another."""
        parameters = {
            "control": since.control.version,
            "control_now": until.control.version,
            "derived": since.derived.version,
            "derived_now": until.derived.version,
            "autoscaler": since.autoscaler.version,
            "autoscaler_now": until.autoscaler.version,
            "limit": limit,
        }
        rows = await self._ask(CHANGED_KEYS, timeout_s, **parameters)
        return [
            ChangedKey(row["source"], (row["namespace"], row["name"]), int(row["n"]), int(row["s"]))
            for row in rows
        ]

    async def some_services(self, keys: list[Key], timeout_s: float) -> list[dict[str, Any]]:
        """Return the rows of `effective` of some services, and perhaps of a few more."""
        namespaces, names = sorted({n for n, _ in keys}), sorted({d for _, d in keys})
        return await self._ask(SOME_SERVICES, timeout_s, namespaces=namespaces, names=names)

    async def invalid_values(self, keys: list[Key], timeout_s: float) -> list[InvalidValue]:
        """Return what rows of some services hold and must not, and perhaps of a few more; `[]`: of all."""
        namespaces, names = sorted({n for n, _ in keys}), sorted({d for _, d in keys})
        statement = INVALID_VALUES + "FORMAT JSON"
        rows = await self._ask(statement, timeout_s, namespaces=namespaces, names=names)
        return [
            InvalidValue(row["of_table"], row["of_column"], row["namespace"], row["name"], row["value"])
            for row in rows
        ]

    async def setting_rows(self, timeout_s: float) -> list[dict[str, Any]]:
        """Return the env's stored settings, tombstones included."""
        return await self._ask(SETTINGS, timeout_s)

    async def limit_ranges(self, timeout_s: float) -> list[dict[str, Any]]:
        """Return the specs of each namespace's LimitRanges, as JSON."""
        return await self._ask(LIMIT_RANGES, timeout_s)

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
        raise ClickHouseUnavailableError(f"ClickHouse sent an invalid response: {error!r}") from error
    if not isinstance(rows, list) or len(rows) != count:
        raise ClickHouseUnavailableError("ClickHouse sent an invalid response: the number of rows is wrong")
    return rows
