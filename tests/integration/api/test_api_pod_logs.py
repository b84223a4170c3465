"""A container's log: who may read it, which part comes, and why it ends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from kubedoor_api.access.roles import Grant, Right, Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.pods import logs
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from support.api import BASE, Api, serving, token
from support.pods import run_service
from support.waiting import until

Json = dict[str, Any]


@pytest.fixture
async def acting(clickhouse: ClickHouse, knowing: ApiSettings) -> AsyncIterator[Api]:
    """An API whose cluster lets it read logs, in one namespace."""
    update = {"pod_actions": "logs", "pod_actions_namespaces": "shop"}
    async with serving(knowing.model_copy(update=update)) as running:
        yield running


def path(pod: str, query: str = "") -> str:
    return f"{BASE}/namespaces/shop/pods/{pod}/log{query}"


async def pod_of(cluster: Cluster, *sidecars: str) -> str:
    [pod] = await run_service(cluster, "cart", 1, *sidecars)
    name: str = pod["metadata"]["name"]
    return name


def parts(text: str) -> list[tuple[str, Json]]:
    """The events of a stream: their names and what they hold."""
    found = [block.split("\n") for block in text.strip().split("\n\n") if not block.startswith(":")]
    return [(event.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for event, data in found]


def texts(text: str) -> list[str]:
    return [line["text"] for _, data in parts(text) for line in data["lines"]]


async def test_the_part_that_is_asked_for_comes_with_times_and_the_end_says_why(
    acting: Api, cluster: Cluster
) -> None:
    pod = await pod_of(cluster)
    await cluster.logs.say("shop", pod, "app", "first", "second", "third")
    await cluster.logs.say("shop", pod, "app", "before the crash", previous=True)
    answer = await acting.as_(Role.OPERATOR).get(path(pod))
    name, end = parts(answer.text)[-1]
    assert texts(answer.text) == ["first", "second", "third"]
    assert (name, end["end"]) == ("end", {"reason": "complete", "bytes": 19, "detail": ""})
    assert all(line["at"].endswith("Z") for line in parts(answer.text)[0][1]["lines"])
    assert texts((await acting.get(path(pod, "?tail=1&container=app"))).text) == ["third"]
    assert texts((await acting.get(path(pod, "?previous=true"))).text) == ["before the crash"]


async def test_a_viewer_cannot_read_a_log_unless_it_is_named(acting: Api, cluster: Cluster) -> None:
    pod = await pod_of(cluster)
    refused = await acting.as_(Role.VIEWER).get(path(pod))
    assert (refused.status, refused.json["code"]) == (403, "right_missing")
    assert refused.json["parameters"] == {"right": "logs", "env": "test", "namespace": "shop"}
    grant = Grant(role=Role.VIEWER, namespace="shop", may=frozenset({Right.LOGS}))
    assert (await Api(acting.client, token(grant)).get(path(pod))).status == 200
    none = Grant(role=Role.ADMIN, may=frozenset())
    assert (await Api(acting.client, token(none)).get(path(pod))).status == 403


async def test_what_is_not_there_is_said(acting: Api, cluster: Cluster) -> None:
    pod = await pod_of(cluster, "proxy")
    for query, status, code in (("", 409, "no_log"), ("?container=x", 409, "no_log")):
        refused = await acting.get(path(pod, query))
        assert (refused.status, refused.json["code"]) == (status, code), query
    assert "choose one of: [app proxy]" in (await acting.get(path(pod))).json["detail"]
    gone = await acting.get(path("cart-gone"))
    assert (gone.status, gone.json["code"]) == (404, "no_pod")
    cluster.fault(status=403, path="/log", count=1)
    forbidden = await acting.get(path(pod, "?container=app"))
    assert (forbidden.status, forbidden.json["code"]) == (409, "cluster_forbids")
    assert forbidden.json["parameters"]["resource"] == "pods/log"
    for query in ("?tail=-1", "?since=0", "?container=A", "?follow=perhaps"):
        assert (await acting.get(path(pod, query))).status == 400, query


async def test_where_logs_are_off_the_chart_value_is_named(acting: Api, governing: Api) -> None:
    for api, where, on in ((governing, "shop", False), (acting, "pay", True)):
        off = await api.get(f"{BASE}/namespaces/{where}/pods/web-1/log")
        assert (off.status, off.json["code"]) == (409, "pod_actions_off")
        assert "podActions." in off.json["detail"]
        groups = (await api.as_(Role.VIEWER).get(f"{BASE}/pod-actions/groups")).json
        assert {one["name"] for one in groups["groups"] if one["on"]} == ({"logs"} if on else set())
        assert groups["groups"][0]["chart_value"] == "podActions.logs"
        assert groups["namespaces"] == (["shop"] if on else [])


async def test_a_log_is_followed_until_its_container_ends(acting: Api, cluster: Cluster) -> None:
    pod = await pod_of(cluster)
    headers = {"Authorization": f"Bearer {acting.bearer}"}
    async with acting.client.get(path(pod, "?follow=true"), headers=headers) as response:
        await cluster.logs.say("shop", pod, "app", "one")
        assert (await response.content.readline()) == b"event: lines\n"
        assert b'"text":"one"' in await response.content.readline()
        await cluster.logs.say("shop", pod, "app", "two")
        await cluster.logs.end("shop", pod, "app")
        rest = (await response.read()).decode()
    assert texts(rest) == ["two"]
    assert parts(rest)[-1][1]["end"]["reason"] == "complete"


async def test_size_and_time_end_it_and_say_so(
    acting: Api, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    pod = await pod_of(cluster)
    await cluster.logs.say("shop", pod, "app", *["x" * 100] * 2000)
    monkeypatch.setattr(logs, "MAX_BYTES", 50_000)
    large = await acting.get(path(pod))
    end = parts(large.text)[-1][1]["end"]
    assert end["reason"] == "size"
    assert 50_000 <= end["bytes"] < 50_000 + (1 << 19)
    assert end["bytes"] == 101 * len(texts(large.text))
    monkeypatch.setattr(logs, "MAX_BYTES", 10 << 20)
    monkeypatch.setattr(logs, "MAX_S", 0.5)
    followed = await acting.get(path(pod, "?follow=true&tail=0"))
    assert parts(followed.text)[-1][1]["end"]["reason"] == "time"


async def test_so_many_read_at_once_and_who_leaves_makes_room(
    acting: Api, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "VIEWERS_PER_ENV", 1)
    pod = await pod_of(cluster)
    await cluster.logs.say("shop", pod, "app", "here")
    headers = {"Authorization": f"Bearer {acting.bearer}"}
    async with acting.client.get(path(pod, "?follow=true"), headers=headers) as response:
        await response.content.readline()
        refused = await acting.get(path(pod))
        assert (refused.status, refused.json["code"]) == (429, "too_many_log_viewers")

    async def free() -> bool:
        return (await acting.get(path(pod))).status == 200

    assert await until(free)
    for _ in range(3):  # what is refused holds nothing
        assert (await acting.get(path("cart-gone"))).status == 404
