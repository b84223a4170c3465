"""Grafana behind a real nginx: who is let through, what it is told, and what a client can't tell it."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import ValidationError

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from support.api import PASSWORD, Api, api_settings, serving, write_htpasswd
from support.nginx import nginx

KEY = ec.generate_private_key(ec.SECP256R1())
PAGE = "/grafana/d/kubedoor-cluster/?var-env=a%20b&kiosk"
PASSWORDS = {"root": PASSWORD, "bob": "bob's", "ada": "ada's", "nobody": "no role"}
ROLES = {
    "users": {
        "root": "admin",
        "bob": "viewer",
        "ada": {"role": "admin", "namespace": "shop"},
    }
}


def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = KEY) -> str:
    """A key as Helm and OpenSSL write it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


@dataclass
class Grafana:
    """Stands in for Grafana: remembers what reached it, and sends what Grafana would."""

    seen: list[web.Request] = field(default_factory=list)
    status: int = 200

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer everything."""
        self.seen.append(request)
        if request.headers.get("Upgrade") == "websocket":
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.send_str("hello")
            await socket.close()
            return socket
        headers = {"X-Frame-Options": "deny", "Set-Cookie": "grafana_session=1", "WWW-Authenticate": "Basic"}
        return web.Response(text="Grafana", status=self.status, headers=headers)

    def claims(self) -> dict[str, Any]:
        """What the token says that reached it last; verified as Grafana does with its key_file."""
        token = self.seen[-1].headers["X-JWT-Assertion"]
        assert "kid" not in jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token, KEY.public_key(), ["ES256"], audience="grafana", issuer="kubedoor"
        )
        return claims


@dataclass
class Door:
    """nginx's address, and what is behind it."""

    session: aiohttp.ClientSession
    url: str
    api: Api
    grafana: Grafana

    async def send(
        self, method: str, path: str, user: str = "", **headers: str
    ) -> tuple[int, str, Mapping[str, str]]:
        """Send a request as a user: status, text, headers."""
        if user:
            encoded = base64.b64encode(f"{user}:{PASSWORDS[user]}".encode()).decode()
            headers["Authorization"] = f"Basic {encoded}"
        request = self.session.request(method, self.url + path, headers=headers, allow_redirects=False)
        async with request as answer:
            return answer.status, await answer.text(), answer.headers

    async def status(self, method: str, path: str, user: str = "", **headers: str) -> int:
        """Send a request as a user: its status."""
        return (await self.send(method, path, user, **headers))[0]


