"""Messages of each vendor's format arrive with the right body, once, and nothing waits for them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from kubedoor_api.notifications import courier as courier_module
from kubedoor_api.notifications.choice import Choices
from kubedoor_api.notifications.courier import Courier
from kubedoor_api.notifications.sender import Sender
from kubedoor_api.settings import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from support.api import ENV, SERVICES, serving
from support.waiting import until

VENDORS = {
    "wecombot://botkey-1234": "qyapi.weixin.qq.com",
    "dingtalk://" + "a" * 64: "oapi.dingtalk.com",
    "feishu://abcd-1234": "open.feishu.cn",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ": "hooks.slack.com",
}


class Receiver:
    """A server of this test that takes what was meant for a vendor."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Any]] = []
        self.status = 200
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((request.headers.get("X-Meant-For", ""), json.loads(await request.text())))
        body = {"errcode": 0, "code": 0, "StatusCode": 0}
        return web.Response(status=self.status, text="ok" if self.status == 200 else json.dumps(body))


@pytest.fixture
async def receiver(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    """Vendors' hosts lead here; the request is made for real."""
    made = Receiver()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.take)
    real = requests.Session.request

    def send(self: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
        options["headers"] = {**(options.get("headers") or {}), "X-Meant-For": url.split("/")[2]}
        return real(self, method, made.url, **{**options, "params": None})

    async with TestServer(app) as server:
        made.url = str(server.make_url("/hook"))
        monkeypatch.setattr(requests.Session, "request", send)
        yield made


def event(number: int, severity: str = "warning", kind: str = "admission.denied") -> dict[str, Any]:
    return {
        "id": f"e{number}", "at": timestamp(datetime.now(UTC)), "env": ENV, "namespace": "shop",
        "deployment": "cart", "kind": kind, "severity": severity, "message": f"message {number} <b>",
        "data": "{}", "source": "webhook",
    }  # fmt: skip


@pytest.mark.parametrize("url", VENDORS)
async def test_each_vendor_gets_its_own_format(receiver: Receiver, url: str) -> None:
    sender = Sender(url)
    assert await sender.send("KubeDoor: collection.failed", "day 2026-11-20 failed", "error")
    ((host, body),) = receiver.got
    assert host == VENDORS[url]
    assert "day 2026-11-20 failed" in json.dumps(body)


async def test_an_event_is_told_once_through_two_instances(
    clickhouse: ClickHouse, receiver: Receiver
) -> None:
    await clickhouse.insert("event", [event(1), event(2, "info"), event(3, "error", "collection.failed")])
    sender = Sender("json://vendor.example/x")
    couriers = [Courier(clickhouse, sender, "", name, 1.0) for name in ("a", "b")]
    for _ in range(2):
        for courier in couriers:
            await courier.round()
    assert [body["message"] for _, body in receiver.got] == [
        f"message 1 <b>\n{ENV}/shop/cart",
        f"message 3 <b>\n{ENV}/shop/cart",
    ]
    assert receiver.got[0][1]["title"] == "KubeDoor: admission.denied"
    by_pattern = Choices("admission.*", {})
    assert by_pattern.wants(event(4, "info", "admission.x"))
    assert not by_pattern.wants(event(5, "error", "service.new"))


async def test_a_receiver_that_is_down_is_tried_again_and_delays_no_request(
    clickhouse: ClickHouse, settings: ApiSettings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier_module, "FIRST_PAUSE_S", 0.05)
    receiver.status = 503
    changed = settings.model_copy(
        update={"notify_urls": SecretStr("json://vendor.example/x"), "notify_poll_s": 0.05}
    )
    await clickhouse.insert("event", [event(1), event(2)])
    async with serving(changed) as api:

        async def tried() -> bool:
            return len(receiver.got) >= 2

        await until(tried)
        assert (await api.get(SERVICES)).status == 200
        receiver.status = 200

        async def states() -> bool:
            items = (await api.get("/api/v1/notifications")).json["items"]
            return {item["state"] for item in items} <= {"sent", "failed"} and len(items) == 2

        await until(states)
        shown = (await api.get("/api/v1/notifications")).json
        assert shown["services"] == ["JSON"]
        assert {item["event_id"]: item["state"] for item in shown["items"]}["e2"] == "sent"
        assert "vendor.example" not in json.dumps(shown)
        assert (await api.change("POST", "/api/v1/notifications/test")).json["sent"] is True
