"""Sign-in's parts without a server: credentials, htpasswd, roles, slowing down."""

from __future__ import annotations

import base64
import time
from pathlib import Path

import jwt
import pytest
from passlib.apache import HtpasswdFile
from passlib.hash import apr_md5_crypt, bcrypt, sha256_crypt

from kubedoor_api.access.roles import Grant, Role, allowed
from kubedoor_api.auth import htpasswd
from kubedoor_api.auth.credentials import Identity, basic
from kubedoor_api.auth.htpasswd import CONTEXT, Htpasswd, Kind, kind_of
from kubedoor_api.auth.people import Roles
from kubedoor_api.auth.token import AUDIENCE, LEEWAY_S, Tokens, key_id
from kubedoor_core.errors import UnavailableError
from kubedoor_core.problems import Problem
from kubedoor_core.settings import BadSettingError
from support.api import write_htpasswd

KEY = "a key for this test and long enough"


def header(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_credentials_are_read_and_nonsense_is_not() -> None:
    assert basic(header("a:b:c")) == ("a", "b:c")
    assert basic(header("zoë:ü")) == ("zoë", "ü")
    bad = [
        "",
        "Basic",
        "Basic !!!",
        "Bearer x",
        header("nocolon"),
        header(":x"),
        header("a:"),
        header("a\0:b"),
    ]
    bad += [
        header("a:b\0"),
        header("a\n:b"),
        header("a" * 2000 + ":b"),
        "Basic " + base64.b64encode(b"\xff:x").decode(),
    ]
    for text in bad:
        assert basic(text) is None, text


@pytest.mark.parametrize("scheme", ["bcrypt", "apr_md5_crypt", "sha512_crypt", "sha256_crypt"])
async def test_every_kind_of_hash_is_taken(tmp_path: Path, scheme: str) -> None:
    file = HtpasswdFile(str(tmp_path / "h"), new=True, default_scheme=scheme)
    file.set_password("alice", "right")
    file.save()
    users = Htpasswd(tmp_path / "h")
    assert await users.check("alice", "right") == Identity("alice")
    assert await users.check("alice", "wrong") is None
    assert await users.check("bob", "right") is None
    assert await users.check("a:b", "right") is None


async def test_other_hashes_let_nobody_in_and_changes_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "h"
    path.write_text("plain:right\nold:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=\n")
    users = Htpasswd(path)
    assert await users.check("plain", "right") is None
    assert await users.check("old", "admin") is None
    path.unlink()
    with pytest.raises(UnavailableError):
        await users.check("plain", "right")


def test_a_role_file_gives_roles_by_user_and_group(tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text(
        "users:\n  alice: admin\n  bob: {role: operator, env: prod, namespace: shop-.*}\n"
        "groups:\n  cn=Ops,ou=groups: operator\n  readers: [{role: viewer}]\n"
    )
    roles = Roles(path)
    assert roles.of(Identity("alice"))[0].role is Role.ADMIN
    (bob,) = roles.of(Identity("bob"))
    assert allowed((bob,), Role.OPERATOR, "prod", "shop-a")
    assert not allowed((bob,), Role.OPERATOR, "prod", "shop")
    assert not allowed((bob,), Role.VIEWER, "prod", None)
    assert not allowed((bob,), Role.VIEWER, "test", "shop-a")
    by_group = roles.of(Identity("eve", ("CN=ops,OU=groups", "cn=Readers,dc=x")))
    assert {grant.role for grant in by_group} == {Role.OPERATOR, Role.VIEWER}
    assert roles.of(Identity("nobody")) == ()


@pytest.mark.parametrize(
    "text", ["users: {a: root}", "users: [", "x: 1", "users: {a: {role: admin, env: '('}}"]
)
def test_a_bad_role_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "roles.yaml").write_text(text)
    with pytest.raises(BadSettingError, match="KUBEDOOR_ROLES_FILE"):
        Roles(tmp_path / "roles.yaml")


def test_a_name_is_one_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text("users:\n  Alice: admin\n  ZOE\u0308: viewer\n")
    for typed in ("alice", "ALICE", " Alice "):
        assert Identity(typed) == Identity("alice")
        assert Roles(path).of(Identity(typed))[0].role is Role.ADMIN
    assert Roles(path).of(Identity("zo\u00eb"))[0].role is Role.VIEWER
    path.write_text("users: {alice: admin, ALICE: viewer}")
    with pytest.raises(BadSettingError, match="'alice' is duplicated"):
        Roles(path)


async def test_a_user_of_the_file_is_one_in_any_case_and_two_are_nobody(tmp_path: Path) -> None:
    write_htpasswd(tmp_path / "h", Alice="right", bob="first", BOB="second")
    users = Htpasswd(tmp_path / "h")
    for typed in ("alice", "Alice", "ALICE"):
        assert await users.check(typed, "right") == Identity("alice")
    for password in ("first", "second"):
        assert await users.check("bob", password) is None


KINDS = {
    "bcrypt": bcrypt.using(rounds=4),
    "costly": bcrypt.using(rounds=5),
    "apr1": apr_md5_crypt,
    "sha": sha256_crypt.using(rounds=1000),
}


async def test_as_much_is_hashed_for_everybody_whoever_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{name}:{handler.hash('right')}" for name, handler in KINDS.items()]
    (tmp_path / "h").write_text("\n".join([*lines, f"twin:{KINDS['apr1'].hash('right')}", "plain:right"]))
    done: list[Kind | None] = []
    monkeypatch.setattr(htpasswd, "verify", lambda password, hashed: _noted(done, password, hashed))
    users, work = Htpasswd(tmp_path / "h"), []
    for user in (*KINDS, "twin", "plain", "nobody", "a:b", "x" * 300):
        for password in ("wrong", "right"):
            right = await users.check(user, password)
            assert (right is not None) == (password == "right" and user in {*KINDS, "twin"}), user
            work.append(tuple(done))
            done.clear()
    assert len(set(work)) == 1
    assert len(work[0]) == len(KINDS)


def _noted(done: list[Kind | None], password: str, hashed: str) -> bool:
    done.append(kind_of(hashed))
    return bool(CONTEXT.verify(password, hashed))


def _token(issued_s: int, lasts_s: int = 60) -> str:
    claims = {"sub": "a", "role": "viewer", "grants": [{"role": "viewer"}], "aud": AUDIENCE}
    times = {"iat": issued_s, "exp": issued_s + lasts_s}
    return jwt.encode({**claims, **times}, KEY, headers={"kid": key_id(KEY)})


def test_clocks_may_differ_by_some_seconds_and_no_more() -> None:
    tokens, now = Tokens((KEY,), 60), int(time.time())
    for issued in (now + 10, now - 60 - 10):
        assert tokens.verify(_token(issued)).name == "a"
    for issued in (now + LEEWAY_S + 600, now - 60 - LEEWAY_S):
        with pytest.raises(Problem):
            tokens.verify(_token(issued))


def test_without_a_role_file_everybody_is_an_administrator() -> None:
    assert Roles(None).of(Identity("a")) == (Grant(role=Role.ADMIN),)
