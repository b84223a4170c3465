"""The embedded ClickHouse behind ClickHouse's HTTP interface: a client can't tell it from a server."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from aiochclient import ChClient

from kubedoor_dev.processes import free_port, stop, wait_for_http


@pytest.fixture
async def http(clickhouse_server: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(clickhouse_server) as session:
        yield session


@pytest.fixture
async def database(http: aiohttp.ClientSession) -> AsyncIterator[str]:
    name = f"http_{uuid.uuid4().hex[:12]}"
    await post(http, f"CREATE DATABASE {name}")
    await post(http, "CREATE TABLE t (n UInt32, s String) ENGINE = MergeTree ORDER BY n", database=name)
    yield name
    await post(http, f"DROP DATABASE {name}")


async def post(http: aiohttp.ClientSession, body: str | bytes, **query: str) -> str:
    async with http.post("/", params=query, data=body) as response:
        text = await response.text()
        assert response.status == 200, text
        return text


async def test_ping(http: aiohttp.ClientSession) -> None:
    for path in ("/ping", "/"):
        async with http.get(path) as response:
            assert (response.status, await response.text()) == (200, "Ok.\n")


async def test_the_query_may_stand_in_the_url_or_in_the_body(http: aiohttp.ClientSession) -> None:
    async with http.get("/", params={"query": "SELECT 1"}) as response:
        assert await response.text() == "1\n"
    assert await post(http, "SELECT 2") == "2\n"
    assert await post(http, b"", query="SELECT 3") == "3\n"


async def test_the_data_of_an_insert_follows_in_the_body(http: aiohttp.ClientSession, database: str) -> None:
    await post(http, b"1\tone\n2\tt\\two\n", query="INSERT INTO t FORMAT TSV", database=database)
    await post(http, b'{"n": 3, "s": "{x}"}', query="INSERT INTO t FORMAT JSONEachRow", database=database)
    await post(http, "INSERT INTO t VALUES (4, 'four')", database=database)
    assert await post(http, "SELECT count(), max(s) FROM t", database=database) == "4\t{x}\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("JSONEachRow", '{"n":1}\n'), ("CSV", "1\n"), ("TSVWithNames", "n\n1\n")],
)
async def test_the_default_format(http: aiohttp.ClientSession, name: str, expected: str) -> None:
    assert await post(http, "SELECT 1 AS n", default_format=name) == expected
    async with http.post("/", data="SELECT 1 AS n", headers={"X-ClickHouse-Format": name}) as response:
        assert await response.text() == expected
        assert response.headers["X-ClickHouse-Format"] == name


async def test_a_format_of_its_own_wins(http: aiohttp.ClientSession) -> None:
    document = json.loads(await post(http, "SELECT 1 AS n FORMAT JSON", default_format="CSV"))
    assert document["data"] == [{"n": 1}]
    assert document["rows"] == 1


async def test_the_database_may_stand_in_a_header(http: aiohttp.ClientSession, database: str) -> None:
    async with http.post(
        "/", data="SELECT currentDatabase()", headers={"X-ClickHouse-Database": database}
    ) as got:
        assert await got.text() == f"{database}\n"


@pytest.mark.parametrize("value", ["plain", "it's", "a\\b", 'say "hi"', "名前", "x'; DROP TABLE t; --"])
async def test_parameters_are_bound(http: aiohttp.ClientSession, value: str) -> None:
    bound = value.replace("\\", "\\\\")
    assert json.loads(await post(http, "SELECT {v:String} AS v FORMAT JSONEachRow", param_v=bound)) == {
        "v": value
    }


async def test_settings_hold_for_one_request_only(http: aiohttp.ClientSession) -> None:
    asked = "SELECT getSetting('max_block_size')"
    usual = await post(http, asked)
    assert await post(http, asked, max_block_size="777") == "777\n"
    assert await post(http, asked) == usual


@pytest.mark.parametrize(
    ("statement", "status", "code"),
    [("SELEC 1", 400, 62), ("SELECT * FROM nowhere", 404, 60), ("SELECT throwIf(1)", 500, 395)],
)
async def test_an_error_is_told_in_clickhouses_words(
    http: aiohttp.ClientSession, statement: str, status: int, code: int
) -> None:
    async with http.post("/", data=statement) as response:
        assert response.status == status
        assert response.headers["X-ClickHouse-Exception-Code"] == str(code)
        text = await response.text()
    assert text.startswith(f"Code: {code}. DB::Exception: ")


async def test_a_get_can_not_write(http: aiohttp.ClientSession, database: str) -> None:
    async with http.get("/", params={"query": "DROP TABLE t", "database": database}) as response:
        assert "readonly" in await response.text()
        assert response.status >= 400


async def test_compressed_bodies(http: aiohttp.ClientSession) -> None:
    body = gzip.compress(b"SELECT 5")
    async with http.post("/", data=body, headers={"Content-Encoding": "gzip"}) as response:
        assert await response.text() == "5\n"


async def test_a_hundred_readers_at_once(http: aiohttp.ClientSession, database: str) -> None:
    await post(http, "INSERT INTO t SELECT number, 'x' FROM numbers(1000)", database=database)
    answers = await asyncio.gather(
        *(post(http, "SELECT sum(n) FROM t", database=database) for _ in range(100))
    )
    assert set(answers) == {"499500\n"}


async def test_aiochclient_works_unchanged(
    clickhouse_server: str, http: aiohttp.ClientSession, database: str
) -> None:
    async with aiohttp.ClientSession() as session:
        client = ChClient(session, url=f"{clickhouse_server}/", database=database)
        assert await client.is_alive()
        await client.execute("INSERT INTO t VALUES", (1, "one"), (2, "two"))
        rows = await client.fetch("SELECT n, s FROM t WHERE s = {s}", params={"s": "two"})
        assert [(row["n"], row["s"]) for row in rows] == [(2, "two")]


@pytest.fixture
def with_password(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "kubedoor_dev.clickhouse",
        "--port",
        str(port),
        "--path",
        str(tmp_path / "d"),
    ]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--user", "kd", "--password", "s3cret"], stdout=log, stderr=log)
    wait_for_http(f"http://127.0.0.1:{port}/ping", process, tmp_path / "log")
    yield f"http://127.0.0.1:{port}"
    stop(process)


async def test_user_and_password_in_each_of_clickhouses_places(with_password: str) -> None:
    headers = {"X-ClickHouse-User": "kd", "X-ClickHouse-Key": "s3cret"}
    basic = {"Authorization": aiohttp.encode_basic_auth("kd", "s3cret")}
    async with aiohttp.ClientSession(with_password) as http:
        assert await post(http, "SELECT 1", user="kd", password="s3cret") == "1\n"
        for right in (headers, basic):
            async with http.post("/", data="SELECT 1", headers=right) as response:
                assert response.status == 200
        for wrong in ({}, {**headers, "X-ClickHouse-Key": "no"}, {"Authorization": "Basic !"}):
            async with http.post("/", data="SELECT 1", headers=wrong) as response:
                assert response.status == 403
                assert "Authentication failed" in await response.text()
