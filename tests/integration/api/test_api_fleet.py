"""All envs at once: their figures, their clusters, and one of them that hangs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_api.alerts.row import AlertmanagerAlert, row_of
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.envs.queries import LATELY_DAYS, collected
from kubedoor_api.fleet import board, routes
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_dev.cluster.cluster import Cluster, Options
from support.alerts import sent_alert
from support.api import Api, serving
from support.rows import containers, derived_row, set_mode, store_setting
from support.waiting import until

FLEET = "/api/v1/fleet"
ENVS = ("east", "north", "west")
DAY, DAY_BEFORE = ((datetime.now(UTC) - timedelta(days=ago)).date().isoformat() for ago in (1, 2))


def daily(env: str, namespace: str, day: str, pods: int = 2) -> dict[str, Any]:
    """One service's row: 100 of 300 m and 200 of 600 MiB used, by each pod."""
    return {
        "env": env, "namespace": namespace, "name": "cart", "container": "app", "date": day,
        "window_start": f"{day} 02:00:00.000", "window_end": f"{day} 03:30:00.000",
        "collected_at": f"{day} 04:00:00.000", "pod_count": pods, "p95_cpu_m": 100, "p95_mem_mib": 200,
        "request_cpu_m": 300, "request_mem_mib": 600,
    }  # fmt: skip


def score(env: str, namespace: str, day: str, points: float, cost: float) -> dict[str, Any]:
    """A kept score."""
    return {
        "env": env, "namespace": namespace, "name": "cart", "date": day, "score": points, "cost": cost,
        "known_pct": 80.0, "parts": "{}", "deductions": "[]", "written_at": f"{day} 05:00:00.000",
    }  # fmt: skip


def firing(env: str, namespace: str, number: int) -> dict[str, Any]:
    """An alert that fires."""
    labels = {"alertname": "Slow", **({"namespace": namespace} if namespace else {})}
    sent = AlertmanagerAlert.model_validate({**sent_alert(number), "labels": labels})
    return dict(row_of(env, sent, datetime.now(UTC)))


