"""StatefulSets and DaemonSets: shown as services of their kind, neither governed nor acted on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kubedoor_core.clickhouse import ClickHouse
from support.api import SERVICES, Api
from support.operations import OPERATIONS
from support.services import CART, daily, derived

STATEFUL = f"{CART}?kind=StatefulSet"
DAY = "2026-11-20"


@pytest.fixture
async def cart(clickhouse: ClickHouse) -> None:
    """A Deployment, a StatefulSet and a DaemonSet of one name, as the collector writes them."""
    for version, kind in enumerate(("Deployment", "StatefulSet", "DaemonSet"), 1):
        await derived(clickhouse, "cart", version, kind=kind, replicas_observed=version)
        await daily(clickhouse, "cart", "app", DAY, kind=kind, pod_count=version, p95_cpu_m=100 * version)


async def edits(clickhouse: ClickHouse) -> int:
    (row,) = await clickhouse.fetch("SELECT count() AS n FROM control")
    return int(row["n"])


@pytest.mark.usefixtures("cart")
async def test_each_kind_is_listed_and_looked_at_by_itself(api: Api) -> None:
    listed = (await api.get(SERVICES)).json["items"]
    assert {one["kind"]: one["replicas"]["observed"] for one in listed} == {
        "Deployment": 1, "StatefulSet": 2, "DaemonSet": 3,
    }  # fmt: skip
    shown = (await api.get(STATEFUL)).json
    assert (shown["kind"], shown["containers"][0]["peak"]["p95_cpu_m"]) == ("StatefulSet", 200)
    assert (await api.get(CART)).json["kind"] == "Deployment"


@pytest.mark.usefixtures("cart")
@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("PUT", f"{SERVICES}/shop/other?kind=StatefulSet", {"replicas_manual": 1}),
        ("PATCH", STATEFUL, {"replicas_manual": 1}),
        ("PATCH", f"{CART}?kind=DaemonSet", {"mode": "enforce"}),
        ("DELETE", STATEFUL, None),
    ],
)
async def test_other_kinds_are_not_governed(
    method: str, address: str, body: dict[str, Any] | None, api: Api, clickhouse: ClickHouse
) -> None:
    refused = await api.change(method, address, body, version=None if method == "PUT" else "0")
    assert (refused.status, refused.json["code"]) == (409, "kind_not_governed")
    assert refused.json["parameters"]["kind"] in address
    assert "set its requests in its own manifest" in refused.json["detail"]
    assert await edits(clickhouse) == 0
    assert (await api.get(SERVICES)).json["total"] == 3


@pytest.mark.usefixtures("cart")
async def test_one_of_another_kind_among_many_refuses_all(api: Api, clickhouse: ClickHouse) -> None:
    named = [{"namespace": "shop", "name": "cart", "kind": kind} for kind in ("Deployment", "DaemonSet")]
    changes = [{**one, "version": "0", "edit": {"note": "x"}} for one in named]
    refused = await api.change("POST", f"{SERVICES}/batch", {"changes": changes})
    assert refused.status == 400
    assert [(one["field"], one["code"]) for one in refused.json["errors"]] == [
        ("changes.1.edit.kind", "kind_not_governed")
    ]
    imported = await api.change("POST", f"{SERVICES}/import", {"services": named})
    assert [one["field"] for one in imported.json["errors"]] == ["services.1.kind"]
    assert await edits(clickhouse) == 0


@pytest.mark.usefixtures("cart")
async def test_operations_are_of_deployments(api: Api) -> None:
    target = {"namespace": "shop", "name": "cart", "kind": "StatefulSet", "replicas": 3}
    for kind in ("scale", "restart"):
        asked = {"kind": kind, "targets": [target if kind == "scale" else {**target, "replicas": None}]}
        refused = await api.change("POST", OPERATIONS, asked)
        assert (refused.status, refused.json["errors"][0]["field"]) == (400, "targets.0.kind")
        assert "Deployment" in json.dumps(refused.json["errors"][0])


@pytest.mark.usefixtures("cart")
async def test_the_deployment_of_the_same_name_is_not_shown_for_it(api: Api) -> None:
    refused = await api.get(f"{CART}/live?kind=StatefulSet")
    assert (refused.status, refused.json["code"]) == (409, "kind_not_governed")
