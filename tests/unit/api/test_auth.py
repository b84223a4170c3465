"""Sign-in's parts without a server: credentials, htpasswd, roles, slowing down."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from passlib.apache import HtpasswdFile

from kubedoor_api.auth.credentials import Identity, basic
from kubedoor_api.auth.htpasswd import Htpasswd
from kubedoor_api.auth.role_file import Roles
from kubedoor_api.auth.roles import Grant, Role, allowed
from kubedoor_api.auth.slowdown import FREE_PER_ADDRESS, FREE_PER_PAIR, LONGEST_WAIT_S, Slowdown
from kubedoor_core.errors import UnavailableError
from kubedoor_core.settings import BadSettingError


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


def test_guessing_waits_longer_each_time_and_is_forgotten_on_success() -> None:
    now = [1000.0]
    slow = Slowdown(lambda: now[0])
    for _ in range(FREE_PER_PAIR - 1):
        slow.failed("alice", "a")
    assert slow.wait_s("alice", "a") == 0
    slow.failed("alice", "a")
    assert slow.wait_s("alice", "a") == 2
    slow.failed("alice", "a")
    assert slow.wait_s("alice", "a") == 4
    assert slow.wait_s("alice", "elsewhere") == 0
    assert slow.wait_s("bob", "a") == 0
    now[0] += 4
    assert slow.wait_s("alice", "a") == 0
    slow.succeeded("alice", "a")
    slow.failed("alice", "a")
    assert slow.wait_s("alice", "a") == 0
    for number in range(FREE_PER_ADDRESS + 20):
        slow.failed(f"u{number}", "b")
    assert slow.wait_s("anybody", "b") == LONGEST_WAIT_S


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


def test_without_a_role_file_everybody_is_an_administrator() -> None:
    assert Roles(None).of(Identity("a")) == (Grant(role=Role.ADMIN),)
