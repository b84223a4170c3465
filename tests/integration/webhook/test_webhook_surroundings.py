"""The webhook knows what else steers a service, its autoscaler and LimitRange, and keeps to them."""

from __future__ import annotations

import copy
from typing import Any

import aiohttp
import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.admission.decide import AUTOSCALER
from support.events import events_told
from support.reviews import container, deployment, restarted, review, scale
from support.rows import autoscaler_row, containers, control_row, limit_range_row, store_setting
from support.waiting import until
from support.webhook import ENV, Answer, ask

Json = dict[str, Any]
SCALER = "system:serviceaccount:night:scaler"
FOUND = "SELECT source, autoscaler, gone_at IS NULL AS there FROM autoscaler FINAL WHERE env = {e:String}"


def by_autoscaler(count: int, before: int) -> Json:
    """A scale as the controller of autoscalers asks for it."""
    document = review(scale(count), scale(before), subresource="scale")
    document["request"]["userInfo"] = {"username": AUTOSCALER}
    return document


async def rolled_out(client: aiohttp.ClientSession, replicas: int) -> int:
    """Roll a Deployment out that runs with a count; return the count that it is admitted with."""
    standing = deployment(replicas=replicas)
    document = review(restarted(standing), standing)
    admitted: int = (await ask(client, document)).admitted(document)["spec"]["replicas"]
    return admitted


async def test_an_autoscaler_that_is_found_owns_the_count_at_once_and_until_it_is_forgotten(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    assert await rolled_out(client, 9) == 3
    await clickhouse.insert("autoscaler", [autoscaler_row(ENV, "shop", "checkout")])
    assert await rolled_out(client, 9) == 9
    document = by_autoscaler(20, 9)
    assert (await ask(client, document)).admitted(document)["spec"]["replicas"] == 20
    await clickhouse.insert("autoscaler", [autoscaler_row(ENV, "shop", "checkout", deleted=True)])
    assert await rolled_out(client, 9) == 3


async def test_one_that_nobody_has_told_of_makes_itself_known_by_its_scaling(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    document = by_autoscaler(20, 9)
    for dry_run in (True, False):
        assert await clickhouse.fetch(FOUND, e=ENV) == []
        document["request"]["dryRun"] = dry_run
        assert (await ask(client, document)).admitted(document)["spec"]["replicas"] == 20

    async def known() -> bool:
        return bool(await clickhouse.fetch(FOUND, e=ENV))

    await until(known)
    assert [tuple(row.values()) for row in await clickhouse.fetch(FOUND, e=ENV)] == [("scale", "", 0)]
    assert await rolled_out(client, 20) == 20


async def test_a_count_that_is_pinned_holds_whatever_scales(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    pinned = control_row(ENV, "shop", "checkout", replicas_manual=3, replicas_policy="pinned")
    await clickhouse.insert("control", [pinned])
    await clickhouse.insert("autoscaler", [autoscaler_row(ENV, "shop", "checkout")])
    document = by_autoscaler(20, 9)
    answer = await ask(client, document)
    assert answer.admitted(document)["spec"]["replicas"] == 3
    assert answer.response["warnings"] == ["replicas 20 -> 3 (manual)"]


async def test_what_is_found_of_another_env_or_kind_changes_nothing(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    others = [
        autoscaler_row("other", "shop", "checkout"),
        autoscaler_row(ENV, "pay", "checkout"),
        autoscaler_row(ENV, "shop", "checkout", kind="StatefulSet"),
    ]
    await clickhouse.insert("autoscaler", others)
    assert await rolled_out(client, 9) == 3


@pytest.mark.parametrize(
    ("allowed", "to_zero", "back"), [("", 3, 3), ("shop/.*", 0, 5), ("shop/cart", 3, 3), (".*", 0, 5)]
)
async def test_zero_and_back_pass_where_they_are_allowed(
    client: aiohttp.ClientSession, clickhouse: ClickHouse, allowed: str, to_zero: int, back: int
) -> None:
    await store_setting(clickhouse, ENV, "allow_scale_to_zero", allowed)
    for before, asked, expected in ((3, 0, to_zero), (0, 5, back), (5, 7, 3)):
        document = review(scale(asked), scale(before), subresource="scale")
        assert (await ask(client, document)).admitted(document)["spec"]["replicas"] == expected


LIMITS = {"type": "Container", "min": {"cpu": "100m"}, "maxLimitRequestRatio": {"cpu": "4"}}


async def admitted(client: aiohttp.ClientSession) -> tuple[Answer, Json]:
    """Create a Deployment; return the answer, and the resources that it is admitted with."""
    document = review(deployment(container("app", {"requests": {"cpu": "1"}, "limits": {"cpu": "2"}})))
    answer = await ask(client, document)
    (found,) = answer.admitted(document)["spec"]["template"]["spec"]["containers"]
    return answer, copy.deepcopy(found["resources"])


async def test_a_limit_range_is_kept_within_once_it_is_there_and_no_longer_when_it_is_gone(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    tight = {**LIMITS, "maxLimitRequestRatio": {"cpu": "2"}}
    _, before = await admitted(client)
    assert (before["requests"]["cpu"], before["limits"]["cpu"]) == ("250m", "1")
    await clickhouse.insert("limit_range", [limit_range_row(ENV, "shop", [{"limits": [tight]}])])
    answer, within = await admitted(client)
    assert (within["requests"]["cpu"], within["limits"]["cpu"]) == ("500m", "1")
    told = [text for text in answer.response["warnings"] if "LimitRange" in text]
    assert told == ["app: cpu request 250m is not allowed by the namespace's LimitRange, set to 500m"]
    await clickhouse.insert("limit_range", [limit_range_row(ENV, "shop", [], deleted=True)])
    assert (await admitted(client))[1] == before


async def test_a_limit_range_that_can_not_be_read_bounds_nothing_and_holds_up_nothing(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    rows = [
        limit_range_row(ENV, "shop", [{"limits": [{"type": "Container", "min": {"cpu": "much"}}]}]),
        {**limit_range_row(ENV, "pay", []), "limit_ranges": "no JSON"},
    ]
    await clickhouse.insert("limit_range", rows)
    values = containers(app=(300, 1000, 512, 1024))
    await clickhouse.insert("control", [control_row(ENV, "shop", "checkout", **values)])
    assert (await admitted(client))[1]["requests"]["cpu"] == "300m"


async def test_something_that_is_set_back_again_and_again_is_told_once_by_its_name(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    document = review(scale(9), scale(3), subresource="scale")
    for user, times in (("ann@example.com", 5), (SCALER, 2), (SCALER, 5)):
        document["request"]["userInfo"] = {"username": user}
        for _ in range(times):
            assert (await ask(client, document)).admitted(document)["spec"]["replicas"] == 3

    async def logged() -> bool:
        rows = await clickhouse.fetch("SELECT count() AS n FROM admission_log")
        return bool(rows[0]["n"] == 12)

    await until(logged)
    (event,) = await events_told(clickhouse, "admission.conflict")
    assert event["name"] == "checkout"
    assert event["message"].startswith(f"{SCALER} scales shop/checkout again and again")