async def fill(clickhouse: ClickHouse) -> None:
    """East and north have rows, east of two days; west has none."""
    await clickhouse.insert(
        "resource_daily",
        [
            daily("east", "shop", DAY_BEFORE, pods=50),
            daily("east", "shop", DAY),
            daily("east", "bank", DAY),
            daily("north", "shop", DAY_BEFORE, pods=10),
        ],
    )
    values = containers(app=(100, None, 128, None))
    await clickhouse.insert("derived", [derived_row("east", "shop", "cart", **values)])
    await clickhouse.insert(
        "score_daily", [score("east", "shop", DAY, 90.0, 3.0), score("east", "bank", DAY, 50.0, 1.0)]
    )
    await clickhouse.insert("alert", [firing("east", "shop", 1), firing("east", "", 2)])
    now = timestamp(datetime.now(UTC))
    run = {"id": "1", "env": "east", "state": "succeeded", "started_at": now, "heartbeat_at": now}
    await clickhouse.insert("collection_run", [{**run, "collector": "host/1/ab@0.1.0"}])
    await store_setting(clickhouse, "east", "price_core_month", 10)
    await store_setting(clickhouse, "east", "price_gib_month", 1)
    await store_setting(clickhouse, "north", "price_core_month", 70)
    await store_setting(clickhouse, "north", "price_gib_month", 7)
    await store_setting(clickhouse, "north", "currency", "CNY")
    await set_mode(clickhouse, "east", "enforce")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for clusters for as long as a busy machine takes."""
    monkeypatch.setattr(board, "LOOK_S", 600.0)
    monkeypatch.setattr(routes, "ASK_S", 600.0)


@pytest.fixture
async def clusters(tmp_path: Path) -> AsyncIterator[dict[str, Cluster]]:
    """Three clusters and their file."""
    made = {env: Cluster(Options(tls=True, namespaces=("kubedoor",))) for env in ENVS}
    async with AsyncExitStack() as stack:
        for cluster in made.values():
            await stack.enter_async_context(cluster.serve())
        files = {env: str(cluster.write_kubeconfig(tmp_path / env)) for env, cluster in made.items()}
        (tmp_path / "clusters.yaml").write_text(json.dumps(files))
        yield made


@pytest.fixture
async def fleet(
    clickhouse: ClickHouse, settings: ApiSettings, clusters: dict[str, Cluster], tmp_path: Path
) -> AsyncIterator[Api]:
    """An API that knows them."""
    await fill(clickhouse)
    update = {"env": "east", "clusters_file": str(tmp_path / "clusters.yaml"), "own_namespace": "kubedoor"}
    async with serving(settings.model_copy(update=update)) as api:
        yield api


async def rows(api: Api) -> dict[str, Any]:
    """Return the envs by name."""
    answer = await api.get(FLEET)
    assert answer.status == 200, answer.text
    return {row["name"]: row for row in answer.json["items"]}


async def asked(api: Api) -> dict[str, Any]:
    """Return the envs once every cluster has been asked."""

    async def told() -> dict[str, Any] | None:
        found = await rows(api)
        return None if any(row["cluster"]["state"] == "unknown" for row in found.values()) else found

    return await until(told)


async def test_a_row_for_each_env_with_the_figures_of_its_own_peak(fleet: Api) -> None:
    found = await asked(fleet)
    assert list(found) == ["east", "north", "west"]
    east, north, west = found.values()
    assert (east["mode"], east["partial"], east["date"], east["registered"]) == ("enforce", False, DAY, 1)
    assert east["totals"]["pods"] == 4
    assert east["totals"]["cpu_m"]["requested"] == 1200
    assert east["money"]["requested"] == pytest.approx(10 * 1.2 + 2400 / 1024, abs=0.01)
    assert (east["score"], east["grade"]) == (80.0, "B")
    assert (east["alerts"], east["findings"]) == (2, 0)
    assert (east["collector"]["version"], east["webhook"]) == ("0.1.0", None)
    assert (north["date"], north["totals"]["pods"], north["score"]) == (DAY_BEFORE, 10, None)
    assert (west["date"], west["totals"], west["money"], west["mode"]) == (None, None, None, "off")
    for row in found.values():
        assert (row["cluster"]["state"], row["cluster"]["nodes"], row["cluster"]["reason"]) == (
            "reachable",
            3,
            "",
        )


async def test_sums_are_by_currency_and_say_what_is_in_none(fleet: Api) -> None:
    await asked(fleet)
    sums = (await fleet.get(FLEET)).json["sums"]
    assert (sums["envs"], sums["uncollected"], sums["unpriced"], sums["nodes"]) == (3, 1, 0, 9)
    assert [(money["currency"], money["envs"]) for money in sums["money"]] == [("CNY", 1), ("USD", 1)]
    assert sums["totals"]["pods"] == 14
    assert sums["totals"]["cpu_m"] == {
        "used": 1400, "requested": 4200, "limited": 0, "waste": 2800, "shortage": 0,
    }  # fmt: skip


async def test_who_sees_one_namespace_sees_its_figures_alone(fleet: Api) -> None:
    await asked(fleet)
    bounded = await rows(fleet.as_(Role.VIEWER, env="east", namespace="shop"))
    (east,) = bounded.values()
    assert (east["partial"], east["totals"]["pods"], east["score"]) == (True, 2, 90.0)
    assert (east["alerts"], east["cluster"]["nodes"]) == (1, None), (
        "what is of no namespace is of the whole env"
    )
    assert await rows(fleet.as_(Role.VIEWER, env="elsewhere")) == {}


async def test_a_cluster_that_hangs_keeps_nobody_waiting(
    fleet: Api, clusters: dict[str, Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "EVERY_S", 0.0)
    await asked(fleet)
    clusters["west"].fault(hang=True, count=None, path="/nodes")
    await until(lambda: _whether(fleet, "west", "asking", is_=True))
    shown = await rows(fleet)
    assert {row["cluster"]["state"] for row in shown.values()} == {"reachable"}
    assert shown["west"]["cluster"]["nodes"] == 3, "as it was"


async def test_a_cluster_that_is_away_keeps_its_last_state_with_its_age(
    fleet: Api, clusters: dict[str, Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "EVERY_S", 0.0)
    before = (await asked(fleet))["west"]["cluster"]
    clusters["west"].fault(drop=True, count=None, path="/nodes")
    await until(lambda: _whether(fleet, "west", "state", is_="unreachable"))
    found = (await fleet.get(FLEET)).json
    west = found["items"][2]["cluster"]
    assert found["sums"]["unreachable"] == 1
    assert (west["nodes"], west["answered_at"] >= before["answered_at"]) == (3, True)
    assert west["since"] >= west["answered_at"]
    assert "can't be reached" in west["reason"]
    clusters["west"].faults.clear()
    await until(lambda: _whether(fleet, "west", "state", is_="reachable"))


async def _whether(api: Api, env: str, member: str, *, is_: object) -> bool:
    cluster: dict[str, object] = (await rows(api))[env]["cluster"]
    return cluster[member] == is_


async def test_a_cluster_that_refuses_answers(fleet: Api, clusters: dict[str, Cluster]) -> None:
    clusters["north"].fault(status=403, count=None, path="/nodes")
    north = (await asked(fleet))["north"]["cluster"]
    assert (north["state"], north["nodes"]) == ("reachable", None)
    assert "403" in north["nodes_reason"]


async def test_an_env_without_a_cluster_here_is_shown_by_its_rows(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    found = await rows(api)
    assert list(found) == ["test", "east", "north"]
    assert found["east"]["cluster"]["state"] == "none"
    assert found["east"]["totals"]["pods"] == 4


async def test_the_steps_of_an_env_say_what_is_missing(fleet: Api, clusters: dict[str, Cluster]) -> None:
    async def steps(env: str) -> dict[str, tuple[str, str]]:
        answer = await fleet.get(f"/api/v1/envs/{env}/setup")
        assert answer.status == 200, answer.text
        return {step["step"]: (step["state"], step["detail"]) for step in answer.json["steps"]}

    done = ("done", "")
    east = await steps("east")
    assert (east["configured"], east["reachable"], east["rights"]) == (done, done, done)
    assert (east["collector"], east["webhook"], east["mode"]) == (done, ("open", ""), done)
    clusters["north"].faults.denied |= {("patch", "deployments/scale"), ("create", "leases")}
    assert (await steps("north"))["rights"] == ("failed", "patch deployments/scale\ncreate leases")
    clusters["west"].fault(drop=True, count=None)
    west = await steps("west")
    assert (west["reachable"][0], west["rights"], west["mode"]) == ("failed", ("open", ""), ("open", ""))
    assert {state for state, _ in (await steps("south")).values()} == {"open"}
    assert (await fleet.as_(Role.VIEWER, env="east").get("/api/v1/envs/west/setup")).status == 403


async def test_a_service_is_found_in_every_env_that_one_may_see(fleet: Api, clickhouse: ClickHouse) -> None:
    values = containers(app=(100, None, 128, None))
    places = [("north", "shop", "cart"), ("north", "bank", "cart-admin"), ("west", "shop", "my-cart"),
              ("west", "shop", "other")]  # fmt: skip
    await clickhouse.insert("derived", [derived_row(*place, **values) for place in places])

    async def found(q: str, api: Api = fleet, **query: str) -> list[tuple[str, str, str]]:
        answer = await api.get(f"{FLEET}/services", params={"q": q, **query})
        assert answer.status == 200, answer.text
        return [(one["env"], one["namespace"], one["name"]) for one in answer.json["items"]]

    exact = [("east", "shop", "cart"), ("north", "shop", "cart")]
    assert await found("CART") == [*exact, ("north", "bank", "cart-admin"), ("west", "shop", "my-cart")]
    assert await found("bank cart") == [("north", "bank", "cart-admin")]
    assert await found("cart", limit="1") == exact[:1]
    bounded = fleet.as_(Role.VIEWER, env="north|west", namespace="shop")
    assert await found("cart", bounded) == [exact[1], ("west", "shop", "my-cart")]
    assert (await fleet.get(f"{FLEET}/services", params={"q": "cart", "limit": "1"})).json["more"] is True
    assert await found("100%_x") == []


async def test_the_latest_day_of_an_env_that_was_collected_long_ago(clickhouse: ClickHouse) -> None:
    """Lately collected envs are found among few days; the others by all of theirs."""
    long_ago, before = (
        (datetime.now(UTC) - timedelta(days=days)).date().isoformat() for days in (2 * LATELY_DAYS, 200)
    )
    rows = [daily("east", "shop", DAY), daily("east", "shop", long_ago)]
    gone = {**daily("north", "shop", DAY), "deleted": True}
    old = [daily("west", "shop", long_ago), daily("west", "shop", before), gone]
    await clickhouse.insert("resource_daily", [*rows, *old])
    found = await collected(clickhouse)
    assert {env: one.day.isoformat() for env, one in found.items()} == {"east": DAY, "west": long_ago}
    assert found["west"].at.isoformat() == f"{long_ago}T04:00:00+00:00"
