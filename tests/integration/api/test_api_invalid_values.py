"""A row that holds what is none of its column's values: the list and the service itself go on to be shown."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.invalid_values import VALID
from support.api import ENV, SERVICES, Api
from support.operations import register, set_expert
from support.rows import autoscaler_row, derived_row

WRONG = "no such value"


async def wrong(clickhouse: ClickHouse, table: str, column: str) -> None:
    """Write a row of `shop/bad` with a column that holds no value of it."""
    columns: dict[str, Any] = {column: WRONG}
    if table == "control":
        await set_expert(clickhouse, "bad", replicas_manual=3, **columns)
    elif table == "derived":
        await clickhouse.insert(table, [derived_row(ENV, "shop", "bad", replicas_observed=3, **columns)])
    else:
        await clickhouse.insert(table, [autoscaler_row(ENV, "shop", "bad") | columns])


@pytest.mark.parametrize(("table", "column"), [(table, one) for table, of in VALID.items() for one in of])
async def test_services_are_shown_whatever_one_row_holds(
    api: Api, clickhouse: ClickHouse, table: str, column: str
) -> None:
    await register(clickhouse, "good")
    if column != "kind":
        await register(clickhouse, "bad")
    await wrong(clickhouse, table, column)
    listed = await api.get(SERVICES)
    assert listed.status == 200, listed.text
    shown = {one["name"]: one for one in listed.json["items"]}
    assert set(shown) == ({"good"} if column == "kind" else {"good", "bad"})
    assert listed.json["total"] == len(shown)
    for name, one in shown.items():
        assert (await api.get(f"{SERVICES}/shop/{name}")).json == one
    if column in {"mode", "replicas_policy"}:
        assert (shown["bad"]["mode"], shown["bad"]["replicas_policy"]) == (None, "as_found")
        edit = await api.change(
            "PATCH", f"{SERVICES}/shop/bad", {"note": "saved"}, version=shown["bad"]["version"]
        )
        assert edit.status == 200, "saving it again writes it well"
        stored = await clickhouse.fetch("SELECT mode, replicas_policy FROM control FINAL WHERE name = 'bad'")
        assert [tuple(row.values()) for row in stored] == [(None, "as_found")]
