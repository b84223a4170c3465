"""Sign-in through a real nginx, and what is tried against it and around it."""

from __future__ import annotations

import base64
import io
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest

from kubedoor_api.auth.login_throttle import LoginThrottle
from kubedoor_api.auth.token import AUDIENCE, LEEWAY_S, key_id
from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from support.api import PASSWORD, SECRET, SERVICES, Answer, Api, serving, write_htpasswd
from support.nginx import nginx
from support.waiting import until

ME = "/api/v1/me"


@dataclass
class Door:
    """nginx's address, and the API behind it."""

    session: aiohttp.ClientSession
    url: str
    api: Api

    async def get(self, path: str, user: str = "", password: str = "", **options: Any) -> Answer:
        """Ask nginx, with Basic credentials where a user is given."""
        return await self.send("GET", path, user, password, **options)

    async def send(
        self, method: str, path: str, user: str = "", password: str = "", **options: Any
    ) -> Answer:
        """Send a request to nginx."""
        headers = dict(options.pop("headers", {}))
        if user:
            encoded = base64.b64encode(f"{user}:{password}".encode()).decode()
            headers["Authorization"] = f"Basic {encoded}"
        async with self.session.request(method, self.url + path, headers=headers, **options) as answer:
            return Answer(answer.status, answer.headers.copy(), await answer.text())


@pytest.fixture
async def door(clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path) -> AsyncIterator[Door]:
    """Nginx before an API whose users alice, bob and nobody are an operator, a viewer and without a role."""
    write_htpasswd(tmp_path / "htpasswd", alice=PASSWORD, bob="bob's", nobody="no role", zoë="pässword")
    roles = {"users": {"alice": "operator", "bob": {"role": "viewer"}, "zoë": "admin"}}
    (tmp_path / "roles.yaml").write_text(json.dumps(roles))
    changed = settings.model_copy(update={"roles_file": str(tmp_path / "roles.yaml")})
    async with serving(changed) as api, aiohttp.ClientSession() as session:
        server = api.client.server
        with nginx(tmp_path, f"{server.host}:{server.port}") as url:
            yield Door(session, url, api)


async def test_the_right_password_opens_pages_and_the_api(door: Door) -> None:
    page = await door.get("/", "alice", PASSWORD)
    assert (page.status, "KubeDoor" in page.text) == (200, True)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert (await door.get("/services/shop/cart", "alice", PASSWORD)).status == 200
    assert (
        (await door.get("/assets/app-1.js", "alice", PASSWORD))
        .headers["Content-Type"]
        .startswith("text/javascript")
    )
    assert (await door.get("/assets/none.js", "alice", PASSWORD)).status == 404
    me = await door.get(ME, "alice", PASSWORD)
    assert (me.json["name"], me.json["role"]) == ("alice", "operator")
    assert (await door.get(ME, "zoë", "pässword")).json["role"] == "admin"


NOT_USERS = [
    ("", ""),
    ("alice", "wrong"),
    ("mallory", "x"),
    ("alice", ""),
    ("*)(uid=*", "x"),
    ("alice:x", "y"),
    ("a\nb", "x"),
]


async def test_anything_else_does_not(door: Door) -> None:
    for number, (user, password) in enumerate(NOT_USERS):
        path = (ME, "/", SERVICES)[number % 3]
        answer = await door.get(path, user, password)
        assert answer.status == 401, user
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="KubeDoor", charset="UTF-8"'
    problem = await door.get(ME)
    assert problem.headers["Content-Type"].startswith("application/problem+json")


async def test_hashed_assets_need_no_sign_in_and_are_served_while_the_api_is_away(door: Door) -> None:
    assert (await door.get("/assets/app-1.js")).status == 200
    await door.api.client.close()
    assert (await door.get("/", "alice", PASSWORD)).status == 503
    asset = await door.get("/assets/app-1.js")
    assert (asset.status, "immutable" in asset.headers["Cache-Control"]) == (200, True)


async def test_who_has_no_role_is_told_so(door: Door) -> None:
    answer = await door.get(ME, "nobody", "no role")
    assert (answer.status, "no role" in answer.json["detail"]) == (403, True)
    assert (await door.get("/", "nobody", "no role")).status == 403


async def test_roles_hold_through_nginx(door: Door) -> None:
    body = {"json": {"replicas_manual": 1}}
    assert (await door.send("PUT", f"{SERVICES}/shop/cart", "bob", "bob's", **body)).status == 403
    assert (await door.send("PUT", f"{SERVICES}/shop/cart", "alice", PASSWORD, **body)).status == 201


