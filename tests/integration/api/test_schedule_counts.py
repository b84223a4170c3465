"""A night's count is for the time being: the count of the day comes back, by whichever way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kubedoor_api.schedules import queries, runs
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from support.api import BASE, ENV, Api
from support.operations import OPERATIONS, Json, count, details, ended, register, run, set_expert, targets
from support.schedules import SCHEDULES, SPRING, FakeClock, made
from support.terms import START, history, store, term

NEVER = "0 0 1 1 *"
"""The runs of these tests are asked for by hand."""


async def ran(api: Api, schedule: Json) -> Json:
    """Run a schedule now, and return its operation when that has ended."""
    answer = await api.change("POST", f"{SCHEDULES}/{schedule['id']}/run")
    assert answer.status == 202, answer.text
    return await ended(api, answer.json["operation_id"])


async def counts(api: Api) -> tuple[int | None, int | None]:
    """The manual count of `shop/cart`, and the one that counts."""
    found = (await api.get(f"{BASE}/services/shop/cart")).json["replicas"]
    return found["manual"], found["effective"]


@pytest.mark.parametrize("manual", [None, 5])
async def test_the_control_tables_count_in_the_morning_is_that_of_the_day(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse, manual: int | None
) -> None:
    day = manual or 4
    await register(clickhouse, "cart", replicas=4)
    if manual is not None:
        await set_expert(clickhouse, "cart", replicas_manual=manual)
    await run(cluster, "cart", replicas=day)
    options = {"kind": "scale", "cron": NEVER, "wait_rollout": True}
    night = await made(enforcing, targets=targets("cart", replicas=1), **options)
    deeper = await made(enforcing, targets=targets("cart", replicas=0), **options)
    morning = await made(enforcing, targets=targets("cart"), **options)
    await ran(enforcing, night)
    await ran(enforcing, deeper)
    assert (count(cluster, "cart"), await counts(enforcing)) == (0, (0, 0))
    limit = {"containers": [{"name": "app", "limit_cpu_m": 500}]}
    version = (await enforcing.get(f"{BASE}/services/shop/cart")).json["version"]
    edit = await enforcing.change("PATCH", f"{BASE}/services/shop/cart", limit, version=version)
    assert edit.status == 200, edit.text
    asked = {"kind": "scale", "targets": targets("cart")}
    [preview] = (await enforcing.change("POST", f"{OPERATIONS}/preview", asked)).json["targets"]
    assert (preview["replicas_before"], preview["replicas_after"]) == (0, day)
    shown = await ran(enforcing, morning)
    assert f"the control table's count is {day} again" in details(shown)["cart"]
    assert (count(cluster, "cart"), await counts(enforcing)) == (day, (manual, day))


async def test_what_a_person_sets_meanwhile_is_the_count_of_the_day(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", replicas=4)
    await run(cluster, "cart", replicas=4)
    options = {"kind": "scale", "cron": NEVER, "wait_rollout": True}
    night = await made(enforcing, targets=targets("cart", replicas=1), **options)
    morning = await made(enforcing, targets=targets("cart"), **options)
    await ran(enforcing, night)
    version = (await enforcing.get(f"{BASE}/services/shop/cart")).json["version"]
    edit = await enforcing.change(
        "PATCH", f"{BASE}/services/shop/cart", {"replicas_manual": 6}, version=version
    )
    assert edit.status == 200, edit.text
    await ran(enforcing, morning)
    assert (count(cluster, "cart"), await counts(enforcing)) == (6, (6, 6))


async def test_a_pair_gives_back_when_its_other_half_comes(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", replicas=4)
    await run(cluster, "cart", replicas=4)
    pair = await made(
        enforcing,
        kind="scale",
        targets=targets("cart", replicas=1),
        cron="0 22 * * 1-5",
        until_cron="0 7 * * 1-5",
        timezone="Europe/Berlin",
        wait_rollout=True,
    )
    assert pair["until_cron"] == "0 7 * * 1-5"
    shown = await ran(enforcing, pair)
    until = datetime.fromisoformat(shown["until"])
    assert timedelta(0) < until - datetime.now(UTC) <= timedelta(days=4)
    times = await enforcing.get(
        f"{BASE}/schedule-times", params={"cron": "0 7 * * 1-5", "timezone": "Europe/Berlin"}
    )
    assert times.json["items"][0]["at"] == shown["until"]
    back = (await enforcing.get(f"{OPERATIONS}/{shown['id']}-until")).json
    assert (back["state"], back["run_at"], back["targets"][0]["replicas"]) == ("pending", shown["until"], 4)


async def test_a_pair_that_is_too_late_says_so(context: Context, clock: FakeClock) -> None:
    late: Json = {"misfire": "run_late", "grace_s": 86_400}
    wanted = targets("cart", replicas=1)
    pair: Json = {"kind": "scale", "cron": "0 22 * * *", "until_cron": "0 7 * * *", "targets": wanted}
    await store(context, "a", timezone="UTC", **pair, **late)
    leader = await term(context, clock)
    clock.at = START.replace(hour=7) + timedelta(days=1, minutes=30)
    await leader.round()
    [run_] = await history(context, "a")
    assert (run_.outcome, [one.code for one in run_.notes]) == ("failed", ["given_back_before"])


async def test_the_other_half_is_reckoned_from_when_the_run_was_due(context: Context) -> None:
    """Over the night on which Berlin's clocks skip an hour: nine hours on the wall are eight."""
    wanted = targets("cart", replicas=1)
    pair: Json = {"kind": "scale", "cron": "0 22 * * *", "until_cron": "0 7 * * *", "targets": wanted}
    await store(context, "a", timezone="Europe/Berlin", **pair)
    stored = await queries.one(context[ClickHouse], ENV, "a" * 32)
    assert stored is not None
    evening = datetime(SPRING.year, SPRING.month, SPRING.day, 21, tzinfo=UTC) - timedelta(days=1)
    asked = await runs.ask_for(context, stored, "f" * 32, "alice", runs.Moment(evening, evening))
    assert asked.request.until == evening + timedelta(hours=8)
