"""What becomes of accepted advice: looked at for three days, told, taken back, added up; and instructions."""

from __future__ import annotations

import json
import shlex
from datetime import timedelta
from typing import Any

import pytest
import yaml

from kubedoor_api.access.roles import Role
from kubedoor_api.advice.outcomes.watching import watch_outcomes
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from support.advice import ADVICE, AS_OF, day_of, measured, runs
from support.api import BASE, ENV, Api
from support.operations import count, ended
from support.rows import control_row, set_mode
from support.services import CART

LATER = f"{AS_OF} 05:00:00.000"
Json = dict[str, Any]


@pytest.fixture(autouse=True)
async def _services(clickhouse: ClickHouse, cluster: Cluster) -> None:
    await set_mode(clickhouse, ENV, "observe")
    await measured(clickhouse, "cart")
    await runs(cluster, "cart")


async def accepted(clickhouse: ClickHouse, advice_id: str = "a" * 32) -> str:
    """An advice that was accepted on the last day that is collected so far."""
    row = {
        "env": ENV, "id": advice_id, "at": f"{AS_OF} 05:00:00.000", "as_of": AS_OF.isoformat(),
        "namespace": "shop", "name": "cart", "replicas_now": 10, "replicas_needed": 5, "replicas_advised": 7,
        "verdict": "fewer", "binding": "cpu", "confidence": 0.8, "bounds": "[]", "facts": "[]",
        "saving": "null", "not_because": [], "version": 0,
    }  # fmt: skip
    await clickhouse.insert("advice", [row])
    decision = {
        "env": ENV, "advice_id": advice_id, "at": f"{AS_OF} 06:00:00.000", "actor": "alice",
        "decision": "accepted", "namespace": "shop", "name": "cart", "replicas": 7,
    }  # fmt: skip
    await clickhouse.insert("advice_decision", [decision])
    return advice_id


async def days(clickhouse: ClickHouse, count: int, **values: Any) -> None:
    """Days after the acceptance, with the accepted count."""
    after = [AS_OF + timedelta(days=one) for one in range(1, count + 1)]
    await clickhouse.insert("resource_daily", [day_of("cart", day, pod_count=7, **values) for day in after])


async def events(clickhouse: ClickHouse) -> list[str]:
    """Return the kinds of what was told of advice, in the order of time."""
    rows = await clickhouse.fetch("SELECT kind FROM event WHERE startsWith(kind, 'advice.') ORDER BY at")
    return [row["kind"] for row in rows]


async def test_three_good_days_hold_and_are_added_up(
    api: Api, context: Context, clickhouse: ClickHouse
) -> None:
    await accepted(clickhouse)
    await watch_outcomes(context, ENV, AS_OF)
    assert await clickhouse.fetch("SELECT * FROM advice_outcome") == []
    await days(clickhouse, 2)
    await watch_outcomes(context, ENV, AS_OF + timedelta(days=2))
    assert await events(clickhouse) == []
    await days(clickhouse, 3)
    for _ in range(2):
        await watch_outcomes(context, ENV, AS_OF + timedelta(days=3))
    assert await events(clickhouse) == ["advice.held"]
    rows = await clickhouse.fetch("SELECT held, what FROM advice_outcome FINAL ORDER BY day")
    assert [row["held"] for row in rows] == [True] * 3
    assert json.loads(rows[-1]["what"])["saved_cpu_m"] == 3 * 500
    for key, value in (("price_core_month", 30), ("price_gib_month", 4)):
        assert (
            await api.change("PUT", f"{BASE}/settings/{key}", {"value": value}, version="0")
        ).status == 200
    told = (await api.get(f"{ADVICE}/statistics?since=2099-01-01")).json
    assert {name: told[name] for name in ("accepted", "dismissed", "held", "regretted")} == {
        "accepted": 1, "dismissed": 0, "held": 1, "regretted": 0,
    }  # fmt: skip
    assert told["money_month"] == pytest.approx(1.5 * 30 + 1.5 * 4)
    [month] = told["items"]
    assert (month["namespace"], month["month"], month["cpu_m"]) == ("shop", "2099-03-01", 1500)
    assert (await api.get(f"{ADVICE}/statistics?since=2099-06-01")).json["accepted"] == 0


