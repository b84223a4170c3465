"""Batch, export and import: all or nothing, and a dry run that changes nothing."""

from __future__ import annotations

from typing import Any

from kubedoor_api.access.roles import Role
from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, SERVICES, Api

APP = {"name": "app", "request_cpu_m": 100, "limit_cpu_m": 500, "request_mem_mib": None, "limit_mem_mib": 128}
HEADER = (
    "namespace,name,replicas_manual,replicas_policy,mode,note,container,"
    "request_cpu_m,limit_cpu_m,request_mem_mib,limit_mem_mib\r\n"
)


async def fill(api: Api) -> dict[str, str]:
    """Register three services and return their versions."""
    made = {}
    for name, note in (("cart", '=1+1, "q"\nline'), ("pay", "'\u4e2d\u6587"), ("bare", "")):
        body: dict[str, Any] = {
            "replicas_manual": 3,
            "note": note,
            "containers": [] if name == "bare" else [APP],
        }
        made[name] = (await api.change("PUT", f"{SERVICES}/shop/{name}", body)).json["version"]
    return made


def item(name: str, version: str, **edit: Any) -> dict[str, Any]:
    """One change of a batch."""
    return {"namespace": "shop", "name": name, "version": version, "edit": edit}


async def state(api: Api) -> list[tuple[str, int | None]]:
    """Names and counts."""
    items = (await api.get(SERVICES)).json["items"]
    return [(item["name"], item["replicas"]["manual"]) for item in items]


async def test_who_may_change_some_namespaces_may_change_many_of_them(
    api: Api, clickhouse: ClickHouse
) -> None:
    made = await fill(api)
    bounded = api.as_(Role.OPERATOR, namespace="sh.*", name="bob")
    changes = [item("cart", made["cart"], replicas_manual=5), {**item("etl", "0"), "namespace": "data"}]
    refused = await bounded.change("POST", f"{SERVICES}/batch", {"changes": changes})
    assert (refused.status, refused.fields) == (403, {"changes.1.namespace"})
    services = [{"namespace": name, "name": "etl"} for name in ("shop", "data")]
    for body in ({"services": services}, {"services": services, "dry_run": True}):
        answer = await bounded.change("POST", f"{SERVICES}/import", body)
        assert (answer.status, answer.fields) == (403, {"services.1.namespace"})
    assert await state(api) == [("bare", 3), ("cart", 3), ("pay", 3)]
    done = await bounded.change("POST", f"{SERVICES}/batch", {"changes": changes[:1]})
    assert (done.status, done.json["changed"]) == (200, 1)
    brought = await bounded.change("POST", f"{SERVICES}/import", {"services": services[:1]})
    assert (brought.status, brought.json["added"]) == (200, 1)


async def test_a_batch_is_one_commit_or_none(api: Api, clickhouse: ClickHouse) -> None:
    made = await fill(api)
    changes = [item("cart", made["cart"], replicas_manual=5), item("pay", made["pay"], replicas_manual=3)]
    dry = (await api.change("POST", f"{SERVICES}/batch", {"changes": changes, "dry_run": True})).json
    assert (dry["changed"], dry["unchanged"], dry["version"]) == (1, 1, None)
    assert await state(api) == [("bare", 3), ("cart", 3), ("pay", 3)]
    bad = [*changes, item("bare", "1", replicas_manual=9), item("none", "0", replicas_manual=9)]
    refused = await api.change("POST", f"{SERVICES}/batch", {"changes": bad})
    assert (refused.status, refused.fields) == (409, {"changes.2", "changes.3"})
    wrong = [item("pay", made["pay"], containers=[{"name": "app", "request_cpu_m": 900}])]
    answer = await api.change("POST", f"{SERVICES}/batch", {"changes": [changes[0], *wrong]})
    assert (answer.status, answer.fields) == (400, {"changes.1.edit.containers.0.request_cpu_m"})
    twice = await api.change("POST", f"{SERVICES}/batch", {"changes": [changes[0], changes[0]]})
    assert (twice.status, twice.fields) == (400, {"changes.1"})
    assert await state(api) == [("bare", 3), ("cart", 3), ("pay", 3)]
    done = await api.change("POST", f"{SERVICES}/batch", {"changes": changes})
    assert (done.status, done.json["changed"]) == (200, 1)
    cart = (await api.get(f"{SERVICES}/shop/cart")).json
    assert cart["version"] == done.json["version"]
    assert await state(api) == [("bare", 3), ("cart", 5), ("pay", 3)]
    rows = await clickhouse.fetch("SELECT count() AS n FROM commit_log WHERE table_name = 'control'")
    assert rows == [{"n": 4}]


