"""Services: registered, looked at, changed against their version, removed."""

from __future__ import annotations

import io

from kubedoor_api.control.one_service.queries import one
from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import effective, service_from_row
from support.api import ENV, SERVICES, Api
from support.services import APP, CART, advised, as_shown, daily, derived


async def test_a_registered_service_is_there_at_once(api: Api) -> None:
    made = await api.change("PUT", CART, {"replicas_manual": 3, "containers": [APP], "note": "müsli <b>"})
    assert made.status == 201
    assert made.headers["ETag"] == f'"{made.json["version"]}"'
    shown = (await api.get(CART)).json
    assert shown == as_shown(made.json)
    assert shown["replicas"]["effective"] == 3
    assert shown["replicas"]["source"] == "manual"
    assert shown["note"] == "müsli <b>"
    assert shown["updated_by"] == "alice"
    assert shown["containers"][0]["expert"] == {name: APP[name] for name in APP if name != "name"}
    assert (await api.get(SERVICES)).json["total"] == 1


async def test_registering_twice_is_a_conflict(api: Api) -> None:
    await api.change("PUT", CART, {})
    again = await api.change("PUT", CART, {"replicas_manual": 9})
    assert again.status == 409
    assert (await api.get(CART)).json["replicas"]["manual"] is None


async def test_a_patch_changes_what_it_names_and_null_clears(api: Api) -> None:
    made = (await api.change("PUT", CART, {"replicas_manual": 3, "containers": [APP], "note": "n"})).json
    edit = {
        "replicas_manual": None,
        "containers": [{"name": "app", "limit_cpu_m": None, "limit_mem_mib": 256}],
    }
    changed = (await api.change("PATCH", CART, edit, version=made["version"])).json
    assert changed["replicas"]["manual"] is None
    assert changed["note"] == "n"
    assert changed["containers"][0]["expert"] == {
        "request_cpu_m": 100,
        "limit_cpu_m": None,
        "request_mem_mib": 64,
        "limit_mem_mib": 256,
    }
    assert int(changed["version"]) > int(made["version"])


async def test_the_second_of_two_editors_gets_412_and_the_current_row(api: Api) -> None:
    made = (await api.change("PUT", CART, {})).json
    first = await api.change("PATCH", CART, {"replicas_manual": 5}, version=made["version"])
    assert first.status == 200
    second = await api.change("PATCH", CART, {"replicas_manual": 6}, version=made["version"])
    assert second.status == 412
    assert second.json["current"] == as_shown(first.json)
    assert second.headers["ETag"] == f'"{first.json["version"]}"'
    assert (await api.change("DELETE", CART, version=made["version"])).status == 412
    assert (await api.get(CART)).json["replicas"]["manual"] == 5


async def test_a_change_without_a_version_is_refused(api: Api) -> None:
    await api.change("PUT", CART, {})
    assert (await api.change("PATCH", CART, {"replicas_manual": 5})).status == 428
    assert (await api.change("DELETE", CART)).status == 428
    bad = await api.send("PATCH", CART, json={}, headers={"If-Match": '"x"'})
    assert bad.status == 400
    assert bad.fields == {"If-Match"}


async def test_a_removed_service_is_gone_though_it_runs_and_can_come_back(
    api: Api, clickhouse: ClickHouse
) -> None:
    await derived(clickhouse, "cart", 5)
    assert (await api.change("DELETE", CART, version="0")).status == 204
    assert (await api.get(CART)).status == 404
    assert (await api.get(SERVICES)).json["total"] == 0
    back = await api.change("PUT", CART, {"replicas_manual": 1})
    assert back.status == 201
    assert [container["name"] for container in back.json["containers"]] == ["app", "sidecar"]


async def test_derived_values_show_beside_the_experts(api: Api, clickhouse: ClickHouse) -> None:
    await derived(clickhouse, "cart", 5)
    await daily(clickhouse, "cart", "app", "2026-11-19", p95_cpu_m=900)
    await daily(
        clickhouse, "cart", "app", "2026-11-20", p95_cpu_m=240, p95_mem_mib=290, cpu_pct=24.0, mem_pct=95.0
    )
    edit = {"containers": [{"name": "app", "request_cpu_m": 400}]}
    changed = (await api.change("PATCH", CART, edit, version="0")).json
    app, sidecar = changed["containers"]
    assert app["effective"]["request_cpu_m"] == 400
    assert app["derived"]["request_cpu_m"] == 250
    assert app["effective"]["limit_cpu_m"] == 1000
    assert app["peak"]["p95_cpu_m"] == 240
    assert sidecar["peak"] is None
    assert changed["replicas"] == {
        "effective": 4, "source": "observed", "manual": None, "ai": None, "advice_id": "", "observed": 4,
        "initial": None,
    }  # fmt: skip
    assert changed["peak"]["date"] == "2026-11-20"
    assert changed["peak"]["window_start"] == "2026-11-20T02:00:00.000Z"
    assert "near_limit_mem" in changed["flags"]