@pytest.fixture
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two seconds that a guesser waits at first are not over before the next attempt, however late."""
    monkeypatch.setattr(LoginThrottle.__init__, "__defaults__", (lambda: 0.0,))


@pytest.mark.usefixtures("standing_clock")
async def test_guessing_is_slowed_for_the_guesser_alone(door: Door) -> None:
    for _ in range(6):
        await door.get(ME, "alice", "wrong")
    slowed = await door.get(ME, "alice", PASSWORD)
    assert slowed.status == 429
    assert int(slowed.headers["Retry-After"]) > 0
    assert (await door.get(ME, "bob", "bob's")).status == 200


async def test_a_browser_can_be_made_to_forget_the_password(door: Door, tmp_path: Path) -> None:
    asked = await door.get("/sign-out", "alice", PASSWORD)
    assert (asked.status, asked.headers["WWW-Authenticate"][:12]) == (401, "Basic realm=")
    left = await door.get("/sign-out", "signed-out", "x")
    assert (left.status, "WWW-Authenticate" in left.headers) == (200, False)
    assert left.headers["Cache-Control"] == "no-cache"
    write_htpasswd(tmp_path / "htpasswd", alice=PASSWORD, **{"signed-out": "x"})
    for _ in range(20):  # a page asks for many files, and none of these is a guess
        out = await door.get(ME, "signed-out", "x")
        assert (out.status, "WWW-Authenticate" in out.headers) == (401, True)
    assert (await door.get(ME, "alice", PASSWORD)).status == 200


async def test_an_unreadable_user_file_is_said_to_be_that(door: Door, tmp_path: Path) -> None:
    (tmp_path / "htpasswd").unlink()
    answer = await door.get(ME, "alice", PASSWORD)
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    write_htpasswd(tmp_path / "htpasswd", alice=PASSWORD)
    assert (await door.get(ME, "alice", PASSWORD)).status == 200


async def test_a_removed_user_is_out_and_health_is_not_proxied(door: Door, tmp_path: Path) -> None:
    for path in ("/api/v1/auth", "/_kubedoor_auth"):
        assert (await door.get(path, "alice", PASSWORD)).status == 404
    for path in ("/healthz", "/readyz", "/metrics"):
        answer = await door.get(path, "alice", PASSWORD)
        assert "<!doctype html>" in answer.text
        assert (await door.api.get(path)).status == 200


async def test_a_change_from_another_site_is_refused(door: Door) -> None:
    path, body = f"{SERVICES}/shop/cart", {"replicas_manual": 1}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = await door.send("PUT", path, "alice", PASSWORD, json=body, headers=headers)
        assert answer.status == 403, headers
    form = await door.send("PUT", path, "alice", PASSWORD, data={"replicas_manual": "1"})
    assert form.status == 415
    own = await door.send("PUT", path, "alice", PASSWORD, json=body, headers={"Origin": door.url})
    assert own.status == 201


async def test_nginx_itself_answers_when_the_api_is_away_or_the_body_too_large(
    door: Door, tmp_path: Path
) -> None:
    huge = await door.send(
        "PUT", f"{SERVICES}/shop/cart", "alice", PASSWORD, data=io.BytesIO(b"x" * 9_000_000)
    )
    assert (huge.status, huge.json["status"]) == (413, 413)
    await door.api.client.close()
    away = await door.get(ME, "alice", PASSWORD)
    assert (away.status, away.headers["Retry-After"], away.json["status"]) == (503, "2", 503)


def forged(secret: str = SECRET, algorithm: str = "HS256", kid: str | None = None, **claims: Any) -> str:
    """A token that somebody made."""
    now = int(time.time())
    grants = [{"role": "admin", "env": ".*", "namespace": ".*"}]
    body = {
        "sub": "m",
        "role": "admin",
        "grants": grants,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + 60,
        **claims,
    }
    headers = {"kid": key_id(SECRET) if kid is None else kid}
    return jwt.encode(body, secret if algorithm != "none" else "", algorithm, headers=headers)


async def test_around_nginx_only_a_good_token_is_believed(api: Api) -> None:
    other = "another secret that is long enough to sign with"
    long = "a" * 64
    assert (await api.send("GET", ME, headers={"Authorization": f"Bearer {forged()}"})).status == 200
    bad = {
        "expired": forged(exp=int(time.time()) - LEEWAY_S - 1),
        "signed by another": forged(other),
        "signed by another, its key named": forged(other, kid=key_id(other)),
        "no algorithm": forged(algorithm="none"),
        "another algorithm": forged(long + SECRET, "HS512"),
        "another audience": forged(aud="somebody-else"),
        "no expiry": jwt.encode({"sub": "m", "aud": AUDIENCE}, SECRET, headers={"kid": key_id(SECRET)}),
        "unknown role": forged(grants=[{"role": "root"}]),
        "nonsense": "a.b.c",
        "empty": "",
    }
    for what, token in bad.items():
        answer = await api.send("GET", ME, headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 401, what
    spoofed = {
        "X-Remote-User": "admin",
        "X-Forwarded-User": "admin",
        "Remote-User": "admin",
        "X-KubeDoor-Token": forged(),
    }
    for authorization in ("", "Basic YWxpY2U6Y29ycmVjdCBob3JzZQ=="):
        headers = {**spoofed, "Authorization": authorization}
        assert (await api.send("GET", ME, headers=headers)).status == 401


async def test_keys_can_be_rotated(clickhouse: ClickHouse, settings: ApiSettings) -> None:
    old, new = "the old secret which is being retired", "the new secret which is long enough"
    rotating = ApiSettings.model_validate({**settings.model_dump(), "jwt_secret": f"{new},{old}"})
    async with serving(rotating) as api:
        token = forged(old, kid=key_id(old))
        assert (await api.send("GET", ME, headers={"Authorization": f"Bearer {token}"})).status == 200
        assert (await api.send("GET", ME, headers={"Authorization": f"Bearer {forged()}"})).status == 401


async def test_a_token_has_the_rights_that_its_maker_gives_it_and_none_beyond_their_own(door: Door) -> None:
    body = {"name": "logs", "role": "viewer", "may": ["logs"]}
    made = await door.api.change("POST", "/api/v1/tokens", body)
    assert (made.status, made.json["grant"]["may"]) == (201, ["logs"])
    me = await door.get(ME, headers={"Authorization": f"Bearer {made.json['token']}"})
    assert me.json["grants"][0]["may"] == ["logs"]
    plain = await door.api.change("POST", "/api/v1/tokens", {"name": "ops", "role": "operator"})
    assert plain.json["grant"]["may"] == ["logs", "diagnose", "isolate", "delete"]
    shell = {"name": "shell", "role": "operator", "may": ["exec"]}
    refused = await door.api.change("POST", "/api/v1/tokens", shell)
    assert (refused.status, refused.json["code"]) == (403, "right_missing")
    beyond = await door.api.change("POST", "/api/v1/tokens", {**body, "may": ["delete"]})
    assert (beyond.status, beyond.fields) == (400, {"may"})


async def test_a_script_signs_in_with_a_token_until_it_is_revoked(door: Door) -> None:
    body = {"name": "ci", "role": "viewer", "env": "te.*", "days": 1}
    made = await door.api.change("POST", "/api/v1/tokens", body)
    assert made.status == 201
    token = made.json["token"]
    headers = {"Authorization": f"Bearer {token}"}
    me = await door.get(ME, headers=headers)
    assert (me.status, me.json["name"], me.json["role"]) == (200, "token:ci", "viewer")
    assert (await door.get(SERVICES, headers=headers)).status == 200
    listed = await door.api.get("/api/v1/tokens")
    assert [item["id"] for item in listed.json["items"]] == [made.json["id"]]
    assert token not in listed.text
    assert (await door.api.send("GET", ME, headers=headers)).status == 401
    wrong = {"Authorization": f"Bearer {token[:-1]}{'A' if token[-1] != 'A' else 'B'}"}
    assert (await door.get(ME, headers=wrong)).status == 401
    for text in ("kd_x", "x", "kd_" + "0" * 16 + "_" + "a" * 43, forged()):
        assert (await door.get(ME, headers={"Authorization": f"Bearer {text}"})).status == 401
    assert (await door.api.change("DELETE", f"/api/v1/tokens/{made.json['id']}")).status == 204
    assert (await door.api.change("DELETE", f"/api/v1/tokens/{made.json['id']}")).status == 404

    async def refused() -> bool:
        return (await door.get(ME, headers=headers)).status == 401

    assert await until(refused)
    for text, role, env in (("", "viewer", ".*"), ("a", "root", ".*"), ("a", "viewer", "(")):
        bad = {"name": text, "role": role, "env": env}
        assert (await door.api.change("POST", "/api/v1/tokens", bad)).status == 400