async def test_what_was_exported_is_imported_unchanged(api: Api) -> None:
    await fill(api)
    csv = await api.get(f"{SERVICES}/export")
    assert csv.headers["Content-Disposition"] == 'attachment; filename="kubedoor-services.csv"'
    assert "'=1+1" in csv.text
    same = (await api.change("POST", f"{SERVICES}/import", {"csv": csv.text})).json
    assert (same["unchanged"], same["changed"], same["added"]) == (3, 0, 0)
    exported = (await api.get(f"{SERVICES}/export?format=json")).json
    assert (await api.change("POST", f"{SERVICES}/import", exported)).json["unchanged"] == 3
    other = SERVICES.replace("/test/", "/other/")
    dry = (await api.change("POST", f"{other}/import", {**exported, "dry_run": True})).json
    assert (dry["added"], (await api.get(other)).json["total"]) == (3, 0)
    assert (await api.change("POST", f"{other}/import", {"csv": csv.text})).json["added"] == 3
    for name in ("cart", "pay", "bare"):
        here, there = [(await api.get(f"{base}/shop/{name}")).json for base in (SERVICES, other)]
        for place in ("note", "containers", "replicas", "mode"):
            assert here[place] == there[place]


async def test_a_file_from_a_spreadsheet_is_taken(api: Api) -> None:
    header = HEADER.strip().replace(",", ";") + ";used.cpu_m;view.flags"
    line = "shop;cart;3;fixed;;a, b;app;100;;;;311;new, hot_pod"
    text = "\ufeff" + "\r\n".join([header, line, ";" * 12, "", ""])
    assert (await api.change("POST", f"{SERVICES}/import", {"csv": text})).json["added"] == 1
    cart = (await api.get(f"{SERVICES}/shop/cart")).json
    assert (cart["note"], cart["containers"][0]["expert"]["request_cpu_m"]) == ("a, b", 100)


async def test_every_wrong_line_is_told_at_once(api: Api) -> None:
    lines = [
        "shop,cart,x,fixed,,,app,y,,,",
        "shop,pay",
        "shop,bare,3,never,,,,,,,",
        "shop,fine,1,fixed,,,,,,,",
    ]
    answer = await api.change("POST", f"{SERVICES}/import", {"csv": HEADER + "\n".join(lines)})
    told = ["csv.2.replicas_manual", "csv.2.request_cpu_m", "csv.3.namespace", "csv.4.replicas_policy"]
    assert [error["field"] for error in answer.json["errors"]] == told
    everything = HEADER + "shop,cart,x,fixed,,,app,,,,\n" * 500
    assert len((await api.change("POST", f"{SERVICES}/import", {"csv": everything})).json["errors"]) == 100


async def test_a_file_of_something_else_names_every_missing_column(api: Api) -> None:
    for text in ("", "a,b\n"):
        answer = await api.change("POST", f"{SERVICES}/import", {"csv": text})
        assert answer.status == 400
        assert {f"csv.1.{name}" for name in HEADER.strip().split(",")} <= answer.fields


async def test_bad_files_are_refused_by_line_and_column(api: Api) -> None:
    bad = {
        HEADER + "shop,cart,3\n": "csv.2.namespace",
        HEADER + "shop,cart,x,fixed,,,app,,,,\n": "csv.2.replicas_manual",
        HEADER + "shop,cart,3,fixed,,,app,-1,,,\n": "csv.2.request_cpu_m",
        HEADER + "shop,cart,3,never,,,app,,,,\n": "csv.2.replicas_policy",
        HEADER + "Shop,cart,3,fixed,,,app,,,,\n": "csv.2.namespace",
        HEADER + "shop,cart,3,fixed,,,a,1,,,\nshop,cart,4,fixed,,,b,1,,,\n": "csv.3.replicas_manual",
        HEADER + "shop,cart,3,fixed,,,a,1,,,\nshop,cart,3,fixed,,,a,1,,,\n": "csv.2.containers.1.name",
        HEADER + 'shop,cart,3,fixed,,"open\n': "csv.2.namespace",
        HEADER.strip() + ",used_cpu_m\n": "csv.1.used_cpu_m",
        HEADER.strip() + ",note\n": "csv.1.note",
        HEADER.replace("note,", ""): "csv.1.note",
    }
    for text, field in bad.items():
        answer = await api.change("POST", f"{SERVICES}/import", {"csv": text})
        assert (answer.status, answer.fields) == (400, {field}), text
    above = {"namespace": "shop", "name": "a", "containers": [{**APP, "request_cpu_m": 600}]}
    answer = await api.change("POST", f"{SERVICES}/import", {"services": [above]})
    assert answer.fields == {"services.0.containers.0.limit_cpu_m"}
    assert (await api.change("POST", f"{SERVICES}/import", {})).fields == {"services"}
    assert (await api.get(f"{BASE}/services")).json["total"] == 0


async def test_a_file_from_before_autoscalers_were_found_is_taken(api: Api) -> None:
    text = HEADER + "shop,cart,3,fixed,,,app,,,,\nshop,pay,3,pinned,,,app,,,,\nshop,new,3,,,,app,,,,\n"
    answer = await api.change("POST", f"{SERVICES}/import", {"csv": text})
    assert answer.json["added"] == 3, answer.text
    found = {one["name"]: one["replicas_policy"] for one in (await api.get(SERVICES)).json["items"]}
    assert found == {"cart": "as_found", "pay": "pinned", "new": "as_found"}
