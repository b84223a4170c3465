"""The count of an accepted advice: no edit loses it, everybody may take it away, and nobody else sets it."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_core.clickhouse import ClickHouse
from support.api import SERVICES, Api
from support.services import APP, CART, advised, derived

ADVISED: dict[str, Any] = {"effective": 3, "source": "ai", "ai": 3, "advice_id": "adv-1", "manual": None}
REMOVED: dict[str, Any] = {"effective": 4, "source": "observed", "ai": None, "advice_id": "", "manual": None}


@pytest.fixture(autouse=True)
async def _accepted(clickhouse: ClickHouse) -> None:
    await derived(clickhouse, "cart", 5)
    await advised(clickhouse, "cart", 3)


async def shown(api: Api) -> dict[str, Any]:
    """Return what is told of the count."""
    counts = (await api.get(CART)).json["replicas"]
    return {name: counts[name] for name in ADVISED}


async def edit(api: Api, body: dict[str, Any]) -> int:
    """Change the service, against the version that stands; return the status."""
    version = (await api.get(CART)).json["version"]
    return (await api.change("PATCH", CART, body, version=version)).status


async def test_a_manual_count_goes_before_it_and_gives_it_back(api: Api) -> None:
    assert await shown(api) == ADVISED
    assert await edit(api, {"note": "x", "containers": [APP]}) == 200
    assert await shown(api) == ADVISED
    assert await edit(api, {"replicas_manual": 7}) == 200
    assert await shown(api) == {**ADVISED, "effective": 7, "source": "manual", "manual": 7}
    assert await edit(api, {"replicas_manual": None}) == 200
    assert await shown(api) == ADVISED


async def test_it_is_taken_away_by_an_edit_and_comes_back_with_the_version_that_had_it(api: Api) -> None:
    assert await edit(api, {"note": "before"}) == 200
    assert await edit(api, {"replicas_ai": None}) == 200
    assert await shown(api) == REMOVED
    [removed, before, first] = (await api.get(f"{CART}/history")).json["items"]
    assert [(one["replicas_ai"], one["advice_id"]) for one in (removed, before, first)] == [
        (None, ""), (3, "adv-1"), (3, "adv-1"),
    ]  # fmt: skip
    body = {"restore_version": before["version"]}
    assert (await api.change("POST", f"{CART}/restore", body, version=removed["version"])).status == 200
    assert await shown(api) == ADVISED


async def test_nobody_sets_another(api: Api) -> None:
    for method, path, body in (
        ("PATCH", CART, {"replicas_ai": 2}),
        ("PUT", f"{SERVICES}/shop/new", {"replicas_ai": 2}),
    ):
        version = "1000" if method == "PATCH" else None
        answer = await api.change(method, path, body, version=version)
        assert (answer.status, answer.fields) == (400, {"replicas_ai"})
        assert answer.json["errors"][0]["code"] == "only_by_accepting"
    item = {"namespace": "shop", "name": "cart", "version": "1000", "edit": {"replicas_ai": 2}}
    answer = await api.change("POST", f"{SERVICES}/batch", {"changes": [item]})
    assert (answer.status, answer.fields) == (400, {"changes.0.edit.replicas_ai"})
    for name, count in (("cart", 2), ("new", 3)):
        services = {"services": [{"namespace": "shop", "name": name, "replicas_ai": count}]}
        answer = await api.change("POST", f"{SERVICES}/import", services)
        assert (answer.status, answer.fields) == (400, {"services.0.replicas_ai"})
        assert "replicas_manual" in answer.json["detail"]
    assert await shown(api) == ADVISED


async def test_what_was_exported_is_imported_unchanged(api: Api) -> None:
    csv = (await api.get(f"{SERVICES}/export")).text
    assert "replicas_ai" in csv
    bodies: tuple[Any, ...] = ({"csv": csv}, (await api.get(f"{SERVICES}/export?format=json")).json)
    for body in bodies:
        answer = await api.change("POST", f"{SERVICES}/import", body)
        assert (answer.status, answer.json["unchanged"]) == (200, 1), answer.text
    plain = "namespace,name,replicas_manual,replicas_policy,mode,note,container,request_cpu_m,limit_cpu_m,"
    without = f"{plain}request_mem_mib,limit_mem_mib\nshop,cart,,,,a file of before,,,,,\n"
    assert (await api.change("POST", f"{SERVICES}/import", {"csv": without})).json["changed"] == 1
    assert await shown(api) == ADVISED
    taken = {"services": [{"namespace": "shop", "name": "cart", "replicas_ai": None}]}
    assert (await api.change("POST", f"{SERVICES}/import", taken)).json["changed"] == 1
    assert await shown(api) == REMOVED


async def test_many_are_changed_without_losing_it(api: Api) -> None:
    item = {"namespace": "shop", "name": "cart", "version": "1000", "edit": {"note": "many"}}
    answer = await api.change("POST", f"{SERVICES}/batch", {"changes": [item]})
    assert answer.json["items"][0]["after"]["replicas_ai"] == 3
    assert await shown(api) == ADVISED