async def test_what_got_worse_is_regretted_and_told_once(
    api: Api, context: Context, clickhouse: ClickHouse
) -> None:
    await accepted(clickhouse)
    await days(clickhouse, 1, oom_kills=1)
    for _ in range(2):
        await watch_outcomes(context, ENV, AS_OF + timedelta(days=1))
    assert await events(clickhouse) == ["advice.regretted"]
    [event] = await clickhouse.fetch("SELECT * FROM event WHERE kind = 'advice.regretted'")
    assert (event["severity"], event["name"]) == ("warning", "cart")
    assert "oom_killed" in event["message"]
    told = (await api.get(f"{ADVICE}/statistics?since=2099-01-01")).json
    assert (told["held"], told["regretted"], told["items"][0]["cpu_m"]) == (0, 1, None)
    operations = (await api.get(f"{BASE}/operations")).json
    assert operations["items"] == [], "nobody asked for the way back"


async def test_what_was_accepted_is_listed_with_what_became_of_it(
    api: Api, context: Context, clickhouse: ClickHouse
) -> None:
    listed = f"{ADVICE}/outcomes?since=2099-01-01"
    assert (await api.get(listed)).json == {"items": [], "total": 0}
    advice_id = await accepted(clickhouse)
    [one] = (await api.get(listed)).json["items"]
    assert (one["state"], one["looks"], one["worse"], one["stands"]) == ("watched", 0, [], False)
    assert (one["name"], one["before"], one["replicas"], one["actor"]) == ("cart", 10, 7, "alice")
    await days(clickhouse, 1, oom_kills=1)
    await watch_outcomes(context, ENV, AS_OF + timedelta(days=1))
    await clickhouse.insert("control", [control_row(ENV, "shop", "cart", replicas_ai=7, advice_id=advice_id)])
    told = (await api.get(f"{listed}&state=regretted")).json
    assert told["total"] == 1
    [one] = told["items"]
    assert (one["state"], one["worse"], one["stands"]) == ("regretted", ["oom_killed"], True)
    assert (await api.get(f"{listed}&state=held")).json == {"items": [], "total": 0}
    assert (await api.get(f"{listed}&offset=5")).json == {"items": [], "total": 1}
    narrow = api.as_(Role.VIEWER, namespace="other")
    assert (await narrow.get(listed)).json["total"] == 0


async def take(api: Api) -> Json:
    """Accept the advice on the service, by hand before; scaled to at once."""
    made = await api.change("PATCH", CART, {"replicas_manual": 10}, version="0")
    assert made.status == 200
    found = (await api.get(f"{ADVICE}/shop/cart")).json
    named = {name: found[name] for name in ("namespace", "name", "version")}
    item = {**named, "advice_id": found["id"], "replicas": 7}
    answer = await api.change("POST", f"{ADVICE}/accept", {"items": [item], "how": "now"})
    assert answer.status == 200, answer.text
    assert (await ended(api, answer.json["operation"]["id"]))["state"] == "succeeded"
    return {"namespace": "shop", "name": "cart", "advice_id": found["id"]}


async def test_one_click_takes_it_back(enforcing: Api, cluster: Cluster) -> None:
    item = await take(enforcing)
    assert count(cluster, "cart") == 7
    answers = [await enforcing.change("POST", f"{ADVICE}/rollback", item) for _ in range(2)]
    assert [answer.status for answer in answers] in ([202, 202], [202, 409])
    operation = await ended(enforcing, answers[0].json["id"])
    assert operation["state"] == "succeeded", operation
    assert count(cluster, "cart") == 10
    counts = (await enforcing.get(CART)).json["replicas"]
    assert (counts["effective"], counts["manual"], counts["ai"], counts["advice_id"]) == (10, 10, None, "")
    again = await enforcing.change("POST", f"{ADVICE}/rollback", item)
    assert (again.status, again.json["code"]) == (409, "advice_outdated")
    unknown = await enforcing.change("POST", f"{ADVICE}/rollback", {**item, "advice_id": "0" * 32})
    assert unknown.status == 409


