"""Sign-in against a real slapd, alone and through a real nginx."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from ldap3 import Connection

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.ldap import Ldap
from kubedoor_api.auth.people import Roles
from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import UnavailableError
from kubedoor_dev.certificates import make_authority
from support.api import PROXY_SECRET, SECRET, serving
from support.nginx import nginx
from support.slapd import BASE, READER, READER_PASSWORD, Slapd, directory
from support.waiting import until

# ldap3 leaves the socket of a connection that failed to Python's collector, which tells of it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

GROUP = f"cn=Operators,ou=groups,{BASE}"
USER_DN = f"uid={{user}},ou=people,{BASE}"


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    """A directory for the whole module; a test that ends it starts it again."""
    with directory(tmp_path_factory.mktemp("slapd") / "ldap") as running:
        yield running


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Let such a socket be told of here and not in somebody else's test."""
    yield
    gc.collect()


def settings_of(slapd: Slapd, clickhouse: dict[str, str], folder: Path, **more: Any) -> ApiSettings:
    """Settings that bind as the user over StartTLS."""
    roles = {"groups": {"operators": "operator"}}
    (folder / "roles.yaml").write_text(json.dumps(roles))
    given = {name.removeprefix("KUBEDOOR_").lower(): value for name, value in clickhouse.items()}
    return ApiSettings(
        **{
            **given,
            "env": "test",
            "auth_mode": "ldap",
            "jwt_secret": SECRET,
            "proxy_secret": PROXY_SECRET,
            "roles_file": str(folder / "roles.yaml"),
            "ldap_url": slapd.url,
            "ldap_ca_file": str(slapd.folder / "ca.pem"),
            "ldap_user_dn": USER_DN,
            "ldap_timeout_s": 60,
            "ldap_group_base_dn": f"ou=groups,{BASE}",
            **more,
        }
    )


def searching(**more: Any) -> dict[str, Any]:
    """Search, then bind."""
    found = {"ldap_user_dn": "", "ldap_base_dn": f"ou=people,{BASE}", "ldap_bind_dn": READER}
    return {**found, "ldap_bind_password": READER_PASSWORD, **more}


@pytest.mark.parametrize("way", ["bind", "search", "ldaps"])
async def test_the_right_password_and_no_other(
    slapd: Slapd, clickhouse_settings: dict[str, str], tmp_path: Path, way: str
) -> None:
    more = {"bind": {}, "search": searching(), "ldaps": {"ldap_url": slapd.tls_url}}[way]
    ldap = Ldap(settings_of(slapd, clickhouse_settings, tmp_path, **more))
    alice = await ldap.check("alice", "correct horse")
    assert alice is not None
    assert alice.groups == (GROUP,)
    odd = await ldap.check("comma, plus+x", "odd")
    assert odd is not None
    assert odd.groups == (GROUP,)
    loner = await ldap.check("loner", "alone")
    assert loner is not None
    assert loner.groups == ()
    wrong = [
        ("alice", "wrong"), ("alice", ""), ("", ""), ("mallory", "x"), ("*", "correct horse"),
        ("*)(uid=*", "correct horse"), ("alice)(|(uid=*", "correct horse"), ("al*", "correct horse"),
        ("alice,ou=people", "correct horse"), ("alice+cn=Alice", "correct horse"), ("\\61lice\\00", "x"),
    ]  # fmt: skip
    for user, password in wrong:
        assert await ldap.check(user, password) is None, user


@pytest.mark.parametrize("way", ["bind", "search"])
async def test_a_user_is_one_in_any_case(
    slapd: Slapd, clickhouse_settings: dict[str, str], tmp_path: Path, way: str
) -> None:
    more = searching() if way == "search" else {}
    settings = settings_of(slapd, clickhouse_settings, tmp_path, **more)
    roles = tmp_path / "roles-by-user.yaml"
    roles.write_text(json.dumps({"users": {"Alice": "admin"}}))
    for typed in ("alice", "ALICE", "Alice ", " aLICE"):
        found = await Ldap(settings).check(typed, "correct horse")
        assert found is not None, typed
        assert found.user == "alice"
        assert Roles(roles).of(found)[0].role is Role.ADMIN


async def test_whoever_is_not_there_is_bound_as_well(
    slapd: Slapd, clickhouse_settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound: list[str] = []
    bind = Connection.bind

    def counted(connection: Connection) -> Any:
        bound.append(connection.user)
        return bind(connection)

    monkeypatch.setattr(Connection, "bind", counted)
    ldap = Ldap(settings_of(slapd, clickhouse_settings, tmp_path, **searching()))
    counts = []
    for user in ("alice", "mallory"):
        bound.clear()
        assert await ldap.check(user, "wrong") is None
        counts.append(len(bound))
    assert counts == [2, 2]


@pytest.mark.filterwarnings(
    "ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
async def test_what_can_not_be_asked_is_not_a_wrong_password(
    slapd: Slapd, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "other.pem").write_bytes(make_authority().certificate_pem)
    bad: list[dict[str, Any]] = [
        {"ldap_ca_file": str(tmp_path / "other.pem")},
        {"ldap_ca_file": str(tmp_path / "other.pem"), "ldap_url": slapd.tls_url},
        searching(ldap_bind_password="wrong"),
        {"ldap_url": "ldap://127.0.0.1:1"},
    ]
    for more in bad:
        with pytest.raises(UnavailableError):
            await Ldap(settings_of(slapd, clickhouse_settings, tmp_path, **more)).check(
                "alice", "correct horse"
            )


async def test_through_nginx_by_group(
    slapd: Slapd, clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    settings = settings_of(slapd, clickhouse_settings, tmp_path, credential_cache_s=0)
    async with serving(settings) as api, aiohttp.ClientSession() as session:
        server = api.client.server
        with nginx(tmp_path, f"{server.host}:{server.port}") as url:

            async def status(user: str, password: str) -> tuple[int, Any]:
                headers = {"Authorization": aiohttp.encode_basic_auth(user, password)}
                async with session.get(f"{url}/api/v1/me", headers=headers) as answer:
                    return answer.status, await answer.json(content_type=None)

            assert (await status("alice", "correct horse"))[1]["role"] == "operator"
            assert (await status("alice", "wrong"))[0] == 401
            assert (await status("*)(uid=*", "x"))[0] == 401
            assert (await status("loner", "alone"))[0] == 403
            slapd.stop()
            try:
                code, problem = await status("alice", "correct horse")
                assert (code, "directory" in problem["detail"]) == (503, True)
            finally:
                slapd.start()

            async def is_back() -> bool:
                return (await status("alice", "correct horse"))[0] == 200

            await until(is_back)
