"""A cluster's events are kept: each once, with its newest count, whoever leads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import surroundings as kube
from kubedoor_api.kube.clusters import ClusterRefusedError
from kubedoor_api.kube_events import keeper, telling
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import PODS
from support.api import BASE, SERVICES, Api, serving
from support.kube_events import at, legacy, modern, tell
from support.waiting import until

EVENTS = f"{BASE}/events"
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write at once, and try again soon."""
    monkeypatch.setattr(keeper, "WRITE_PAUSE_S", 0.02)
    monkeypatch.setattr(keeper, "RETRY_S", 0.1)


@pytest.fixture
def keeping(knowing: ApiSettings) -> ApiSettings:
    """Settings of an API that keeps events."""
    return knowing.model_copy(update={"keep_events": True})


@pytest.fixture
async def api(keeping: ApiSettings) -> AsyncIterator[Api]:
    """An API that keeps them."""
    async with serving(keeping) as running:
        yield running


def one(name: str, count: int = 1, **more: Any) -> Json:
    """An event of now, by its name."""
    return legacy(name, count, now=datetime.now(UTC), **more)


async def shown_now(api: Api, query: str = "") -> dict[str, Json]:
    """Return the events that are shown, by uid."""
    answer = await api.get(f"{EVENTS}?{query}")
    assert answer.status == 200, answer.text
    items = answer.json["items"]
    by_uid = {item["uid"]: item for item in items}
    assert len(by_uid) == len(items) <= answer.json["total"], "each once; more may have come meanwhile"
    return by_uid


async def found(api: Api, *uids: str) -> dict[str, Json]:
    """Wait until some events are shown, and return all by uid."""

    async def look() -> dict[str, Json] | None:
        by_uid = await shown_now(api)
        return by_uid if set(uids) <= set(by_uid) else None

    return await until(look)


async def counted(api: Api, uid: str, count: int) -> None:
    """Wait until an event has happened so often."""

    async def look() -> bool:
        return bool((await found(api, uid))[uid]["count"] == count)

    await until(look)


async def watching(api: Api) -> None:
    """Wait until the list is through and the watch goes on."""

    async def look() -> bool:
        return bool((await api.get(EVENTS)).json["watch"]["watching"])

    await until(look)


async def test_what_was_there_and_what_comes_is_kept_once_with_its_newest_count(
    cluster: Cluster, keeping: ApiSettings, clickhouse: ClickHouse
) -> None:
    before = tell(cluster, one("before", 3))
    async with serving(keeping) as api:
        await watching(api)
        after, series = tell(cluster, one("after")), tell(cluster, modern("series", now=datetime.now(UTC)))
        shown = await found(api, before, after, series)
        assert (shown[before]["count"], shown[series]["component"]) == (3, "default-scheduler")
        for count in (2, 5):
            tell(cluster, one("after", count))
            tell(cluster, modern("series", series=count, now=datetime.now(UTC)))
            await counted(api, after, count)
            await counted(api, series, count)
        shown = await found(api, before, after, series)
    assert (len(shown), shown[after]["name"], shown[after]["kind"]) == (3, "cart", "Deployment")
    rows = await clickhouse.fetch("SELECT uid, count FROM kube_event FINAL ORDER BY uid, count")
    assert len(rows) == len({(row["uid"], row["count"]) for row in rows})


@pytest.mark.parametrize("kind", ["DaemonSet", "Job", "StatefulSet"])
async def test_those_of_a_pod_are_its_owners_whatever_its_name(kind: str, cluster: Cluster, api: Api) -> None:
    await watching(api)
    owner = {"apiVersion": "apps/v1", "kind": kind, "name": "agent", "uid": "o1", "controller": True}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent-x2vbn", "ownerReferences": [owner]},
           "spec": {"containers": [{"name": "app", "image": "app:1"}]}}  # fmt: skip
    await cluster.create(Target(PODS, "shop", "agent-x2vbn"), pod)
    of_it, gone = one("of-it"), one("gone")
    of_it["involvedObject"] |= {"name": "agent-x2vbn"}
    gone["involvedObject"] |= {"name": "agent-4z6b8"}
    kept = tell(cluster, of_it), tell(cluster, gone)
    shown = await found(api, *kept)
    assert [(shown[uid]["kind"], shown[uid]["name"]) for uid in kept] == [(kind, "agent"), ("", "")]


