"""A running webhook over TLS: what it answers, writes and refuses."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from kubedoor_core.clickhouse import ClickHouse
from support.reviews import changed, deployment, restarted, review, scale
from support.rows import containers, control_row, set_mode, store_setting
from support.waiting import until
from support.webhook import ENV, Webhook, ask, metric


async def test_a_deployment_comes_out_as_the_control_table_says(client: aiohttp.ClientSession) -> None:
    document = review(deployment())
    answer = await ask(client, document)
    admitted = answer.admitted(document)
    assert answer.response["uid"] == document["request"]["uid"]
    assert answer.response["patchType"] == "JSONPatch"
    assert admitted["spec"]["replicas"] == 3
    assert admitted["spec"]["template"]["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "250m", "memory": "512Mi"}, "limits": {"cpu": "1", "memory": "1Gi"}}  # fmt: skip
    assert "replicas 10 -> 3 (manual)" in answer.response["warnings"]


async def test_an_unregistered_one_is_refused_with_403(client: aiohttp.ClientSession) -> None:
    answer = await ask(client, review(deployment(name="rogue")))
    assert answer.status == 200
    assert answer.response["allowed"] is False
    assert answer.response["status"]["code"] == 403
    assert "shop/rogue is not registered" in answer.response["status"]["message"]
    assert "patch" not in answer.response
    assert "patchType" not in answer.response


async def test_scale_gets_the_count(client: aiohttp.ClientSession) -> None:
    document = review(scale(9), scale(3), subresource="scale")
    assert (await ask(client, document)).admitted(document)["spec"]["replicas"] == 3


@pytest.mark.parametrize(
    ("env_mode", "namespace_mode", "service_mode", "patched"),
    [
        ("off", "enforce", "enforce", False),
        ("enforce", None, None, True),
        ("enforce", "off", None, False),
        ("enforce", "off", "enforce", True),
        ("enforce", None, "observe", False),
        ("observe", "enforce", None, True),
    ],
)
async def test_the_most_specific_mode_wins_but_off_on_the_env_wins_over_all(
    client: aiohttp.ClientSession,
    clickhouse: ClickHouse,
    env_mode: str,
    namespace_mode: str | None,
    service_mode: str | None,
    patched: bool,
) -> None:
    await set_mode(clickhouse, ENV, env_mode)
    if namespace_mode:
        await set_mode(clickhouse, ENV, namespace_mode, "shop")
    row = control_row(ENV, "shop", "checkout", replicas_manual=3, mode=service_mode)
    await clickhouse.insert("control", [row])
    answer = await ask(client, review(changed(deployment(), replicas=4), deployment()))
    assert bool(answer.patch()) is patched


@pytest.mark.parametrize("namespace", ["kube-system", "elsewhere"])
async def test_namespaces_that_are_not_governed(
    client: aiohttp.ClientSession, clickhouse: ClickHouse, namespace: str
) -> None:
    await store_setting(clickhouse, ENV, "namespaces", "shop|kube-.*")
    answer = await ask(client, review(deployment(namespace=namespace)))
    assert answer.response == {"uid": answer.response["uid"], "allowed": True}


async def test_an_edit_governs_every_admission_that_starts_after_it(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    values = containers(app=(250, 1000, 512, 1024))
    for count in range(20, 120):
        row = control_row(ENV, "shop", "checkout", replicas_manual=count, **values)
        await clickhouse.insert("control", [row])
        document = review(restarted(deployment()), deployment())
        assert (await ask(client, document)).admitted(document)["spec"]["replicas"] == count


async def test_many_at_once_cost_few_look_ups(client: aiohttp.ClientSession) -> None:
    answers = await asyncio.gather(*(ask(client, review(deployment())) for _ in range(300)))
    assert {answer.status for answer in answers} == {200}
    assert await metric(client, "kubedoor_admission_requests_total") >= 300
    assert 0 < await metric(client, "kubedoor_snapshot_checks_total") < 200


async def test_a_removed_service_is_refused_though_the_collector_still_sees_it(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    await clickhouse.insert(
        "derived", [control_row(ENV, "shop", "checkout", replicas_observed=3, **containers())]
    )
    await clickhouse.insert("control", [control_row(ENV, "shop", "checkout", deleted=True, **containers())])
    assert (await ask(client, review(deployment()))).response["allowed"] is False


async def test_the_count_of_an_accepted_advice_holds_where_nobody_set_one(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    values = containers(app=(250, 1000, 512, 1024))
    row = control_row(ENV, "shop", "checkout", replicas_ai=4, advice_id="adv-1", **values)
    await clickhouse.insert("control", [row])
    document = review(deployment())
    answer = await ask(client, document)
    assert answer.admitted(document)["spec"]["replicas"] == 4
    assert "replicas 10 -> 4 (ai)" in answer.response["warnings"]


async def logged(clickhouse: ClickHouse, table: str) -> list[dict[str, Any]]:
    return await clickhouse.fetch(f"SELECT * FROM {table} ORDER BY at")


async def test_decisions_are_logged_and_refusals_told(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    live = deployment()
    await ask(client, review(live, live))
    await ask(client, review(live))
    await ask(client, review(deployment(name="rogue")))
    await ask(client, review(deployment(name="rogue")))
    rows = await until(lambda: _at_least(clickhouse, "admission_log", 3))
    assert [(r["name"], r["rule"], r["outcome"], r["operation"], r["resource"]) for r in rows] == [
        ("checkout", 5, "patched", "CREATE", "deployments"),
        ("rogue", 3, "denied", "CREATE", "deployments"),
        ("rogue", 3, "denied", "CREATE", "deployments"),
    ]
    assert rows[0]["user"] == "ci@example.com"
    assert json.loads(rows[0]["before"])["replicas"] == "10"
    assert json.loads(rows[0]["after"])["app: cpu request"] == "250m"
    events = await until(lambda: _at_least(clickhouse, "event", 1))
    assert [(e["kind"], e["name"]) for e in events] == [("admission.denied", "rogue")]


async def test_values_that_nobody_set_are_told_once_in_a_while(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    row = control_row(ENV, "shop", "cart", replicas_manual=1, **containers(app=(100, None, 64, None)))
    await clickhouse.insert("control", [row])
    answers = [await ask(client, review(deployment(name="cart"))) for _ in range(3)]
    told = [any("app: cpu limit" in w and "not set" in w for w in a.response["warnings"]) for a in answers]
    assert told == [True, False, False]
    events = await until(lambda: _at_least(clickhouse, "event", 1))
    assert [event["kind"] for event in events] == ["admission.value_not_set"]


async def test_a_dry_run_gets_the_same_answer_and_leaves_no_trace(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    dry, real = review(deployment(), dry_run=True), review(deployment())
    real["request"]["uid"] = dry["request"]["uid"]
    dry_refused = await ask(client, review(deployment(name="rogue"), dry_run=True))
    assert dry_refused.response["allowed"] is False
    assert (await ask(client, dry)).document == (await ask(client, real)).document
    rows = await until(lambda: _at_least(clickhouse, "admission_log", 1))
    assert len(rows) == 1
    assert await logged(clickhouse, "event") == []


async def _at_least(clickhouse: ClickHouse, table: str, count: int) -> list[dict[str, Any]]:
    rows = await logged(clickhouse, table)
    return rows if len(rows) >= count else []


async def test_nested_repeats_in_the_governed_namespaces_hold_nobody_up(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    await store_setting(clickhouse, ENV, "namespaces", "shop|(a+)+(a*)*b")
    answer = await ask(client, review(deployment(namespace="a" * 63)))
    assert answer.response == {"uid": answer.response["uid"], "allowed": True}
    assert (await ask(client, review(deployment()))).patch()


async def test_namespaces_that_are_left_out_are_not_governed(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    await store_setting(clickhouse, ENV, "namespaces_excluded", "shop|default")
    answer = await ask(client, review(deployment()))
    assert answer.response == {"uid": answer.response["uid"], "allowed": True}


async def test_an_expression_that_cant_be_taken_is_left_out_and_told(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    await store_setting(clickhouse, ENV, "namespaces", "(?!kube-).*")
    assert (await ask(client, review(deployment()))).patch()
    async with client.get("/readyz") as response:
        told = await response.json()
    assert (response.status, told["status"]) == (200, "ready")
    assert "namespaces_excluded" in told["warnings"][0]
    assert await metric(client, "kubedoor_snapshot_settings_left_out") == 1


async def test_a_flood_of_refusals_makes_few_events_and_a_count(
    client: aiohttp.ClientSession, clickhouse: ClickHouse, webhook: Webhook
) -> None:
    """On a slow machine it may fall into two minutes, or three; nothing here is about how fast it is."""
    rogues = [review(deployment(name=f"rogue-{number}")) for number in range(2000)]
    await asyncio.gather(*(ask(client, rogue) for rogue in rogues))
    left_out = await metric(client, "kubedoor_admission_log_left_out_total")
    await asyncio.to_thread(webhook.stop)
    events = await logged(clickhouse, "event")
    alone = [event for event in events if event["name"]]
    together = [event for event in events if not event["name"]]
    assert 3 <= len(alone) <= 9
    assert len(alone) + sum(json.loads(event["data"])["count"] for event in together) == 2000
    assert all("more services in shop were refused within a minute" in e["message"] for e in together)
    assert left_out >= 200
    assert len(await logged(clickhouse, "admission_log")) + left_out == 2000
