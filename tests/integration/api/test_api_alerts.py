"""Alerts in: stored before they are answered, once, whatever comes first; shown, and acknowledged."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import pytest

from kubedoor_api.access.roles import Grant, Role
from kubedoor_api.alerts import intake
from kubedoor_api.alerts.intake import Intake
from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.errors import ClickHouseUnavailableError, UnavailableError
from support.alerts import BEGAN, POD, message, sent_alert
from support.api import BASE, Answer, Api

ALERTS = f"{BASE}/alerts"


async def send(api: Api, *alerts: dict[str, Any]) -> Answer:
    """Send as Alertmanager does, with a token that may only that."""
    answer = await api.as_(Role.INGEST).change("POST", f"{ALERTS}/alertmanager", message(*alerts))
    assert answer.status == 200, answer.text
    return answer


async def occurrences(api: Api, query: str = "") -> list[dict[str, Any]]:
    """Every alert."""
    answer = await api.get(f"{ALERTS}/occurrences{query}")
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.json["items"]
    return items


async def test_what_is_sent_twice_is_there_once_and_a_late_one_opens_nothing(api: Api) -> None:
    firing, resolved = sent_alert(1, pod=POD), sent_alert(1, "resolved", pod=POD)
    assert (await send(api, firing, sent_alert(2))).json == {"taken": 2, "cut": 0}
    await send(api, firing)
    assert [one["state"] for one in await occurrences(api)] == ["firing", "firing"]
    await send(api, resolved)
    await send(api, firing)
    await send(api, sent_alert(3, "resolved"))
    await send(api, sent_alert(3))
    found = {one["fingerprint"][-1]: one for one in await occurrences(api)}
    assert {key: one["state"] for key, one in found.items()} == {
        "1": "resolved",
        "2": "firing",
        "3": "resolved",
    }
    one = found["1"]
    assert (one["namespace"], one["kind"], one["name"], one["pod"]) == ("shop", "Deployment", "cart", POD)
    assert one["labels"] == resolved["labels"]
    assert one["annotations"] == {"summary": "it restarts (1)"}
    assert one["ends_at"] is not None


async def test_they_are_grouped_by_day_name_and_service(api: Api) -> None:
    pods = [POD, POD, POD.replace("x2x4z", "b5b6b")]
    await send(api, *(sent_alert(number, pod=pod) for number, pod in enumerate(pods, 1)))
    await send(api, sent_alert(3, "resolved", pod=pods[2]))
    await send(api, sent_alert(4, alertname="NodeDown", severity="critical", namespace="", node="n1"))
    answer = (await api.get(ALERTS)).json
    assert answer["total"] == 2
    node, cart = sorted(answer["items"], key=lambda group: str(group["alertname"]))
    assert (cart["kind"], cart["name"], cart["alerts"], cart["firing"], cart["pod_count"]) == (
        "Deployment",
        "cart",
        3,
        2,
        2,
    )
    assert [(pod["pod"], pod["count"], pod["firing"]) for pod in cart["pods"]] == [
        (POD, 2, 2),
        (pods[2], 1, 0),
    ]
    assert (cart["severity"], cart["first"], cart["unacknowledged"]) == ("warning", cart["last"], 2)
    assert cart["summary"].startswith("it restarts")
    assert (node["nodes"], node["pods"], node["silence_url"]) == (["n1"], [], None)
    for query, names in (
        ("severity=critical", ["NodeDown"]),
        ("state=resolved", ["PodCrashLooping"]),
        (f"day={cart['day']}&q=CART-7D9", ["PodCrashLooping"]),
        ("q=restarts+(4)", ["NodeDown"]),
        ("day=2090-01-01", []),
        ("namespace=shop", ["PodCrashLooping"]),
    ):
        found = (await api.get(f"{ALERTS}?{query}")).json["items"]
        assert [group["alertname"] for group in found] == names, query
    stored = await api.change(
        "PUT", f"{BASE}/settings/alertmanager_url", {"value": "https://am.example.org"}, version="0"
    )
    assert stored.status == 200, stored.text
    (linked, _) = (await api.get(ALERTS)).json["items"]
    assert linked["silence_url"].startswith("https://am.example.org/#/silences/new?filter=")


async def test_an_acknowledgement_stays_when_the_alert_is_sent_again(api: Api) -> None:
    await send(api, sent_alert(1), sent_alert(2, namespace="pay"))
    key = {"fingerprint": sent_alert(1)["fingerprint"], "starts_at": BEGAN.isoformat()}
    operator = api.as_(Role.OPERATOR, namespace="shop", name="bob")
    body = {"alerts": [key], "note": "on it"}
    assert (await api.as_(Role.VIEWER).change("POST", f"{ALERTS}/ack", body)).status == 403
    done = await operator.change("POST", f"{ALERTS}/ack", body)
    assert (done.status, done.json) == (200, {"count": 1})
    await send(api, sent_alert(1))
    (one,) = await occurrences(api, "?namespace=shop")
    assert (one["ack_by"], one["ack_note"], one["state"]) == ("bob", "on it", "firing")
    assert one["ack_at"] is not None
    (group,) = (await api.get(f"{ALERTS}?namespace=shop")).json["items"]
    assert (group["firing"], group["unacknowledged"]) == (1, 0)
    foreign = {**key, "fingerprint": sent_alert(2)["fingerprint"]}
    assert (await operator.change("POST", f"{ALERTS}/ack", {"alerts": [foreign]})).status == 403
    unknown = await api.change("POST", f"{ALERTS}/ack", {"alerts": [{**key, "fingerprint": "f"}]})
    assert (unknown.status, unknown.json["code"]) == (404, "no_alert")
    audited = (await api.get("/api/v1/audit?action=acknowledgeAlerts")).json["items"]
    (entry,) = (one for one in audited if one["outcome"] == "succeeded")
    assert (entry["actor"], entry["after"]["note"]) == ("bob", "on it")


async def test_alerts_of_no_namespace_are_for_who_sees_the_whole_env(api: Api) -> None:
    await send(api, sent_alert(1), sent_alert(2, namespace="", node="n1"), sent_alert(3, namespace="pay"))
    some = api.as_(Role.VIEWER, namespace="shop")
    assert [one["namespace"] for one in await occurrences(some)] == ["shop"]
    assert len(await occurrences(api.as_(Role.VIEWER))) == 3


async def test_a_token_that_sends_sees_nothing_and_its_sending_is_not_audited(api: Api) -> None:
    await send(api, sent_alert(1))
    sender = api.as_(Role.INGEST)
    for path in (ALERTS, f"{BASE}/services", "/api/v1/me", "/api/v1/envs"):
        assert (await sender.get(path)).status == 403, path
    assert (
        await api.as_(Role.INGEST, env="other").change("POST", f"{ALERTS}/alertmanager", message())
    ).status == 403
    told = (await api.get("/api/v1/audit?action=receiveAlertmanager")).json["items"]
    assert [entry["outcome"] for entry in told] == ["refused"]
    made = await api.change("POST", "/api/v1/tokens", {"name": "am", "role": "ingest", "may": ["logs"]})
    assert made.status == 400, made.text
    made = await api.change("POST", "/api/v1/tokens", {"name": "am", "role": "ingest"})
    assert (made.status, made.json["grant"]["may"]) == (201, ["ingest"])


async def test_what_is_no_alert_is_refused_and_nothing_of_it_is_stored(api: Api) -> None:
    for wrong, field in (
        ({"startsAt": "0001-01-01T00:00:00Z"}, "alerts.1.startsAt"),
        ({"startsAt": BEGAN.replace(tzinfo=None).isoformat()}, "alerts.1.startsAt"),
        ({"fingerprint": "'; DROP TABLE alert"}, "alerts.1.fingerprint"),
        ({"status": "open"}, "alerts.1.status"),
        ({"labels": {"a": 1}}, "alerts.1.labels.a"),
    ):
        body = message(sent_alert(1), {**sent_alert(2), **wrong})
        refused = await api.change("POST", f"{ALERTS}/alertmanager", body)
        assert (refused.status, refused.fields) == (400, {field}), refused.text
    assert (await api.change("POST", f"{ALERTS}/alertmanager", {**message(), "version": "3"})).status == 400
    assert await occurrences(api) == []


async def test_a_script_sends_and_resolves_its_own(api: Api) -> None:
    sender, own = api.as_(Role.INGEST), {"alertname": "BackupFailed", "starts_at": BEGAN.isoformat()}
    labels = {"namespace": "shop", "deployment": "cart", "severity": "critical"}
    for state in ("firing", "resolved"):
        body = {"alerts": [{**own, "labels": labels, "state": state}]}
        taken = await sender.change("POST", f"{ALERTS}/custom", body)
        assert taken.status == 200, taken.text
    (one,) = await occurrences(api)
    assert (one["source"], one["state"], one["name"], one["severity"]) == (
        "custom",
        "resolved",
        "cart",
        "critical",
    )


async def test_ten_thousand_are_each_there_once(api: Api) -> None:
    """Sent by many at once, some twice: as two Alertmanagers do."""
    sender = api.as_(Role.INGEST)
    parts = [
        message(*(sent_alert(number, pod=f"cart-{number}") for number in range(start, start + 500)))
        for start in range(0, 10_000, 500)
    ]
    answers = await asyncio.gather(
        *(sender.change("POST", f"{ALERTS}/alertmanager", part) for part in (*parts, *parts[:4]))
    )
    again = [part for part, answer in zip(parts, answers, strict=False) if answer.status == 503]
    assert {answer.status for answer in answers} <= {200, 503}
    for part in again:  # as Alertmanager does
        assert (await sender.change("POST", f"{ALERTS}/alertmanager", part)).status == 200
    assert (await api.get(f"{ALERTS}/occurrences?limit=1")).json["total"] == 10_000


async def test_a_group_of_some_megabytes_is_taken(api: Api) -> None:
    many = [{**sent_alert(n), "annotations": {"summary": "x" * 2000}} for n in range(2500)]
    body = io.BytesIO(json.dumps(message(*many)).encode())
    answer = await api.as_(Role.INGEST).send(
        "POST", f"{ALERTS}/alertmanager", data=body, headers={"Content-Type": "application/json"}
    )
    assert answer.json["taken"] == 2500


async def test_who_comes_while_too_many_wait_is_to_come_again(
    api: Api, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_WAITING_BYTES", 1000)
    monkeypatch.setattr(intake, "BATCH_BYTES", 300)
    real, may_write = Intake(clickhouse), asyncio.Event()
    insert = clickhouse.insert

    async def slow(table: str, rows: Any, **options: Any) -> None:
        await may_write.wait()
        await insert(table, rows, **options)

    monkeypatch.setattr(clickhouse, "insert", slow)
    row = {
        "env": "test",
        "fingerprint": "1",
        "starts_at": BEGAN.strftime("%Y-%m-%d %H:%M:%S"),
        "part": "sent",
    }
    first = asyncio.create_task(real.write([row] * 3))
    await asyncio.sleep(0)  # it is being written, and nothing else waits
    with pytest.raises(UnavailableError, match="send these again"):
        await asyncio.wait_for(real.write([row] * 11), 60)
    second = asyncio.create_task(real.write([row] * 2))
    may_write.set()
    await asyncio.gather(first, second)
    await real.write([row])


async def test_nothing_is_acknowledged_that_clickhouse_did_not_take(settings: ApiSettings) -> None:
    away = settings.model_copy(update={"clickhouse_url": "http://127.0.0.1:1"})
    async with connect(away) as clickhouse:
        taking = Intake(clickhouse)
        found = await asyncio.gather(
            *(taking.write([{"env": "x"}]) for _ in range(3)), return_exceptions=True
        )
        assert {type(one) for one in found} == {ClickHouseUnavailableError}
        with pytest.raises(UnavailableError, match="can't be reached"):
            await taking.write([{"env": "x"}] * 100)


def test_a_sender_may_send_and_nothing_else() -> None:
    assert Grant(role=Role.INGEST).rights == {"ingest"}
