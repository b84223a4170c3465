"""Messages of each vendor's format arrive with the right body, once, and nothing waits for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
import requests
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiosmtpd.smtp import SMTP, Envelope
from pydantic import SecretStr

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.notifications import courier as courier_module
from kubedoor_api.notifications.courier import Choices, Courier, Sender
from kubedoor_api.notifications.queries import Event
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from support.api import BASE, ENV, SERVICES, serving
from support.waiting import until

VENDORS = {
    "wecombot://botkey-1234": "qyapi.weixin.qq.com",
    "dingtalk://" + "a" * 64: "oapi.dingtalk.com",
    "feishu://abcd-1234": "open.feishu.cn",
    "workflows://prod-10.westeurope.logic.azure.com:443/643e69f83c8944438d68119179a10a64/hqX8Tq-bJXsgB_ZPJ":
        "prod-10.westeurope.logic.azure.com:443",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ": "hooks.slack.com",
}  # fmt: skip


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
        "name": "cart", "kind": kind, "severity": severity, "message": f"message {number} <b>",
        "data": "{}", "source": "webhook",
    }  # fmt: skip


def unsent(severity: str, kind: str) -> Event:
    return Event("e1", datetime.now(UTC), ENV, "shop", "cart", kind, severity, "a message")


@pytest.mark.parametrize("url", VENDORS)
async def test_each_vendor_gets_its_own_format(receiver: Receiver, url: str) -> None:
    sender = Sender(url)
    assert await sender.send("KubeDoor: collection.failed", "a day failed", "error")
    ((host, body),) = receiver.got
    assert host == VENDORS[url]
    plain = json.dumps(body).replace("\\", "")  # Teams' card is Markdown, with escapes
    assert "a day failed" in plain


async def test_teams_gets_a_card(receiver: Receiver) -> None:
    sender = Sender(next(url for url in VENDORS if url.startswith("workflows")))
    assert await sender.send("KubeDoor: change.mode", "off -> enforce", "warning")
    ((_, body),) = receiver.got
    (card,) = body["attachments"]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert [part["text"] for part in card["content"]["body"] if part["type"] == "TextBlock"] == [
        "KubeDoor: change.mode",
        "off \\-\\> enforce",  # the card's text is Markdown
    ]


class Mailbox:
    """What a mail server took."""

    def __init__(self) -> None:
        self.got: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.got.append((str(envelope.mail_from), list(envelope.rcpt_tos), message))
        return "250 taken"


async def test_mail_arrives_through_a_real_mail_server() -> None:
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, enable_SMTPUTF8=True), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        url = f"mailto://127.0.0.1:{port}?from=kubedoor@corp.example&to=ops@corp.example&mode=insecure"
        sender = Sender(f"mail={url}")
        assert await sender.send("KubeDoor: 高峰", "a day failed: 无法访问\ntest/shop", "error")
    ((mail_from, to, message),) = mailbox.got
    assert (mail_from, to) == ("kubedoor@corp.example", ["ops@corp.example"])
    assert message["Subject"] == "KubeDoor: 高峰"
    body = message.get_body(("plain",))
    assert body is not None
    assert "a day failed: 无法访问\ntest/shop" in body.get_content().replace("\r\n", "\n")
    assert not await sender.send("KubeDoor", "nobody listens any more", "error")


async def test_who_is_told_of_what_can_be_chosen_in_the_console(
    clickhouse: ClickHouse, settings: ApiSettings, receiver: Receiver
) -> None:
    urls = SecretStr("ops=json://ops.example/x dev=json://dev.example/x json://other.example/x")
    changed = settings.model_copy(update={"notify_urls": urls, "notify_poll_s": 0.05})
    async with serving(changed) as api:
        assert (await api.get("/api/v1/notifications")).json["names"] == ["ops", "dev", "json"]
        for key, value in (("notify_to", ["dev"]), ("notify_kinds", ["service.new", "change.services"])):
            stored = await api.change("PUT", f"{BASE}/settings/{key}", {"value": value}, version="0")
            assert stored.status == 200
        unwanted = [event(number, "warning") for number in range(450)]
        await clickhouse.insert("event", unwanted)
        await clickhouse.insert("event", [event(900, "info", "service.new")])
        await api.change("PUT", f"{SERVICES}/shop/cart", {"replicas_manual": 3})

        async def told() -> bool:
            words = json.dumps([body["message"] for _, body in receiver.got])
            return "message 900" in words and "replicas_manual" in words

        await until(told)
    # The first settings were stored before anybody had chosen: those went to all.
    chosen = [(host, body) for host, body in receiver.got if "change.settings" not in body["title"]]
    assert {host for host, _ in chosen} == {"dev.example"}
    assert {body["title"] for _, body in chosen} == {"KubeDoor: service.new", "KubeDoor: change.services"}
    assert any(body["message"].startswith("alice: ") for _, body in chosen)


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
    assert by_pattern.wants(unsent("info", "admission.x"))
    assert not by_pattern.wants(unsent("error", "service.new"))


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
