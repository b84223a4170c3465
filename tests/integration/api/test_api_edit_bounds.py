"""An edit's own answer says what its namespace's LimitRange and quotas make of the values."""

from __future__ import annotations

import json
from typing import Any

from kubedoor_core.clickhouse import ClickHouse
from support.api import ENV, SERVICES, Api
from support.operations import register, set_expert
from support.rows import containers, limit_range_row, store_setting
from support.services import CART

Json = dict[str, Any]
CONTAINER = {"type": "Container", "min": {"cpu": "100m"}, "maxLimitRequestRatio": {"cpu": "4"}}
APP = {"name": "app", "request_cpu_m": 856, "limit_cpu_m": 5600}
RAISED = {
    "code": "limit_range",
    "parameters": {
        "container": "app",
        "resource": "cpu",
        "kind": "request",
        "before": "856m",
        "after": "1400m",
    },
}  # fmt: skip


async def bound(clickhouse: ClickHouse, *limits: Json, namespace: str = "shop", **hard: str) -> None:
    """Store a LimitRange and a quota of a namespace, as the api's watch does."""
    quotas = [{"name": "team", "hard": {name.replace("_", "."): value for name, value in hard.items()}}]
    row = limit_range_row(ENV, namespace, [{"limits": list(limits)}] if limits else [])
    await clickhouse.insert("limit_range", [{**row, "quotas": json.dumps(quotas if hard else [])}])


def told(answer: Json) -> tuple[list[Json], list[Json]]:
    """Return the notes of an answer, and the quotas."""
    return answer["notes"], answer["quotas_exceeded"]


async def patched(api: Api, *edits: Json, **values: Any) -> Json:
    """Edit `shop/cart`."""
    version = (await api.get(CART)).json["version"]
    answer = await api.change("PATCH", CART, {"containers": list(edits), **values}, version=version)
    assert answer.status == 200, answer.text
    shown: Json = answer.json
    return shown


async def test_without_bounds_nothing_is_said(api: Api, clickhouse: ClickHouse) -> None:
    made = await api.change("PUT", CART, {"replicas_manual": 2, "containers": [APP]})
    assert told(made.json) == ([], [])
    await bound(clickhouse, CONTAINER, namespace="other", requests_cpu="1")
    assert told(await patched(api, note="n")) == ([], [])


async def test_a_limit_range_is_told_with_what_is_set_in_place(api: Api, clickhouse: ClickHouse) -> None:
    await bound(clickhouse, CONTAINER)
    made = await api.change("PUT", CART, {"containers": [APP]})
    assert told(made.json) == ([RAISED], [])
    lowered = await patched(api, {**APP, "request_cpu_m": 50, "limit_cpu_m": 60})
    assert [(one["parameters"]["kind"], one["parameters"]["after"]) for one in lowered["notes"]] == [
        ("limit", "100m"), ("request", "100m"),
    ]  # fmt: skip
    assert told(await patched(api, {**APP, "request_cpu_m": 1400})) == ([], [])
    await bound(clickhouse, {"type": "Pod", "max": {"cpu": "5"}})
    (note,) = (await patched(api, note="n"))["notes"]
    assert note == {"code": "pod_limit_range", "parameters": {"resource": "cpu", "kind": "limit"}}
    first = (await api.get(f"{CART}/history")).json["items"][-1]["version"]
    await bound(clickhouse, CONTAINER)
    version = (await api.get(CART)).json["version"]
    restored = await api.change("POST", f"{CART}/restore", {"restore_version": first}, version=version)
    assert restored.json["notes"] == [RAISED]


async def test_what_the_namespace_does_not_hold_is_told_against_its_quota(
    api: Api, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "pay", replicas=2, cpu_m=400)
    await bound(clickhouse, requests_cpu="2")
    assert told(await patched(api, {"name": "app", "request_cpu_m": 600})) == ([], [])
    over = (await patched(api, replicas_manual=3))["quotas_exceeded"]
    assert over == [
        {"namespace": "shop", "quota": "team", "resource": "requests.cpu", "hard": "2", "governed": "2600m"}
    ]
    assert told(await patched(api, {"name": "app", "request_cpu_m": None})) == ([], [])
    await set_expert(clickhouse, "pay", deleted=True)
    assert told(await patched(api, {"name": "app", "request_cpu_m": 650})) == ([], [])


async def test_where_nothing_is_governed_nothing_is_said(api: Api, clickhouse: ClickHouse) -> None:
    await bound(clickhouse, CONTAINER)
    made = await api.change("PUT", CART, {"containers": [APP], "mode": "off"})
    assert told(made.json) == ([], [])
    assert told(await patched(api, mode=None))[0] == [RAISED]
    await store_setting(clickhouse, ENV, "namespaces_excluded", "shop")
    assert told(await patched(api, note="n")) == ([], [])


async def test_many_at_once_are_told_before_they_are_changed(api: Api, clickhouse: ClickHouse) -> None:
    await register(clickhouse, "cart", "pay", replicas=2, cpu_m=400)
    await set_expert(clickhouse, "old", **containers(app=(856, 5600, None, None)))
    await bound(clickhouse, CONTAINER, requests_cpu="2")
    edit = {"containers": [APP]}
    changes = [{"namespace": "shop", "name": name, "version": "0", "edit": edit} for name in ("cart", "pay")]
    for dry_run in (True, False):
        asked = {"changes": changes, "dry_run": dry_run}
        answer = await api.change("POST", f"{SERVICES}/batch", asked)
        assert answer.status == 200, answer.text
        assert [one["notes"] for one in answer.json["items"]] == [[RAISED], [RAISED]]
        (over,) = answer.json["quotas_exceeded"]
        assert over["governed"] == "7", "two pods each of two services, at what the LimitRange makes of them"
    given = {"services": [{"namespace": "shop", "name": "cart", "containers": [{**APP, "limit_cpu_m": 900}]}]}
    imported = await api.change("POST", f"{SERVICES}/import", given)
    assert imported.json["items"][0]["notes"] == []
