"""What stands at the door: whose word is taken for an address, and what nginx refuses by itself."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from support.api import PASSWORD, PROXY_SECRET, SERVICES, Answer, Api, serving, write_htpasswd
from support.nginx import nginx
from support.waiting import until

SPOOFED = "1.1.1.1"
ME, AUTH = "/api/v1/me", "/api/v1/auth"


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
async def api(clickhouse: ClickHouse, settings: ApiSettings) -> AsyncIterator[Api]:
    """An API with two users, which looks at each password each time."""
    write_htpasswd(Path(settings.htpasswd_file), alice=PASSWORD, bob="bob's")
    async with serving(settings.model_copy(update={"credential_cache_s": 0})) as running:
        yield running


def address_of(api: Api) -> str:
    return f"{api.client.server.host}:{api.client.server.port}"


async def ask(url: str, headers: dict[str, str], method: str = "GET", **options: Any) -> Answer:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, headers=headers, **options) as answer,
    ):
        return Answer(answer.status, answer.headers.copy(), await answer.text())


async def expect_remotes(api: Api, actor: str, addresses: set[str]) -> None:
    """Wait until the audit says that somebody signed in from these addresses and no others."""

    async def as_expected() -> bool:
        rows = (await api.get(f"/api/v1/audit?action=signIn&actor={actor}")).json["items"]
        found = {row["remote"] for row in rows}
        assert found <= addresses
        return found == addresses

    await until(as_expected)


async def test_an_address_is_believed_from_nginx_alone(api: Api, tmp_path: Path) -> None:
    spoofed = {"X-Real-IP": "203.0.113.9", "X-Forwarded-For": "203.0.113.9"}
    for proof in ({}, {"X-KubeDoor-Proxy": ""}, {"X-KubeDoor-Proxy": PROXY_SECRET[:-1] + "x"}):
        answer = await api.get(AUTH, headers={**basic("alice", PASSWORD), **spoofed, **proof})
        assert answer.status == 204
    made = await api.send("PUT", f"{SERVICES}/shop/cart", headers=spoofed, json={})
    assert made.status == 201
    rows = (await api.get("/api/v1/audit?action=registerService")).json["items"]
    rows = rows or (await api.get("/api/v1/audit?name=cart")).json["items"]
    assert {row["remote"] for row in rows} == {"127.0.0.1"}
    await expect_remotes(api, "alice", {"127.0.0.1"})
    # Nor does another address each time keep a guesser from being slowed.
    refusals = []
    for number in range(12):
        headers = {**basic("bob", f"wrong-{number}"), "X-Real-IP": f"203.0.113.{number}"}
        refusals.append((await api.get(AUTH, headers=headers)).headers.get("X-KubeDoor-Refusal"))
    assert "slow" in refusals
    proven = {"X-KubeDoor-Proxy": PROXY_SECRET}
    for told in ("198.51.100.7", "2001:db8::7"):
        headers = {**basic("bob", "bob's"), **proven, "X-Real-IP": told}
        assert (await api.get(AUTH, headers=headers)).status == 204
    nonsense = {**basic("alice", PASSWORD), **proven, "X-Real-IP": "no address"}
    assert (await api.get(AUTH, headers=nonsense)).status == 204
    await expect_remotes(api, "bob", {"198.51.100.7", "2001:db8::7"})
    await expect_remotes(api, "alice", {"127.0.0.1"})


@pytest.mark.parametrize("trusted", [True, False])
async def test_behind_a_proxy_everybody_has_their_own_address_where_it_is_trusted(
    api: Api, tmp_path: Path, trusted: bool
) -> None:
    proxies = ["127.0.0.0/8", "10.0.0.0/8"] if trusted else []
    with nginx(tmp_path, address_of(api), trusted_proxies=proxies) as url:
        for number in range(40):
            headers = {
                **basic(f"user-{number}", "wrong"),
                "X-Forwarded-For": "1.1.1.1, 203.0.113.5, 10.0.0.1",
            }
            await ask(url + ME, headers)
        other = {**basic("alice", PASSWORD), "X-Forwarded-For": "198.51.100.7"}
        assert (await ask(url + ME, other)).status == (200 if trusted else 429)
        if trusted:
            guesser = {**basic("bob", "bob's"), "X-Forwarded-For": "203.0.113.5"}
            assert (await ask(url + ME, guesser)).status == 429
            await expect_remotes(api, "alice", {"198.51.100.7"})


async def test_who_was_let_in_lately_is_not_held_up_by_guessers_at_the_same_address(
    api: Api, tmp_path: Path
) -> None:
    with nginx(tmp_path, address_of(api)) as url:
        assert (await ask(url + ME, basic("alice", PASSWORD))).status == 200
        statuses = [(await ask(url + ME, basic(f"user-{number}", "wrong"))).status for number in range(40)]
        assert statuses[-1] == 429
        assert (await ask(url + ME, basic("bob", "bob's"))).status == 429
        assert (await ask(url + ME, basic("alice", PASSWORD))).status == 200


async def test_two_hundred_wrong_passwords_at_once_are_not_all_looked_at(api: Api, tmp_path: Path) -> None:
    with nginx(tmp_path, address_of(api)) as url:
        wrong = [ask(url + ME, basic("alice", f"wrong-{number}")) for number in range(200)]
        answers = await asyncio.gather(*wrong)
        assert {answer.status for answer in answers} == {401, 429}
        assert sum(answer.status == 401 for answer in answers) <= 20
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers if answer.status == 429)


async def raw(url: str, request: str) -> tuple[int, str]:
    """Send a request as it is; return status and body."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.encode("latin-1"))
    answer = (await asyncio.wait_for(reader.read(), 60)).decode()
    writer.close()
    head, _, body = answer.partition("\r\n\r\n")
    return int(head.split(" ")[1]), body


