"""What a person who has no role any more left behind is shown and stops; tokens end, and make no tokens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kubedoor_api.auth.credentials import Identity
from kubedoor_api.auth.htpasswd import Htpasswd
from kubedoor_api.auth.people import People, Roles
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.tokens.queries import maker_of
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import UnavailableError
from support.api import ENV, PASSWORD, Api, serving, token, write_htpasswd
from support.schedules import FakeClock
from support.terms import START, events, history, operations, store, term
from support.waiting import until

TOKENS, LEFT = "/api/v1/tokens", "/api/v1/left-behind"


@pytest.fixture
async def company(clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path) -> AsyncIterator[Api]:
    """An API whose users are alice, who leaves, and bob; both administrators."""
    write_htpasswd(tmp_path / "htpasswd", alice=PASSWORD, bob=PASSWORD)
    (tmp_path / "roles.yaml").write_text(json.dumps({"users": {"alice": "admin", "bob": "admin"}}))
    async with serving(settings.model_copy(update={"roles_file": str(tmp_path / "roles.yaml")})) as api:
        yield replace(api, bearer=token(name="bob"))


async def signs_in(api: Api, secret: str) -> bool:
    """Whether nginx would let a script in."""
    answer = await api.send("GET", "/api/v1/auth", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status in {204, 401}
    return answer.status == 204


async def make(api: Api, name: str = "ci", **more: Any) -> dict[str, Any]:
    made = await api.change("POST", TOKENS, {"name": name, "role": "admin", **more})
    assert made.status == 201, made.text
    answer: dict[str, Any] = made.json
    return answer


async def test_a_token_ends_by_default_and_never_lives_longer_than_it_may(
    company: Api, clickhouse: ClickHouse
) -> None:
    made = await make(company)
    life = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert life == timedelta(days=90)
    long = await company.change("POST", TOKENS, {"name": "x", "role": "viewer", "days": 367})
    assert (long.status, long.fields) == (400, {"days"})
    assert long.json["errors"][0]["parameters"] == {"le": 366}
    # One from before there was an end, made long ago.
    row = await clickhouse.fetch_one(
        "SELECT key, value, version FROM setting FINAL WHERE startsWith(key, 'api_token:')"
    )
    assert row is not None
    assert await signs_in(company, made["token"])
    endless = {**json.loads(row["value"]), "expires_at": None, "created_at": "2020-01-01T00:00:00.000+00:00"}
    stored = {
        "env": "",
        "namespace": "",
        "key": row["key"],
        "value": json.dumps(endless),
        "updated_by": "bob",
    }
    at = "2020-01-01 00:00:00"
    await clickhouse.insert("setting", [{**stored, "version": row["version"] + 1, "updated_at": at}])
    [listed] = (await company.get(TOKENS)).json["items"]
    assert listed["expires_at"].startswith("2021-01-01")

    async def ended() -> bool:
        return not await signs_in(company, made["token"])

    assert await until(ended)


async def test_a_token_makes_no_token(company: Api) -> None:
    script = replace(company, bearer=token(name="token:ci"))
    refused = await script.change("POST", TOKENS, {"name": "more", "role": "viewer"})
    assert (refused.status, refused.json["code"]) == (403, "tokens_make_no_tokens")
    assert (await company.get(TOKENS)).json["items"] == []


@pytest.mark.parametrize("how", ["of the roles file", "of the htpasswd file"])
async def test_tokens_of_who_has_no_role_left_stop_at_once_and_are_shown(
    how: str, company: Api, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    hers = await make(replace(company, bearer=token(name="alice")), "hers")
    his = await make(company, "his")
    assert await signs_in(company, hers["token"])
    assert (await company.get(LEFT)).json["items"] == []
    back = {"id": "b" * 32, "env": ENV, "kind": "scale", "state": "pending", "version": 1}
    at = {
        "requested_at": "2026-11-01 00:00:00",
        "updated_at": "2026-11-01 00:00:00",
        "run_at": "2100-01-01 00:00:00",
    }
    await clickhouse.insert("operation", [{**back, **at, "requested_by": "alice"}])
    if how == "of the roles file":
        (tmp_path / "roles.yaml").write_text(json.dumps({"users": {"bob": "admin"}}))
    else:
        write_htpasswd(tmp_path / "htpasswd", bob=PASSWORD)

    async def stopped() -> bool:
        return not await signs_in(company, hers["token"])

    assert await until(stopped)
    assert await signs_in(company, his["token"])
    listed = {item["name"]: item["stopped"] for item in (await company.get(TOKENS)).json["items"]}
    assert listed == {"hers": True, "his": False}
    left = (await company.get(LEFT)).json["items"]
    assert [(item["kind"], item["owner"], item["id"]) for item in left] == [
        ("operation", "alice", "b" * 32),
        ("token", "alice", hers["id"]),
    ]


async def test_schedules_of_who_has_no_role_left_are_skipped_with_an_event(
    context: Context, clock: FakeClock, settings: ApiSettings, tmp_path: Path
) -> None:
    people = People(
        Htpasswd(Path(settings.htpasswd_file)), Roles(None), partial(maker_of, context[ClickHouse])
    )
    context = context.having(people)
    await store(context, "a", cron="0 * * * *", name="hourly")
    leader = await term(context, clock)
    clock.at = START + timedelta(hours=1)
    await leader.round()
    assert [run.outcome for run in await history(context, "a")] == ["started"]
    write_htpasswd(tmp_path / "htpasswd", bob=PASSWORD)
    clock.at = START + timedelta(hours=2)
    await leader.round()
    _, skipped = await history(context, "a")
    assert (skipped.outcome, skipped.skipped_count) == ("skipped", 1)
    assert "alice, who changed it last, has no role any more" in skipped.reason
    assert len(await operations(context)) == 1
    told = await events(context)
    assert [kind for kind, _ in told] == ["schedule.missed"]
    assert skipped.reason in told[0][1]
    write_htpasswd(tmp_path / "htpasswd", alice=PASSWORD)
    clock.at = START + timedelta(hours=3)
    await leader.round()
    assert [run.outcome for run in await history(context, "a")] == ["started", "skipped", "started"]


class Away:
    """A directory that knew somebody, and then can't be asked."""

    def __init__(self) -> None:
        self.known: dict[str, Identity] = {"alice": Identity("alice")}
        self.away = False

    async def check(self, user: str, password: str) -> Identity | None:
        raise NotImplementedError

    async def find(self, user: str) -> Identity | None:
        if self.away:
            raise UnavailableError("away")
        return self.known.get(user)


async def test_a_directory_that_is_away_takes_nothing_from_anybody() -> None:
    async def maker(name: str) -> str | None:
        return {"ci": "alice", "nested": "token:ci", "gone": "bob", "round": "token:round"}.get(name)

    directory = Away()
    people = People(directory, Roles(None), maker)
    assert await people.has_role("alice")
    assert not await people.has_role("bob")
    directory.away = True
    assert [await people.has_role(name) for name in ("alice", "bob", "carol")] == [True, False, True]
    scripts = ("token:ci", "token:nested", "token:gone", "token:never", "token:round")
    assert [await people.has_role(name) for name in scripts] == [True, True, False, False, False]
