"""Every operation of the document, tried with each role."""

from __future__ import annotations

from datetime import UTC, datetime

from kubedoor_api.access.roles import RIGHTS, Role
from kubedoor_api.endpoints import ENDPOINTS
from kubedoor_api.openapi import document
from kubedoor_api.operations.operation import Operation, Restart, Target, row_of
from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, Api
from support.paths import USUAL, filled

BOTH = [{"namespace": name, "name": "cart"} for name in ("shop", "pay")]
RESTART = {"kind": "restart", "targets": BOTH}
BODIES = {
    "changeServices": {"changes": [{**service, "version": "0", "edit": {"note": "x"}} for service in BOTH]},
    "importServices": {"services": BOTH, "dry_run": True},
}
"""Of the operations whose services are in the body."""


async def test_each_operation_takes_its_role_and_no_less(api: Api) -> None:
    described = {
        operation["operationId"]: (method.upper(), path)
        for path, item in document()["paths"].items()
        for method, operation in item.items()
    }
    assert set(described) == {operation.id for operation in ENDPOINTS}
    for operation in ENDPOINTS:
        method, path = described[operation.id]
        for role in Role:
            answer = await api.as_(role).send(method, filled(path))
            refused = answer.status == 403
            missing = operation.right is not None and operation.right not in RIGHTS[role]
            lacks = role.rank < operation.role.rank or missing
            assert refused == lacks, (operation.id, role, answer.text)
            assert answer.status != 500, (operation.id, answer.text)
        anonymous = await api.send(method, filled(path), headers={"Authorization": ""})
        assert anonymous.status == 401, operation.id


async def test_a_role_in_one_place_is_none_in_another(api: Api) -> None:
    for operation in ENDPOINTS:
        if operation.by_target:
            continue
        if "{env}" not in operation.path:
            bounded = await api.as_(Role.ADMIN, env=ENV).send(operation.method, filled(operation.path))
            assert (bounded.status == 403) == (operation.role is not Role.VIEWER), operation.id
            continue
        elsewhere = await api.as_(Role.ADMIN, env="other").send(operation.method, filled(operation.path))
        assert elsewhere.status == 403, operation.id
        inside = await api.as_(Role.ADMIN, namespace="pay").send(operation.method, filled(operation.path))
        assert inside.status == 403, operation.id
        if "{namespace}" in operation.path:
            own = await api.as_(Role.ADMIN, namespace="sh.*").send(operation.method, filled(operation.path))
            assert own.status != 403, operation.id


async def test_an_operation_takes_its_role_in_the_namespace_of_each_service(
    api: Api, clickhouse: ClickHouse
) -> None:
    target = Target("shop", "cart", Restart(), state="failed")
    stored = Operation(
        id=USUAL["id"], env=ENV, kind="restart", requested_by="bob", requested_at=datetime.now(UTC),
        targets=(target,), state="failed",
    )  # fmt: skip
    await clickhouse.insert("operation", [{**row_of(stored), "version": 1}])
    for operation in (each for each in ENDPOINTS if each.by_target):
        options = {"json": BODIES.get(operation.id, RESTART)} if operation.body_model else {}
        path = filled(operation.path)
        if "{env}" in operation.path:
            elsewhere = await api.as_(Role.ADMIN, env="other").send(operation.method, path, **options)
            assert elsewhere.status == 403, operation.id
        if operation.tag not in {"operations", "services"}:
            continue
        for namespace in ("pay", "shop"):
            some = await api.as_(Role.ADMIN, namespace=namespace).send(operation.method, path, **options)
            refused = bool(options) or (namespace == "pay" and "{id}" in operation.path)
            assert (some.status == 403) == refused, (operation.id, namespace, some.text)
        both = await api.as_(Role.ADMIN, namespace="pay|sh.*").send(operation.method, path, **options)
        assert both.status != 403, operation.id
    for namespace, seen in (("pay", []), ("shop", [USUAL["id"]])):
        page = await api.as_(Role.VIEWER, namespace=namespace).get(f"{BASE}/operations")
        assert [item["id"] for item in page.json["items"]] == seen


async def test_who_may_see_one_namespace_sees_its_env_in_the_list(api: Api) -> None:
    names = [
        env["name"]
        for env in (await api.as_(Role.VIEWER, namespace="shop").get("/api/v1/envs")).json["items"]
    ]
    assert names == [ENV]
    assert (await api.as_(Role.VIEWER, env="other").get("/api/v1/envs")).json["items"] == []


async def test_a_list_of_one_namespace_is_for_who_may_see_it(api: Api) -> None:
    for namespace in ("shop", "pay"):
        await api.change("PUT", f"{BASE}/services/{namespace}/cart", {})
    lists = [
        operation
        for operation in ENDPOINTS
        if "namespace" in operation.query_model.model_fields and "{env}" in operation.path
    ]
    assert {"listServices", "listPeaks", "exportPeaks", "listServiceLines", "listAdmissions"} <= {
        operation.id for operation in lists
    }
    bounded = api.as_(Role.VIEWER, namespace="shop")
    for operation in lists:
        path = filled(operation.path)
        for own in ("", "?namespace=shop"):
            assert (await bounded.get(path + own)).status != 403, (operation.id, own)
        for elsewhere in ("?namespace=pay", "?namespace=pay&namespace=shop"):
            assert (await bounded.get(path + elsewhere)).status == 403, (operation.id, elsewhere)
        both = await bounded.get(f"{path}?namespace=shop&namespace=pay")
        assert both.status == 400, operation.id
    seen = (await bounded.get(f"{BASE}/services?namespace=shop&offset=5")).json
    assert (seen["items"], seen["total"]) == ([], 1)