async def test_it_comes_back_by_itself_where_the_setting_says_so(
    enforcing: Api, context: Context, settings: ApiSettings, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    item = await take(enforcing)
    moved = {"advice_id": item["advice_id"], "at": f"{AS_OF} 06:00:00.000", "env": ENV, "actor": "alice",
             "decision": "accepted", "namespace": "shop", "name": "cart", "replicas": 7}  # fmt: skip
    await clickhouse.insert("advice_decision", [moved])
    await days(clickhouse, 1, throttled_pct=30.0)
    bold = context.having(settings.model_copy(update={"advice_rollback": True}))
    await watch_outcomes(bold, ENV, AS_OF + timedelta(days=1))
    assert await events(clickhouse) == ["advice.regretted", "advice.rolled_back"]
    await ended(enforcing, f"{item['advice_id']}-back")
    assert count(cluster, "cart") == 10
    assert (await enforcing.get(CART)).json["replicas"]["ai"] is None


async def test_instructions_say_that_admission_overrules_and_how_to_accept(
    governing: Api, clickhouse: ClickHouse
) -> None:
    found = (await governing.get(f"{ADVICE}/shop/cart")).json
    script = await governing.get(f"{ADVICE}/export")
    assert script.headers["Content-Type"].startswith("text/x-shellscript")
    assert "`enforce`" in script.text
    [line] = [one for one in script.text.splitlines() if one.startswith("kubectl")]
    assert shlex.split(line, comments=True) == [
        "kubectl", "-n", "shop", "scale", "deployment/cart", "--replicas=7",
    ]  # fmt: skip
    [curl] = [one for one in script.text.splitlines() if one.startswith("curl")]
    body = json.loads(shlex.split(curl)[-1])
    assert (await governing.change("POST", f"{ADVICE}/accept", body)).status == 200, "as it stands there"
    assert body["items"][0]["advice_id"] == found["id"]


async def test_instructions_as_yaml_and_csv(governing: Api, clickhouse: ClickHouse) -> None:
    await governing.get(f"{ADVICE}/shop/cart")
    text = (await governing.get(f"{ADVICE}/export?format=yaml")).text
    [document] = yaml.safe_load_all(text)
    assert document["spec"] == {"replicas": 7}
    assert text.startswith("# Advice")
    assert "overrules" in text
    csv = (await governing.get(f"{ADVICE}/export?format=csv")).text
    header, line = csv.splitlines()
    values = dict(zip(header.split(","), line.split(","), strict=True))
    assert (values["replicas_now"], values["replicas_advised"], values["binding"]) == ("10", "7", "cpu")
    none = (await governing.get(f"{ADVICE}/export?format=csv&verdict=more")).text
    assert len(none.splitlines()) == 1


async def test_no_command_is_given_where_reasons_stand_against_it(
    governing: Api, clickhouse: ClickHouse
) -> None:
    await clickhouse.insert("resource_daily", [day_of("cart", AS_OF, oom_kills=1, collected_at=LATER)])
    found = (await governing.get(f"{ADVICE}/shop/cart")).json
    assert (found["verdict"], found["replicas_advised"]) == ("none", 7)
    assert "oom_killed" in found["not_because"]
    for form in ("kubectl", "yaml"):
        text = (await governing.get(f"{ADVICE}/export?format={form}")).text
        assert "cart" not in text
    assert "cart" in (await governing.get(f"{ADVICE}/export?format=csv")).text