async def test_a_leader_that_takes_over_loses_and_doubles_none(
    cluster: Cluster, keeping: ApiSettings, clickhouse: ClickHouse
) -> None:
    uids = [tell(cluster, one(f"first{number}")) for number in range(3)]
    async with serving(keeping) as api:
        await found(api, *uids)
    uids += [tell(cluster, one(f"meanwhile{number}")) for number in range(3)]
    tell(cluster, one("first0", 7))
    async with serving(keeping) as api:
        shown = await found(api, *uids)
        await counted(api, uids[0], 7)
    assert set(shown) == set(uids)
    rows = await clickhouse.fetch("SELECT uid, count, count() AS n FROM kube_event GROUP BY uid, count")
    assert {(row["uid"], row["count"]): row["n"] for row in rows} == {
        **{(uid, 1): 1 for uid in uids},
        (uids[0], 7): 1,
    }


async def test_a_version_that_is_forgotten_is_listed_again(
    cluster: Cluster, keeping: ApiSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tell(cluster, one("first"))
    followed, fails = kube.followed, [kube.WatchExpiredError("too old")] * 2
    lost = list[str]()

    async def expired(*arguments: Any) -> AsyncIterator[kube.Change]:
        if fails:
            lost.append(tell(cluster, one(f"lost{len(fails)}")))
            raise fails.pop()
        async for change in followed(*arguments):
            yield change

    monkeypatch.setattr(kube, "followed", expired)
    async with serving(keeping) as api:

        async def all_there() -> bool:
            return len(lost) == 2 and set(await shown_now(api)) == {told, *lost}

        await until(all_there)
        assert (await api.get(EVENTS)).json["watch"]["trouble"] == ""


async def test_where_it_may_not_watch_that_is_said_and_it_goes_on_when_it_may(
    cluster: Cluster, keeping: ApiSettings
) -> None:
    cluster.fault(path="/api/v1/events", status=403, count=None)
    async with serving(keeping) as api:

        async def refused() -> bool:
            watch = (await api.get(EVENTS)).json["watch"]
            return "may not list events" in watch["trouble"] and not watch["watching"]

        await until(refused)
        cluster.faults.clear()
        await watching(api)
        await found(api, tell(cluster, one("after")))


async def test_what_may_be_listed_and_not_watched_is_said_until_it_is(
    cluster: Cluster, keeping: ApiSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed, refused = kube.followed, asyncio.Event()

    async def refusing(*arguments: Any) -> AsyncIterator[kube.Change]:
        if not refused.is_set():
            raise ClusterRefusedError("may not watch events", 403)
        async for change in followed(*arguments):
            yield change

    monkeypatch.setattr(kube, "followed", refusing)
    async with serving(keeping) as api:

        async def said() -> bool:
            watch = (await api.get(EVENTS)).json["watch"]
            return "may not watch events" in watch["trouble"] and not watch["watching"]

        await until(said)
        missed = tell(cluster, one("missed"))
        assert await said(), "a list that works does not hide it"
        refused.set()
        await found(api, missed)
        await watching(api)


async def test_more_than_there_is_room_for_is_left_out_and_counted(
    cluster: Cluster, keeping: ApiSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "MAX_WAITING", 4)
    for number in range(9):
        tell(cluster, one(f"n{number}", kind="Normal"))
    kept = tell(cluster, one("warning"))
    async with serving(keeping) as api:
        shown = await found(api, kept)

        async def told() -> int:
            return int((await api.get(EVENTS)).json["dropped"])

        assert (await until(told)) + len(await shown_now(api)) == 10
        narrow = api.as_(Role.VIEWER, namespace="shop")
        assert (await narrow.get(EVENTS)).json["dropped"] == 6
    assert shown[kept]["type"] == "Warning"


async def test_they_are_found_by_what_people_look_for(cluster: Cluster, api: Api) -> None:
    now = datetime.now(UTC)
    node = one("node", involvedObject={"kind": "Node", "name": "n7"}, reason="NodeNotReady", message="gone")
    node["metadata"]["namespace"] = "default"
    database = {"kind": "StatefulSet", "namespace": "shop", "name": "db"}
    pod, of_node, of_set = (
        tell(cluster, each)
        for each in (
            one("pod"),
            node,
            one("set", involvedObject=database, type="Normal", reason="SuccessfulCreate", message="made"),
        )
    )  # fmt: skip
    await found(api, pod, of_node, of_set)
    asked = {
        "type=Warning": {pod, of_node}, "reason=BackOff": {pod}, "object_kind=Node": {of_node},
        "namespace=shop": {pod, of_set}, "namespace=shop&kind=StatefulSet&name=db": {of_set},
        "q=BACK-OFF restarting": {pod}, "q=n7": {of_node}, "q=shop/db": {of_set}, "q=nothing": set(),
        f"day={(now - timedelta(days=40)).date()}": set(), "day=9999-12-31": set(),
        "days=90": {pod, of_node, of_set},
    }  # fmt: skip
    for query, uids in asked.items():
        assert set(await shown_now(api, query)) == uids, query
        assert (await api.get(f"{EVENTS}?{query}")).json["total"] == len(uids), query
    beyond = (await api.get(f"{EVENTS}?offset=50")).json
    assert (beyond["items"], beyond["total"]) == ([], 3)
    narrow = api.as_(Role.VIEWER, namespace="shop")
    assert set(await shown_now(narrow)) == {pod, of_set}
    days = (await api.get(f"{SERVICES}/shop/db/event-days?kind=StatefulSet")).json["items"]
    assert [(day["reason"], day["events"]) for day in days] == [("SuccessfulCreate", 1)]


async def test_times_that_are_put_right_are_counted(cluster: Cluster, api: Api) -> None:
    skewed = one("skewed")
    skewed["firstTimestamp"] = skewed["lastTimestamp"] = at(datetime.now(UTC) + timedelta(hours=8))
    uid = tell(cluster, skewed)
    shown = (await found(api, uid))[uid]
    assert datetime.fromisoformat(shown["last_at"]) <= datetime.now(UTC)
    assert (await api.get(EVENTS)).json["watch"]["clocks_wrong"] == 1


async def test_where_it_is_off_nothing_is_kept_and_the_way_out_is_said(
    cluster: Cluster, governing: Api
) -> None:
    tell(cluster, one("unseen"))
    answer = (await governing.get(EVENTS)).json
    assert (answer["items"], answer["watch"]["on"], answer["watch"]["chart_value"]) == (
        [],
        False,
        "events.keep",
    )


async def test_the_team_is_told_by_rules_once_and_by_no_second_leader(
    cluster: Cluster, keeping: ApiSettings, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "READ_AGAIN_S", 0.0)
    settings = keeping.model_copy(update={"event_rules": "reason=BackOff count=3 in=10m mention=@here"})

    async def messages() -> list[Json]:
        return await clickhouse.fetch("SELECT * FROM event WHERE kind = 'event.rule'")

    async with serving(settings) as api:
        await watching(api)
        uid = tell(cluster, one("cart", 1))
        await counted(api, uid, 1)
        tell(cluster, one("cart", 2))
        await counted(api, uid, 2)
        assert await messages() == []
    async with serving(settings) as api:
        tell(cluster, one("cart", 3))
        (told,) = await until(messages)
        assert (told["namespace"], told["name"], told["severity"]) == ("shop", "cart", "warning")
        assert "Deployment shop/cart: BackOff, 3 times in 10 minutes" in told["message"]
        assert told["message"].endswith("\n@here")
        tell(cluster, one("cart", 9))
        await counted(api, uid, 9)
    async with serving(settings) as api:
        tell(cluster, one("cart", 20))
        await counted(api, uid, 20)
        pay = {"kind": "Deployment", "namespace": "shop", "name": "pay"}
        version = (await setting(api))["version"]
        body = {"value": "name=pay"}
        changed = await api.change("PUT", f"{BASE}/settings/event_rules", body, version=version)
        assert changed.status == 200, changed.text
        tell(cluster, one("pay", involvedObject=pay, type="Normal"))

        async def two() -> bool:
            return len(await messages()) == 2

        await until(two)
    assert {(row["name"], row["severity"]) for row in await messages()} == {
        ("cart", "warning"),
        ("pay", "info"),
    }


async def setting(api: Api) -> Json:
    items = (await api.get(f"{BASE}/settings")).json["items"]
    found: Json = next(item for item in items if item["key"] == "event_rules")
    return found
