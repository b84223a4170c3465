"""Every endpoint of the document against what nobody should send: 4xx with a problem, and nothing changed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest

from kubedoor_api.endpoints import ENDPOINTS
from kubedoor_api.web.endpoint import Endpoint
from kubedoor_core.clickhouse import ClickHouse
from support.api import SERVICES, Answer, Api
from support.paths import filled

JSON_TYPE = {"Content-Type": "application/json", "If-Match": '"0"'}
HUGE = 10_000_000
HOSTILE = (
    "'; DROP TABLE control; --",
    "' OR 1=1 --",
    "{env:String}",
    "$(touch /tmp/x)",
    '<script>alert("x")</script>',
    "%00",
    "a%0Ab",
    "\N{RIGHT-TO-LEFT OVERRIDE}cart",
    "x" * 3000,
)
TABLES = ("control", "derived", "setting", "resource_daily", "operation", "schedule", "collection_request")
CHANGING = [operation for operation in ENDPOINTS if operation.body_model is not None]


def path_of(operation: Endpoint, **values: str) -> str:
    """The path with usual or given values."""
    return filled(operation.path, **values)


async def tables(clickhouse: ClickHouse) -> dict[str, int]:
    """How many rows each table has."""
    statement = " UNION ALL ".join(f"SELECT '{name}' AS t, count() AS n FROM {name}" for name in TABLES)
    return {row["t"]: row["n"] for row in await clickhouse.fetch(statement)}


def refused(answer: Answer) -> None:
    """It was not taken, and says so as everything does."""
    assert 400 <= answer.status < 500, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json"), answer.text
    assert {"title", "status", "detail", "code"} <= set(answer.json)


@pytest.fixture
async def standing(api: Api, clickhouse: ClickHouse) -> dict[str, int]:
    """What the tables hold after one service was registered."""
    await api.change("PUT", f"{SERVICES}/shop/cart", {"replicas_manual": 3})
    return await tables(clickhouse)


BODIES: tuple[bytes, ...] = (
    b"", b"{", b"[]", b"null", b'"text"', b"17", b'{"no_such_field": 1}', b'{"a": NaN}', b"\x00\xff\xfe",
    b'{"note": "\\u0000"}', b"[" * 100_000,
)  # fmt: skip


async def test_no_endpoint_takes_a_body_that_is_none(
    api: Api, clickhouse: ClickHouse, standing: dict[str, int]
) -> None:
    for operation in CHANGING:
        path = path_of(operation)
        for body in BODIES:
            answer = await api.send(operation.method, path, data=body, headers=JSON_TYPE)
            refused(answer)
        xml = await api.send(
            operation.method, path, data=b"<a/>", headers={**JSON_TYPE, "Content-Type": "text/xml"}
        )
        assert xml.status == 415, operation.id
        huge = await api.send(operation.method, path, data=io.BytesIO(b" " * HUGE), headers=JSON_TYPE)
        assert huge.status == 413, operation.id
    assert await tables(clickhouse) == standing


def _hostile_queries(operation: Endpoint) -> Iterator[str]:
    for name in operation.query_model.model_fields:
        for value in HOSTILE:
            yield f"{name}={value}"
    yield "no_such_parameter=1"


async def test_what_is_hostile_in_a_query_is_a_value_or_refused(
    api: Api, clickhouse: ClickHouse, standing: dict[str, int]
) -> None:
    for operation in ENDPOINTS:
        if operation.method != "GET" or "text/event-stream" in operation.media_types:
            continue
        for query in _hostile_queries(operation):
            answer = await api.get(f"{path_of(operation)}?{query}")
            assert answer.status < 500 or answer.json["code"] == "unavailable", (operation.id, query)
            if answer.status != 200:
                refused(answer)
        unknown = await api.get(f"{path_of(operation)}?no_such_parameter=1")
        assert unknown.status in {400, 409}, (operation.id, unknown.text)
    assert await tables(clickhouse) == standing


async def test_what_is_hostile_in_a_path_is_a_name_or_refused(
    api: Api, clickhouse: ClickHouse, standing: dict[str, int]
) -> None:
    for operation in ENDPOINTS:
        for name in operation.path_model.model_fields:
            for value in HOSTILE[:6]:
                path = path_of(operation, **{name: value.replace("/", "%2F").replace("<", "%3C")})
                options = {} if operation.body_model is None else {"data": b"{}"}
                answer = await api.send(operation.method, path, headers=JSON_TYPE, **options)
                assert answer.status < 500, (operation.id, name, value, answer.text)
                if answer.status >= 400:
                    refused(answer)
    assert await tables(clickhouse) == standing


async def test_a_version_that_is_none_is_refused(api: Api, standing: dict[str, int]) -> None:
    for operation in (one for one in ENDPOINTS if one.if_match):
        for version in ("x", "-1", "1.5", "1'; --", "9" * 30, "*"):
            options: dict[str, Any] = {"headers": {**JSON_TYPE, "If-Match": version}}
            if operation.body_model is not None:
                options["data"] = b"{}"
            refused(await api.send(operation.method, path_of(operation), **options))