BAD_BODIES: list[tuple[object, str]] = [
    ({"replicas_manual": -1}, "replicas_manual"),
    ({"replicas_manual": "3"}, "replicas_manual"),
    ({"replicas_manual": 3.5}, "replicas_manual"),
    ({"replicas_manual": True}, "replicas_manual"),
    ({"replicas_manual": 100_001}, "replicas_manual"),
    ({"replicas": 3}, "replicas"),
    ({"mode": "on"}, "mode"),
    ({"note": "a\u0007b"}, "note"),
    ({"note": "n" * 2001}, "note"),
    ({"containers": [{"limit_cpu_m": 5}]}, "containers.0.name"),
    ({"containers": [{"name": "App"}]}, "containers.0.name"),
    ({"containers": [{"name": "a"}, {"name": "a"}]}, "containers.1.name"),
    ({"containers": [{"name": "a", "cpu": 1}]}, "containers.0.cpu"),
    ({"containers": [{"name": "a", "request_cpu_m": 2, "limit_cpu_m": 1}]}, "containers.0.limit_cpu_m"),
    ({"containers": [{"name": "a", "request_mem_mib": -2}]}, "containers.0.request_mem_mib"),
    ([], ""),
    ("'; DROP TABLE control --", ""),
]


async def test_a_bad_body_is_refused_by_the_fields_name(api: Api) -> None:
    made = (await api.change("PUT", CART, {"replicas_manual": 3})).json
    for body, field in BAD_BODIES:
        answer = await api.change("PATCH", CART, body, version=made["version"])
        assert answer.status == 400, body
        assert answer.fields == {field}
    assert (await api.get(CART)).json == as_shown(made)


async def test_a_limit_below_the_derived_request_is_refused(api: Api, clickhouse: ClickHouse) -> None:
    await derived(clickhouse, "cart", 5)
    edit = {"containers": [{"name": "app", "limit_cpu_m": 200}]}
    answer = await api.change("PATCH", CART, edit, version="0")
    assert answer.status == 400
    assert "250 millicores" in answer.json["errors"][0]["reason"]
    both = {"containers": [{"name": "app", "limit_cpu_m": 200, "request_cpu_m": 150}]}
    assert (await api.change("PATCH", CART, both, version="0")).status == 200


JSON_TYPE = {"Content-Type": "application/json"}
NO_JSON = ["{", "[1,", '{"a": NaN}', "\x00", '{"replicas_manual": 1e400}', '"\\ud800"']


async def test_what_is_no_json_is_refused(api: Api) -> None:
    for text in NO_JSON:
        answer = await api.send("PUT", CART, data=text, headers=JSON_TYPE)
        assert answer.status == 400, text
    assert (await api.get(SERVICES)).json["total"] == 0


async def test_another_type_and_a_huge_body_are_refused(api: Api) -> None:
    plain = await api.send("PUT", CART, data="{}", headers={"Content-Type": "text/plain"})
    assert plain.status == 415
    huge = await api.send("PUT", CART, data=io.BytesIO(b"x" * 10_000_000), headers=JSON_TYPE)
    assert huge.status == 413


async def test_a_name_that_kubernetes_refuses_is_refused(api: Api) -> None:
    for path in ["Shop/cart", "shop/Cart", "shop/-cart", "shop/" + "a" * 254, "s%20hop/cart"]:
        answer = await api.change("PUT", f"{SERVICES}/{path}", {})
        assert answer.status == 400, path
        assert answer.fields <= {"namespace", "name"}


async def test_a_bad_query_is_refused(api: Api) -> None:
    bad = ["limit=0", "limit=x", "limit=5001", "offset=-1", "sort=version", "sort=a;DROP", "x=1", "q=1&q=2"]
    for query in bad:
        answer = await api.get(f"{SERVICES}?{query}")
        assert answer.status == 400, query
        assert answer.fields == {query.split("=")[0]}