@pytest.fixture
async def door(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> AsyncIterator[Door]:
    """Nginx before an API and a stand-in for Grafana."""
    write_htpasswd(tmp_path / "htpasswd", **PASSWORDS)
    (tmp_path / "roles.yaml").write_text(json.dumps(ROLES))
    settings = api_settings(
        tmp_path,
        clickhouse_settings,
        roles_file=str(tmp_path / "roles.yaml"),
        grafana_url="/grafana/",
        grafana_key=pem(),
    )
    grafana = Grafana()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", grafana.answer)
    async with (
        serving(settings) as api,
        TestServer(app, host="127.0.0.1") as stand_in,
        aiohttp.ClientSession() as session,
    ):
        server = api.client.server
        with nginx(tmp_path, f"{server.host}:{server.port}", f"127.0.0.1:{stand_in.port}") as url:
            yield Door(session, url, api, grafana)


async def test_grafana_is_told_who_has_signed_in(door: Door) -> None:
    status, text, headers = await door.send("GET", PAGE, "root")
    assert (status, text) == (200, "Grafana")
    assert door.grafana.seen[-1].raw_path == PAGE
    claims = door.grafana.claims()
    assert (claims["sub"], claims["role"]) == ("root", "Editor")
    assert claims["exp"] - claims["iat"] == 300
    assert await door.status("GET", PAGE, "bob") == 200
    assert (door.grafana.claims()["sub"], door.grafana.claims()["role"]) == ("bob", "Viewer")
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    assert (await door.send("GET", "/grafana", "root"))[2]["Location"] == "/grafana/"


async def test_nobody_gets_in_without_signing_in(door: Door) -> None:
    for headers in ({}, {"Authorization": "Basic cm9vdDp3cm9uZw=="}, {"Authorization": "Bearer a.b.c"}):
        status, text, answered = await door.send("GET", PAGE, **headers)
        assert (status, text) == (401, "Sign in to see KubeDoor.\n")
        assert answered["WWW-Authenticate"].startswith("Basic")
    assert await door.status("GET", PAGE, "nobody") == 403
    status, text, _ = await door.send("GET", PAGE, "ada")
    assert (status, "a role that holds everywhere" in text) == (403, True)
    assert door.grafana.seen == []


async def test_a_client_cannot_say_that_it_is_somebody_else(door: Door) -> None:
    other = jwt.encode({"sub": "root", "aud": "grafana", "role": "Admin"}, KEY, "ES256")
    spoofed = {
        "X-JWT-Assertion": other,
        "X_JWT_Assertion": other,
        "X-WEBAUTH-USER": "root",
        "X-DS-Authorization": "Basic cm9vdDpyb290",
        "X-Grafana-Id": other,
        "Cookie": "grafana_session=stolen",
        "X-KubeDoor-Token": other,
    }
    assert await door.status("GET", PAGE, **spoofed) == 401
    assert await door.status("GET", f"{PAGE}&auth_token={other}", **spoofed) == 401
    assert door.grafana.seen == []
    assert await door.status("GET", PAGE, "bob", **spoofed) == 200
    assert door.grafana.claims()["sub"] == "bob"
    reached = door.grafana.seen[-1].headers
    assert len(reached.getall("X-JWT-Assertion")) == 1
    for name in ("Authorization", "Cookie", "X-WEBAUTH-USER", "X-DS-Authorization", "X-Grafana-Id"):
        assert name not in reached, name


async def test_the_tokens_are_of_use_nowhere_else(door: Door) -> None:
    assert await door.status("GET", PAGE, "root") == 200
    token = door.grafana.seen[-1].headers["X-JWT-Assertion"]
    assert (
        await door.api.send("GET", "/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    ).status == 401
    for path in ("/api/v1/auth/grafana", "/api/v1/auth", "/_kubedoor_auth_grafana"):
        status, _, headers = await door.send("GET", path, "root")
        assert (status, "X-KubeDoor-Token" in headers) in ((404, False), (200, False)), path


async def test_another_sites_page_changes_nothing(door: Door) -> None:
    path = "/grafana/api/dashboards/db"
    foreign: tuple[dict[str, str], ...] = (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    )
    for headers in foreign:
        assert await door.status("POST", path, "root", **headers) == 403, headers
        assert await door.status("GET", path, "root", **headers, Upgrade="websocket") == 403, headers
    assert door.grafana.seen == []
    assert await door.status("POST", path, "root") == 200
    assert await door.status("POST", path, "root", Origin=door.url) == 200
    assert await door.status("GET", path, "root", **foreign[0]) == 200, (
        "a link from elsewhere may be followed"
    )


async def test_a_channel_is_opened_through_it(door: Door) -> None:
    encoded = base64.b64encode(f"root:{PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {encoded}", "Origin": door.url}
    url = f"{door.url}/grafana/api/live/ws"
    async with door.session.ws_connect(url, headers=headers) as socket:
        assert await socket.receive_str() == "hello"


async def test_grafana_refusing_somebody_does_not_ask_for_the_password_again(door: Door) -> None:
    door.grafana.status = 401
    status, text, headers = await door.send("GET", PAGE, "root")
    assert (status, text) == (401, "Grafana")
    assert "WWW-Authenticate" not in headers


async def test_grafana_away_is_told_and_the_console_goes_on(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    write_htpasswd(tmp_path / "htpasswd", **PASSWORDS)
    configured = api_settings(tmp_path, clickhouse_settings, grafana_url="/grafana/", grafana_key=pem())
    async with serving(configured) as api, aiohttp.ClientSession() as session:
        server = api.client.server
        # A host that no name server knows: nginx starts all the same.
        with nginx(tmp_path, f"{server.host}:{server.port}", "grafana.nowhere.invalid:3000") as url:
            door = Door(session, url, api, Grafana())
            status, text, headers = await door.send("GET", PAGE, "root")
            assert (status, headers["Retry-After"]) == (503, "2")
            assert text.startswith("Grafana can not be reached")
            assert await door.status("GET", "/", "root") == 200


async def test_without_a_grafana_there_is_none(
    clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path
) -> None:
    write_htpasswd(tmp_path / "htpasswd", **PASSWORDS)
    async with serving(settings) as api, aiohttp.ClientSession() as session:
        server = api.client.server
        with nginx(tmp_path, f"{server.host}:{server.port}") as url:
            door = Door(session, url, api, Grafana())
            assert await door.status("GET", PAGE) == 401
            status, text, _ = await door.send("GET", PAGE, "root")
            assert (status, text) == (404, "No Grafana is configured here.\n")
        assert (await api.get("/api/v1/me")).json["grafana_url"] is None


async def test_the_console_hears_where_grafana_is(door: Door, settings: ApiSettings) -> None:
    async def told(api: Api) -> str | None:
        url: str | None = (await api.get("/api/v1/me")).json["grafana_url"]
        return url

    assert await told(door.api) == "/grafana/"
    assert await told(door.api.as_(Role.VIEWER)) == "/grafana/"
    assert await told(door.api.as_(Role.ADMIN, namespace="shop")) is None
    elsewhere = settings.model_copy(update={"grafana_url": "https://grafana.example.org/"})
    async with serving(elsewhere) as api:
        assert await told(api.as_(Role.VIEWER, env="prod")) == "https://grafana.example.org/"


def test_a_wrong_key_is_refused(clickhouse_settings: dict[str, str], tmp_path: Path) -> None:
    def refusal(**given: str) -> str:
        with pytest.raises(ValidationError) as caught:
            api_settings(tmp_path, clickhouse_settings, **given)
        return str(caught.value)

    assert "KUBEDOOR_GRAFANA_KEY is not set" in refusal(grafana_url="/grafana/")
    assert "is no private key" in refusal(grafana_key="nonsense")
    assert "must be an EC key on P-256" in refusal(
        grafana_key=pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    )
    assert "P-256" in refusal(grafana_key=pem(ec.generate_private_key(ec.SECP384R1())))
    for url in ("grafana", "/grafana", "https://grafana.example.org", "javascript:alert(1)/"):
        assert "grafana_url" in refusal(grafana_url=url)
