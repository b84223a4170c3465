"""Answers that are put together piece by piece are the whole, compressed or not."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from kubedoor_api.web.encoded_body import LARGE, listed, send_encoded
from kubedoor_api.web.fields import Model


class Item(Model):
    """One of many."""

    name: str


class Items(Model):
    """Many."""

    items: list[Item]
    total: int


async def prepared_of(count: int, limit: int = 100_000, offset: int = 0) -> Any:
    async def part(limit: int, offset: int) -> AsyncIterator[tuple[str, int]]:
        for number in range(count)[offset : offset + limit]:
            yield f"item {number} 高峰", count

    return await listed(
        part, lambda name: Item(name=name), lambda total: Items(items=[], total=total), limit, offset
    )


@pytest.mark.parametrize("count", [0, 1, 3, 50_000])
async def test_a_list_is_the_whole_list(count: int) -> None:
    made = await prepared_of(count)
    body = gzip.decompress(made.body) if made.compressed else made.body
    assert made.compressed == (len(body) >= LARGE)
    found = Items.model_validate_json(body)
    assert (found.total, [item.name for item in found.items]) == (
        count,
        [f"item {number} 高峰" for number in range(count)],
    )


@pytest.mark.parametrize(
    ("count", "limit", "offset", "names"),
    [(3, 2, 0, [0, 1]), (3, 2, 2, [2]), (3, 2, 4, []), (0, 2, 0, []), (0, 2, 4, [])],
)
async def test_every_part_tells_how_many_there_are(
    count: int, limit: int, offset: int, names: list[int]
) -> None:
    """A part beyond the last one too, which has no row to tell it."""
    found = Items.model_validate_json((await prepared_of(count, limit, offset)).body)
    assert found.total == count
    assert [item.name for item in found.items] == [f"item {number} 高峰" for number in names]


@pytest.mark.parametrize("accepts", ["gzip, br", "identity"])
@pytest.mark.parametrize("count", [3, 50_000])
async def test_everybody_gets_it_as_they_take_it(accepts: str, count: int) -> None:
    made = await prepared_of(count)

    async def answer(request: web.Request) -> web.StreamResponse:
        return await send_encoded(request, made, {"Cache-Control": "no-store"})

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestClient(TestServer(app), auto_decompress=False) as client:
        response = await client.get("/", headers={"Accept-Encoding": accepts})
        body = await response.read()
        encoding = response.headers.get("Content-Encoding", "")
        assert (encoding == "gzip") == (made.compressed and "gzip" in accepts)
        assert response.headers["Vary"] == "Accept-Encoding"
        text = gzip.decompress(body) if encoding else body
        assert json.loads(text)["total"] == count
