"""Findings on a simulated cluster: what is wrong, the right cause first, told once, and who sees it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.findings import leader, queries, tracking
from kubedoor_api.findings.models import finding_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.attributes import Context
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import DEPLOYMENTS, NODES
from support.api import BASE, ENV, SERVICES, Api, serving
from support.events import events_told
from support.operations import deployment, register, run
from support.waiting import until

FINDINGS = f"{BASE}/findings"
Json = dict[str, Any]


@pytest.fixture
async def looking(knowing: ApiSettings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Api]:
    """An API that looks for findings, often."""
    monkeypatch.setattr(leader, "LOOK_PAUSE_S", 0.2)
    async with serving(knowing.model_copy(update={"findings": True})) as api:
        yield api


async def found(api: Api, *kinds: str, state: str = "open") -> dict[str, Json]:
    """Wait until there is a finding of each kind, and return all by their kinds."""

    async def look() -> dict[str, Json] | None:
        answer = await api.get(f"{FINDINGS}?state={state}")
        assert answer.status == 200, answer.text
        by_kind = {one["kind"]: one for one in answer.json["items"]}
        return by_kind if set(kinds) <= set(by_kind) else None

    return await until(look)


async def change(cluster: Cluster, name: str, fail: str, **container: Any) -> None:
    """Roll out another template of a Deployment, whose pods fail."""
    target = Target(DEPLOYMENTS, "shop", name)
    obj = cluster.get(target)
    template = obj["spec"]["template"]
    template["metadata"]["annotations"] = {"kubedoor.dev/fail": fail} if fail else {}
    template["spec"]["containers"][0] |= container
    await cluster.api.update(target, obj, Context())


def first(finding: Json) -> tuple[str, list[str]]:
    """The change that is thought to be the cause, and what it changed."""
    cause = finding["changes"][0]
    assert cause["explains"], finding
    return cause["code"], [aspect["name"] for aspect in cause["aspects"]]


async def test_five_faults_are_found_with_the_right_cause_first_and_told_once(
    looking: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart")
    await run(cluster, "cart", "pay", "ship", "mail")
    path = f"{SERVICES}/shop/cart"
    for limit in (512, 384):
        version = (await looking.get(path)).json["version"]
        body = {"containers": [{"name": "app", "limit_mem_mib": limit}]}
        assert (await looking.change("PATCH", path, body, version=version)).status == 200
    resources = {"requests": {"cpu": "100m", "memory": "128Mi"}}
    await change(cluster, "cart", "oom", resources={**resources, "limits": {"memory": "384Mi"}})
    await change(cluster, "pay", "crashloop", image="registry.example/app:2")
    await change(cluster, "ship", "image", image="registry.example/app:3")
    much = {"requests": {"cpu": "63", "memory": "128Mi"}}
    await change(cluster, "mail", "", resources=much)
    refused = {
        "at": timestamp(datetime.now(UTC)), "env": ENV, "namespace": "shop", "name": "new", "uid": "u1",
        "user": "jane", "operation": "UPDATE", "resource": "deployments", "rule": 1, "mode": "enforce",
        "outcome": "denied", "before": "{}", "after": "{}", "patch": "", "warnings": [], "instance": "w",
    }  # fmt: skip
    await clickhouse.insert("admission_log", [refused])

    seen = await found(looking, "oom", "crash_loop", "image", "unschedulable", "admission_refused")
    assert {kind: one["name"] for kind, one in seen.items()} == {
        "oom": "cart", "crash_loop": "pay", "image": "ship", "unschedulable": "mail",
        "admission_refused": "new",
    }  # fmt: skip
    code, aspects = first(seen["oom"])
    assert (code, aspects) == ("edit", ["limit_mem_mib lowered"])
    assert (
        seen["oom"]["changes"][0]["aspects"][0] | {"before": 512, "after": 384, "container": "app"}
        == (seen["oom"]["changes"][0]["aspects"][0])
    )
    by_rollout = (
        "rollout",
        ["image", "template"],
    )  # what makes it fail here is an annotation of the template
    assert (first(seen["crash_loop"]), first(seen["image"])) == (by_rollout, by_rollout)
    assert first(seen["unschedulable"]) == ("rollout", ["request_cpu_m raised"])
    shown = seen["unschedulable"]["evidence"][0]["parameters"]
    assert (shown["reason"], shown["cpu_m"]) == ("cpu", 63_000)

    for one in seen.values():
        alone = (await looking.get(f"{FINDINGS}/{one['id']}")).json
        assert (alone["id"], alone["kind"]) == (one["id"], one["kind"])
    narrow = looking.as_(Role.VIEWER, namespace="other")
    assert (await narrow.get(f"{FINDINGS}/{seen['oom']['id']}")).status == 403
    watch = (await looking.get(FINDINGS)).json["watch"]
    assert (watch["on"], watch["chart_value"], watch["trouble"]) == (True, "findings.watch", "")

    told = await events_told(clickhouse, "finding.%", len(seen))
    assert sorted(json.loads(row["data"])["kind"] for row in told) == sorted(seen)
    oom = next(row for row in told if json.loads(row["data"])["kind"] == "oom")
    assert "memory limit of app 512 MiB → 384 MiB, edited by alice" in oom["message"]
    assert oom["severity"] == "error"


async def test_a_node_that_dies_is_one_finding_and_is_over_when_it_comes_back(
    looking: Api, cluster: Cluster, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cart", "pay"):
        await run(cluster, name)
    node, *_ = cluster.store.all_of(NODES.id)
    target = Target(NODES, "", node["metadata"]["name"])
    await _ready(cluster, target, "Unknown")
    seen = await found(looking, "node_not_ready")
    assert len(seen) == 1
    [only] = seen.values()
    assert {one["name"] for one in only["affected"]} <= {"cart", "pay"}
    narrow = looking.as_(Role.VIEWER, namespace="shop")
    assert (await narrow.get(FINDINGS)).json["total"] == 0
    assert (await narrow.get(f"{FINDINGS}/{only['id']}")).status == 403

    monkeypatch.setattr(tracking, "CLOSED_AFTER", tracking.FORGOTTEN_AFTER / 1000)
    await _ready(cluster, target, "True")
    closed = await found(looking, "node_not_ready", state="closed")
    assert closed["node_not_ready"]["id"] == only["id"]
    assert (await looking.get(FINDINGS)).json["items"] == []
    rows = await events_told(clickhouse, "finding.%", 2)
    assert [row["kind"] for row in rows] == ["finding.opened", "finding.closed"]


async def _ready(cluster: Cluster, target: Target, status: str) -> None:
    node = cluster.get(target)
    node["status"]["conditions"][0] |= {
        "status": status,
        "reason": "NodeStatusUnknown",
        "lastTransitionTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    await cluster.api.update(target, node, Context())


async def test_a_leader_that_takes_over_goes_on_with_what_is_open(
    knowing: ApiSettings, cluster: Cluster, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leader, "LOOK_PAUSE_S", 0.2)
    settings = knowing.model_copy(update={"findings": True})
    await cluster.create(Target(DEPLOYMENTS, "shop", "cart"), deployment("cart", fail="crashloop"))
    async with serving(settings) as api:
        before = await found(api, "crash_loop")
    [stored] = await queries.still_open(clickhouse, ENV)
    assert finding_of(stored, datetime.now(UTC)).id == before["crash_loop"]["id"]
    async with serving(settings) as api:

        async def looked() -> bool:
            return bool((await api.get(FINDINGS)).json["watch"]["looked_at"])

        await until(looked)
        await until(looked)
        after = (await api.get(f"{FINDINGS}?state=all")).json["items"]
    assert [one["id"] for one in after] == [before["crash_loop"]["id"]]


async def test_where_it_may_not_watch_nothing_is_found_and_it_says_why(
    looking: Api, cluster: Cluster
) -> None:
    cluster.fault(path="/api/v1/nodes", status=403, count=None)
    await cluster.create(Target(DEPLOYMENTS, "shop", "cart"), deployment("cart", fail="crashloop"))

    async def told() -> str:
        trouble: str = (await looking.get(FINDINGS)).json["watch"]["trouble"]
        return trouble if "nodes" in trouble else ""

    if await until(told):
        assert (await looking.get(FINDINGS)).json["items"] == []


async def test_where_it_is_off_that_is_said_with_the_way_out(governing: Api) -> None:
    answer = (await governing.get(FINDINGS)).json
    assert (answer["items"], answer["watch"]["on"]) == ([], False)
    assert answer["watch"]["chart_value"] == "findings.watch"
    assert (await governing.get(f"{FINDINGS}/none")).status == 404


async def test_quotas_are_watched_once_for_all_who_go_by_them(looking: Api, cluster: Cluster) -> None:
    async def has_looked() -> bool:
        return (await looking.get(FINDINGS)).json["watch"]["looked_at"] is not None

    await until(has_looked)
    lists = [one for one in cluster.calls if (one.resource, one.verb) == ("resourcequotas", "list")]
    assert len(lists) == 1
