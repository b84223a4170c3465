"""Advice as it is made and shown: with its bounds and numbers, or with why there is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from kubedoor_api.advice import making, queries
from kubedoor_api.advice.making import keep_advice, made, remake
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.tasks import background
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import DEPLOYMENTS, NODES
from support.advice import ADVICE, AS_OF, SLOTS, budget, day_of, days_of, measured, runs
from support.api import BASE, ENV, SERVICES, Api
from support.rows import autoscaler_row, control_row, set_mode
from support.waiting import until

CART = f"{ADVICE}/shop/cart"
Json = dict[str, Any]


@pytest.fixture(autouse=True)
async def _observed(clickhouse: ClickHouse) -> None:
    await set_mode(clickhouse, ENV, "observe")


def least(advice: Json) -> dict[str, int]:
    """Return the bounds of an advice."""
    return {bound["name"]: bound["least"] for bound in advice["bounds"]}


async def test_an_advice_says_every_bound_with_its_numbers(
    governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    await measured(clickhouse, "cart")
    await runs(cluster, "cart")
    answer = await governing.get(CART)
    assert answer.status == 200, answer.text
    advice = answer.json
    assert (advice["verdict"], advice["not_because"], advice["of_least"]) == ("fewer", [], False)
    counts = [advice[f"replicas_{name}"] for name in ("now", "needed", "advised", "available")]
    assert counts == [10, 5, 7, 2]
    assert (advice["as_of"], advice["version"], advice["ai"]) == (AS_OF.isoformat(), "0", None)
    assert advice["next_step_after"] == (AS_OF + timedelta(days=4)).isoformat()
    assert least(advice) == {"cpu": 5, "one_lost": 5, "memory": 1, "availability": 2, "step": 7}
    cpu = advice["bounds"][0]
    assert (cpu["text_code"], cpu["container"], advice["binding"]) == ("cpu_of_limit", "app", "cpu")
    assert cpu["parameters"]["demand_cpu_m"] == 3000
    assert cpu["parameters"]["limit_share_pct"] == 70
    facts = {fact["id"]: fact for fact in advice["facts"]}
    assert {facts[one]["name"] for one in cpu["facts"]} == {
        "demand_cpu_m",
        "growth_pct",
        "skew",
        "limit_cpu_m",
    }
    assert facts[cpu["facts"][0]]["from"] == "peak"
    assert advice["saving"]["currency"] == "USD"
    assert advice["saving"]["money_month"] is None
    assert (await governing.get(CART)).json["id"] == advice["id"], "nothing has changed"


async def test_the_list_sorts_filters_and_adds_up(
    governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    for key, value in (("price_core_month", 30), ("price_gib_month", 4)):
        assert (
            await governing.change("PUT", f"{BASE}/settings/{key}", {"value": value}, version="0")
        ).status == 200
    await measured(clickhouse, "cart", "pay")
    await measured(clickhouse, "large", request_cpu_m=900)
    await measured(clickhouse, "busy", p95_cpu_m=800, p95_cpu_hot_m=800)
    for name in ("cart", "pay", "large", "busy"):
        await runs(cluster, name)
    await measured(clickhouse, "gone")
    empty = (await governing.get(ADVICE)).json
    assert (empty["items"], empty["as_of"], empty["totals"]["services"]) == ([], None, 0)
    for name in ("cart", "pay", "large", "busy"):
        assert (await governing.get(f"{ADVICE}/shop/{name}")).status == 200
    assert (await governing.get(f"{ADVICE}/shop/gone")).status == 404
    listed = (await governing.get(ADVICE)).json
    assert [one["name"] for one in listed["items"]] == ["large", "cart", "pay", "busy"]
    assert (listed["as_of"], listed["stale"]) == (AS_OF.isoformat(), False)
    fewer = (await governing.get(f"{ADVICE}?verdict=fewer&limit=2&offset=1&sort=name")).json
    assert [one["name"] for one in fewer["items"]] == ["large", "pay"]
    totals = fewer["totals"]
    assert (totals["services"], totals["pods"]) == (3, 9)
    money = sum(one["saving"]["money_month"] for one in listed["items"] if one["verdict"] == "fewer")
    assert totals["money_month"] == pytest.approx(money, abs=0.01)
    assert {one["verdict"]: one["services"] for one in totals["verdicts"]} == {"fewer": 3, "more": 1}
    dear = (await governing.get(f"{ADVICE}?min_month={listed['items'][0]['saving']['money_month'] - 1}")).json
    assert [one["name"] for one in dear["items"]] == ["large"]
    assert (await governing.get(f"{ADVICE}?namespace=other")).json["items"] == []
    assert (await governing.get(f"{ADVICE}?sort=secret")).status == 400


async def none_because(api: Api, name: str = "cart") -> list[str]:
    """Return why there is no advice."""
    advice = (await api.get(f"{ADVICE}/shop/{name}")).json
    assert advice["verdict"] in {"none", "unknown"}
    reasons: list[str] = advice["not_because"]
    return reasons


async def test_three_days_are_too_few(governing: Api, clickhouse: ClickHouse, cluster: Cluster) -> None:
    await measured(clickhouse, "cart", count=3)
    await runs(cluster, "cart")
    advice = (await governing.get(CART)).json
    assert (advice["verdict"], advice["not_because"], advice["replicas_needed"]) == (
        "unknown",
        ["few_days"],
        None,
    )
    assert advice["saving"] is None


async def test_what_people_say_stands_against_advice(
    governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    await measured(clickhouse, "cart", "young", "edited", "counted", "off")
    await runs(cluster, "cart", metadata={"annotations": {"kubedoor.io/advice": "off"}})
    for name in ("young", "edited", "counted", "off"):
        await runs(cluster, name)
    assert await none_because(governing) == ["opted_out"]
    young = control_row(ENV, "shop", "young", first_seen=(AS_OF - timedelta(days=5)).isoformat())
    await clickhouse.insert("derived", [young])
    assert await none_because(governing, "young") == ["new"]
    lately = f"{AS_OF - timedelta(days=1)} 12:00:00.000"
    await clickhouse.insert("control", [{**control_row(ENV, "shop", "edited"), "updated_at": lately}])
    assert await none_because(governing, "edited") == ["changed_lately"]
    month = [f"{AS_OF - timedelta(days=days)} 12:00:00.000" for days in (60, 20, 10)]
    history = [(1, 4, month[0]), (2, 10, month[1]), (3, 10, month[2])]
    await clickhouse.insert(
        "control",
        [
            {
                **control_row(ENV, "shop", "counted", replicas_manual=count),
                "version": version,
                "updated_at": at,
            }
            for version, count, at in history
        ],
    )
    assert await none_because(governing, "counted") == ["counted_by_hand"]
    await clickhouse.insert("control", [control_row(ENV, "shop", "off", mode="off")])
    assert "off" in await none_because(governing, "off")


async def test_the_days_stand_against_advice(
    governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    await measured(clickhouse, "cart")
    await runs(cluster, "cart")
    await clickhouse.insert(
        "resource_daily", [day_of("cart", AS_OF, oom_kills=1, collected_at=f"{AS_OF} 05:00:00.000")]
    )
    assert await none_because(governing) == ["oom_killed"]


async def test_budgets_and_zones_bound_the_count(
    governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    await measured(clickhouse, "cart", "pay")
    zone = "topology.kubernetes.io/zone"
    spread = {"topologyKey": zone, "whenUnsatisfiable": "DoNotSchedule", "maxSkew": 1,
              "labelSelector": {"matchLabels": {"app": "pay"}}}  # fmt: skip
    await runs(cluster, "cart")
    await runs(cluster, "pay", topologySpreadConstraints=[spread])
    await budget(cluster, "cart", minAvailable=8)
    for letter in "abcdefgh":
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {
            "name": f"zoned-{letter}", "labels": {zone: letter}}}  # fmt: skip
        await cluster.create(Target(NODES, "", f"zoned-{letter}"), node)
    bounded = (await governing.get(CART)).json
    assert (bounded["binding"], bounded["replicas_needed"], bounded["replicas_advised"]) == (
        "availability",
        9,
        9,
    )
    assert bounded["replicas_available"] == 9
    availability = next(one for one in bounded["bounds"] if one["name"] == "availability")
    assert (availability["text_code"], availability["parameters"]) == (
        "disruption_budget",
        {"budget_least": 9},
    )
    zoned = (await governing.get(f"{ADVICE}/shop/pay")).json
    assert (least(zoned)["availability"], zoned["replicas_advised"]) == (8, 8)


async def test_of_an_autoscaled_service_it_is_about_the_least(
    governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    await measured(clickhouse, "cart", "guess")
    await runs(cluster, "cart", 12)
    await runs(cluster, "guess")
    await clickhouse.insert(
        "autoscaler", [autoscaler_row(ENV, "shop", "cart", min_replicas=10, max_replicas=20)]
    )
    advice = (await governing.get(CART)).json
    assert (advice["of_least"], advice["replicas_now"], advice["replicas_advised"]) == (True, 10, 7)
    await clickhouse.insert("autoscaler", [{**autoscaler_row(ENV, "shop", "guess"), "source": "scale"}])
    assert await none_because(governing, "guess") == ["least_unknown"]


async def test_traffic_and_heap_bound_it(governing: Api, clickhouse: ClickHouse, cluster: Cluster) -> None:
    await measured(clickhouse, "cart", "java")
    for name in ("cart", "java"):
        await runs(cluster, name)
    days = [(AS_OF - timedelta(days=ago)).isoformat() for ago in range(14)]
    of = {"env": ENV, "namespace": "shop", "collected_at": f"{AS_OF} 05:00:00.000"}
    traffic = [
        {**of, "name": "cart", "date": day, "source": "istio", "qps_p95": 800.0, "error_pct": 0.1,
         "latency_p95_ms": 20.0} for day in days
    ]  # fmt: skip
    jvm = [
        {**of, "name": "java", "container": "app", "date": day, "source": "micrometer", "heap_live_mib": 500,
         "heap_max_mib": 750, "gc_overhead_pct": 1} for day in days
    ]  # fmt: skip
    await clickhouse.insert("traffic_daily", traffic)
    await clickhouse.insert("jvm_daily", jvm)
    asked = (await governing.get(CART)).json
    assert least(asked)["traffic"] == 8, "80 a pod were proved, and a quarter more may be tried"
    proved = next(one for one in asked["facts"] if one["name"] == "qps_proved_per_pod")
    assert (proved["value"], proved["from"]) == (80, "traffic")
    assert asked["load"] == [80.0] * 14
    heaped = (await governing.get(f"{ADVICE}/shop/java")).json
    assert least(heaped)["heap"] == 9
    listed = (await governing.get(f"{ADVICE}?verdict=fewer")).json["items"]
    assert {one["name"]: one["load"] for one in listed} == {"cart": [80.0] * 14, "java": []}


async def test_two_sources_of_a_day_are_one(governing: Api, clickhouse: ClickHouse, cluster: Cluster) -> None:
    """The later row of a day replaces the earlier one, whoever tells it: no day counts twice."""
    await measured(clickhouse, "cart")
    await runs(cluster, "cart")
    rows = [
        {"env": ENV, "namespace": "shop", "name": "cart", "date": AS_OF.isoformat(), "source": source,
         "qps_p95": qps, "error_pct": 0.0, "collected_at": f"{AS_OF} 0{hour}:00:00.000"}
        for source, qps, hour in (("micrometer", 100.0, 5), ("istio", 800.0, 6))
    ]  # fmt: skip
    await clickhouse.insert("traffic_daily", rows)
    facts = {one["name"]: one["value"] for one in (await governing.get(CART)).json["facts"]}
    assert facts["qps_proved_per_pod"] == 80


async def test_a_cluster_that_may_not_be_asked_or_is_none_gives_no_advice(
    api: Api, governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    await measured(clickhouse, "cart")
    await runs(cluster, "cart")
    assert await none_because(api) == ["cluster_unknown"]
    assert (await api.get(CART)).json["replicas_available"] is None
    first = (await governing.get(CART)).json
    assert first["verdict"] == "fewer"
    cluster.fault(path="/poddisruptionbudgets", status=403, count=None)
    assert await none_because(governing) == ["cluster_unknown"]


async def test_the_profile_is_reckoned_as_numpy_does(
    context: Context, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    """P99 over the day of what all pods used: in ClickHouse as in numpy, unknown five minutes left out."""
    random = np.random.default_rng(7)
    profile: list[int | None] = [int(one) for one in random.integers(100, 900, SLOTS)]
    profile[40:90] = [None] * 50
    pods = [int(one) for one in random.integers(8, 12, 24)]
    rows = days_of("cart", profile_cpu_m=profile, profile_pods=pods)
    await measured(clickhouse, "cart", count=1)
    await clickhouse.insert(
        "resource_daily", [{**row, "collected_at": f"{AS_OF} 06:00:00.000"} for row in rows]
    )
    await runs(cluster, "cart")
    used = [value * pods[slot // 12] for slot, value in enumerate(profile) if value is not None]
    [row] = await made(context, ENV)
    assert f'"demand_cpu_m", "value": {round(float(np.quantile(used, 0.99)), 4)}' in row["facts"]
    assert '"from": "profile"' in row["facts"]


async def test_what_is_no_deployment_has_none(governing: Api, clickhouse: ClickHouse) -> None:
    answer = await governing.get(f"{CART}?kind=StatefulSet")
    assert (answer.status, answer.json["code"]) == (409, "kind_not_governed")
    missing = await governing.get(CART)
    assert missing.status == 404


async def test_with_the_cluster_away_the_latest_is_shown(
    governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    await measured(clickhouse, "cart")
    await runs(cluster, "cart")
    first = (await governing.get(CART)).json
    assert SERVICES
    cluster.fault(path="/deployments", status=400, count=None)
    await clickhouse.insert("control", [control_row(ENV, "shop", "cart", note="x")])
    assert (await governing.get(CART)).json == first
    live = Target(DEPLOYMENTS, "shop", "cart")
    assert cluster.get(live)["spec"]["replicas"] == 10


async def test_the_leader_makes_it_anew_once_after_each_collection(
    context: Context, clickhouse: ClickHouse, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "LOOK_PAUSE_S", 0.02)
    await measured(clickhouse, "cart", "pay")
    for name in ("cart", "pay"):
        await runs(cluster, name)
    run = {"env": ENV, "id": "r", "trigger": "schedule", "state": "running", "version": 1,
           "heartbeat_at": timestamp(datetime.now(UTC))}  # fmt: skip
    await clickhouse.insert("collection_run", [run])

    async def stored(services: int) -> bool:
        row = await clickhouse.fetch_one("SELECT count() AS n FROM advice")
        return row is not None and int(row["n"]) == services

    async with background(keep_advice(context, ENV)):
        assert await queries.is_collecting(clickhouse, ENV)
        assert await stored(0), "days are still coming in"
        await clickhouse.insert("collection_run", [{**run, "state": "succeeded", "version": 2}])
        await until(lambda: stored(2))
        day = AS_OF + timedelta(days=1)
        await clickhouse.insert("resource_daily", [day_of(name, day) for name in ("cart", "pay")])
        await until(lambda: stored(4))
    assert await remake(context, ENV) == 0, "nothing is new"
    await clickhouse.insert("control", [control_row(ENV, "shop", "cart", mode="off")])
    assert await remake(context, ENV) == 1
    gone = "* REPLACE(true AS deleted, toDateTime64('2099-12-31 00:00:00', 3, 'UTC') AS collected_at)"
    rows = f"SELECT {gone} FROM resource_daily FINAL WHERE name = 'pay'"
    await clickhouse.execute(f"INSERT INTO resource_daily {rows}")
    await remake(context, ENV)
    expired = await clickhouse.fetch(
        "SELECT name, reason FROM advice_decision WHERE decision = 'expired' ORDER BY name"
    )
    assert expired == [{"name": "cart", "reason": "changed"}, {"name": "pay", "reason": "gone"}]


async def test_what_the_settings_say_of_advice_holds(
    governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    await measured(clickhouse, "cart")
    await runs(cluster, "cart")
    assert (await governing.get(CART)).json["replicas_advised"] == 7
    key = f"{BASE}/settings/advice_rules"
    wrong = await governing.change("PUT", key, {"value": "kept_share=2"}, version="0")
    assert (wrong.status, wrong.fields) == (400, {"value"})
    text = "kept_share=0.9 limit_share=0.5"
    assert (await governing.change("PUT", key, {"value": text}, version="0")).status == 200
    advice = (await governing.get(CART)).json
    assert (advice["replicas_needed"], advice["replicas_advised"]) == (6, 9)
    assert advice["bounds"][0]["parameters"]["limit_share_pct"] == 50