async def test_sorting_paging_and_searching(api: Api, clickhouse: ClickHouse) -> None:
    for number, name in enumerate(["cart", "pay", 'it\'s-"quoted"', "<img src=x onerror=alert(1)>"]):
        await derived(clickhouse, name, number + 1)
        if number:
            await daily(clickhouse, name, "app", "2026-11-20", p95_cpu_m=100 * number)
    names = [item["name"] for item in (await api.get(f"{SERVICES}?sort=-p95_cpu_m")).json["items"]]
    assert names == ["<img src=x onerror=alert(1)>", 'it\'s-"quoted"', "pay", "cart"]
    page = (await api.get(f"{SERVICES}?sort=p95_cpu_m&limit=2&offset=1")).json
    assert [item["name"] for item in page["items"]] == [
        'it\'s-"quoted"',
        "<img src=x onerror=alert(1)>",
    ]
    assert page["total"] == 4
    for q, found in [("CART", 1), ("'", 1), ("' OR 1=1 --", 0), ("%", 0), ("sidecar", 4), ("onerror", 1)]:
        answer = await api.get(SERVICES, params={"q": q})
        assert answer.json["total"] == found, q
    assert (await api.get(SERVICES, params={"namespace": "other"})).json["items"] == []
    beyond = (await api.get(f"{SERVICES}?offset=10")).json
    assert (beyond["items"], beyond["total"]) == ([], 4)


async def test_another_env_is_another_world(api: Api) -> None:
    await api.change("PUT", CART, {})
    assert (await api.get(CART.replace(f"/{ENV}/", "/other/"))).status == 404
    assert (await api.get(SERVICES.replace(f"/{ENV}/", "/other/"))).json["total"] == 0


async def test_the_view_and_the_core_agree_on_what_holds(api: Api, clickhouse: ClickHouse) -> None:
    """Admission reads the view `effective`; the api merges the two rows by `control.effective`."""
    await derived(clickhouse, "cart", 5, replicas_ai=2, replicas_initial=7)
    await derived(clickhouse, "pay", 6, replicas_observed=None, **{"containers.name": ["x", "app"]})
    await derived(clickhouse, "gone", 7)
    await derived(clickhouse, "idle", 8)
    await derived(clickhouse, "advised", 9, replicas_ai=2)
    await advised(clickhouse, "advised", 4)
    extra = {"name": "extra", "limit_mem_mib": 64}
    edit = {"mode": "observe", "containers": [{**APP, "request_cpu_m": None}, extra]}
    assert (await api.change("PATCH", CART, edit, version="0")).status == 200
    assert (
        await api.change("PATCH", f"{SERVICES}/shop/idle", {"replicas_manual": 0}, version="0")
    ).status == 200
    assert (await api.change("DELETE", f"{SERVICES}/shop/gone", version="0")).status == 204
    new = {"replicas_policy": "autoscaled", "containers": [extra]}
    assert (await api.change("PUT", f"{SERVICES}/shop/new", new)).status == 201
    viewed = {row["name"]: service_from_row(row) for row in await clickhouse.fetch("SELECT * FROM effective")}
    held = {}
    for name in ("cart", "pay", "gone", "idle", "new", "never", "advised"):
        row, _ = await one(clickhouse, ServicePath(env=ENV, namespace="shop", name=name))
        if (values := effective(row.expert, row.derived)) is not None:
            held[name] = values
    assert set(viewed) == set(held) == {"cart", "pay", "idle", "new", "advised"}
    for name, service in viewed.items():
        values = held[name]
        assert service.containers == values.containers
        assert (service.replicas, service.replicas_source) == (values.replicas, values.replicas_source)
        assert (service.autoscaled, service.mode) == (values.replicas_policy == "autoscaled", values.mode)
    assert (held["idle"].replicas, held["cart"].replicas_source) == (0, "ai")
    assert (held["advised"].replicas, held["advised"].replicas_source) == (4, "ai")


async def test_one_service_is_told_as_the_list_tells_it(api: Api, clickhouse: ClickHouse) -> None:
    await derived(clickhouse, "cart", 5, replicas_ai=2, replicas_initial=7, peak_date_cpu="2026-11-18")
    await derived(clickhouse, "pay", 6, replicas_observed=None, **{"containers.name": ["x", "app"]})
    await daily(clickhouse, "cart", "app", "2026-11-20", p95_cpu_m=240, coverage=0.25, oom_kills=1)
    extra = {"name": "extra", "limit_mem_mib": 64}
    edit = {"mode": "observe", "containers": [{**APP, "request_cpu_m": None}, extra]}
    assert (await api.change("PATCH", CART, edit, version="0")).status == 200
    await api.change("PUT", f"{SERVICES}/shop/new", {"replicas_policy": "autoscaled", "containers": [extra]})
    listed = (await api.get(SERVICES)).json["items"]
    assert [item["name"] for item in listed] == ["cart", "new", "pay"]
    for item in listed:
        assert (await api.get(f"{SERVICES}/shop/{item['name']}")).json == item
