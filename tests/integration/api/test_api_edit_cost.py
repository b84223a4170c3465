"""What an edit costs: how many statements one request sends to ClickHouse, and what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from structlog.contextvars import get_contextvars

from kubedoor_core.clickhouse import ClickHouse
from support.api import SERVICES, Api
from support.services import APP, CART, as_shown, daily, derived

MOST = 9
SENDERS = ("fetch", "iterate", "execute", "insert")
REQUEST = "an-edit-to-count"


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Statements by the request that sent them; what runs in the background has none."""
    counted = Counter[str]()

    def counting(method: Callable[..., Any]) -> Callable[..., Any]:
        def send(self: ClickHouse, *arguments: Any, **options: Any) -> Any:
            counted[get_contextvars().get("request_id", "")] += 1
            return method(self, *arguments, **options)

        return send

    for name in SENDERS:
        monkeypatch.setattr(ClickHouse, name, counting(getattr(ClickHouse, name)))
    return counted


async def test_an_edit_takes_few_statements_and_answers_with_what_it_made(
    api: Api, clickhouse: ClickHouse, statements: Counter[str]
) -> None:
    await derived(clickhouse, "cart", 5)
    await daily(clickhouse, "cart", "app", "2026-11-20", p95_cpu_m=240, coverage=1)
    await api.change("PUT", f"{SERVICES}/shop/pay", {})  # the audit log has its beginning
    headers = {"If-Match": '"0"', "X-Request-Id": REQUEST}
    edit = {"replicas_manual": 2, "containers": [{**APP, "request_cpu_m": None}]}
    made = await api.send("PATCH", CART, json=edit, headers=headers)
    assert made.status == 200
    assert 0 < statements[REQUEST] <= MOST
    assert made.json["peak"]["date"] == "2026-11-20"
    assert made.json["replicas"] == {
        "effective": 2, "source": "manual", "manual": 2, "ai": None, "advice_id": "", "observed": 4,
        "initial": None,
    }  # fmt: skip
    shown = as_shown(made.json)
    assert (await api.get(CART)).json == shown
    assert shown in (await api.get(SERVICES)).json["items"]


async def test_one_service_takes_one_statement(
    api: Api, clickhouse: ClickHouse, statements: Counter[str]
) -> None:
    await derived(clickhouse, "cart", 5)
    assert (await api.send("GET", CART, headers={"X-Request-Id": REQUEST})).status == 200
    assert statements[REQUEST] == 1