async def test_too_large_headers_and_no_host_are_said_to_be_that(api: Api, tmp_path: Path) -> None:
    with nginx(tmp_path, address_of(api)) as url:
        signed = basic("alice", PASSWORD)
        for size in (9_000, 12_000, 16_000, 60_000):
            for name in ("X-Large", "Authorization", "Cookie"):
                answer = await ask(url + ME, {**signed, name: "Basic " + "x" * size})
                assert (answer.status, answer.json["code"]) == (431, "headers_too_large"), (name, size)
        many = {f"X-Header-{number}": "x" * 7_000 for number in range(6)}
        assert (await ask(url + ME, {**signed, **many})).status == 431
        assert (await ask(url + ME, {**signed, "X-Large": "x" * 7_900})).status == 200
        assert (await ask(url + ME, {**signed, **{f"X-{n}": "x" for n in range(500)}})).status == 200
        long = await ask(f"{url}{SERVICES}?q={'x' * 9_000}", signed)
        assert (long.status, long.json["code"]) == (414, "address_too_long")
        credentials = f"Authorization: {signed['Authorization']}\r\n"
        for head in (
            f"GET {ME} HTTP/1.0\r\n{credentials}",
            f"GET {ME} HTTP/1.1\r\n{credentials}",
            f"GET / HTTP/1.0\r\n{credentials}",
            f"GET {ME} HTTP/1.1\r\nConnection: close\r\nHost: a\x01b\r\n{credentials}",
            f"GET {ME} HTTP/1.1\r\nConnection: close\r\nHost: a<b\r\n{credentials}",
        ):
            status, body = await raw(url, head + "\r\n")
            assert (status, json.loads(body)["code"]) == (400, "invalid"), head
        assert (await raw(url, "nonsense\r\n\r\n"))[0] == 400
        old = f"GET {ME} HTTP/1.0\r\nHost: kubedoor\r\n"
        assert (await raw(url, f"{old}{credentials}\r\n"))[0] == 200
        assert (await raw(url, f"{old}Authorization: Basic \x01\r\n\r\n"))[0] == 401


async def test_somebody_with_many_grants_is_let_in(
    clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path
) -> None:
    grants = [{"role": "viewer", "namespace": f"team-{number}-.*"} for number in range(150)]
    (tmp_path / "roles.yaml").write_text(json.dumps({"users": {"alice": grants}}))
    changed = settings.model_copy(update={"roles_file": str(tmp_path / "roles.yaml")})
    async with serving(changed) as api:
        with nginx(tmp_path, address_of(api)) as url:
            me = await ask(url + ME, basic("ALICE", PASSWORD))
            assert (me.status, me.json["name"]) == (200, "alice")


async def test_log_ins_that_fail_are_gathered_in_the_audit(
    clickhouse: ClickHouse, settings: ApiSettings
) -> None:
    async with serving(settings) as api:
        for number in range(60):
            await api.get(AUTH, headers=basic("bob" * 300 if number else "carol", f"wrong-{number}"))
    async with serving(settings) as api:
        rows = (await api.get("/api/v1/audit?action=signIn")).json["items"]
        assert len(rows) == 1
        assert rows[0]["after"]["attempts"] == 60
        assert len(rows[0]["after"]["names"]) == 2
        assert max(map(len, rows[0]["after"]["names"])) == 64
