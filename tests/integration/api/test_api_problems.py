"""Refusals say for machines what they say for people, so that a console can put them into its own words."""

from __future__ import annotations

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_api.openapi import document
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from support.api import BASE, ENV, SERVICES, Api

CART = f"{SERVICES}/shop/cart"


async def test_who_may_not_is_told_which_role_it_takes(api: Api) -> None:
    refused = (await api.as_(Role.VIEWER).change("PUT", CART, {})).json
    assert refused["code"] == "forbidden"
    assert refused["parameters"] == {"role": "operator", "env": "test", "namespace": "shop"}


async def test_who_is_late_is_told_who_was_faster(api: Api) -> None:
    await api.change("PUT", CART, {})
    late = (await api.change("PATCH", CART, {"note": "x"}, version="1")).json
    assert (late["code"], late["parameters"]["by"]) == ("stale", "alice")
    assert (await api.change("PATCH", CART, {"note": "x"})).json["code"] == "version_missing"


@pytest.mark.parametrize(
    ("body", "field", "code", "parameters"),
    [
        ({"replicas_manual": -1}, "replicas_manual", "greater_than_equal", {"ge": 0}),
        ({"replicas_manual": "3"}, "replicas_manual", "int_type", {}),
        ({"colour": "red"}, "colour", "extra_forbidden", {}),
        ({"mode": "on"}, "mode", "literal_error", {"expected": "'off', 'observe' or 'enforce'"}),
        ({"note": "\u0000"}, "note", "control_characters", {}),
        (
            {"containers": [{"name": "app"}, {"name": "app"}]},
            "containers.1.name",
            "twice",
            {"name": "app"},
        ),
        (
            {"containers": [{"name": "app", "request_cpu_m": 9, "limit_cpu_m": 5}]},
            "containers.0.limit_cpu_m",
            "request_above_limit",
            {"request": 9, "limit": 5, "unit": "millicores"},
        ),
    ],
)
async def test_a_wrong_field_has_its_kind_of_fault(
    api: Api, body: dict[str, object], field: str, code: str, parameters: object
) -> None:
    refused = (await api.change("PUT", CART, body)).json
    assert refused["code"] == "invalid"
    (error,) = refused["errors"]
    assert (error["field"], error.get("code"), error.get("parameters")) == (field, code, parameters)
    assert error["reason"]


async def test_other_refusals_have_a_code_of_their_own(api: Api) -> None:
    place = {"env": ENV, "namespace": "shop", "kind": "Deployment", "name": "cart"}
    missing = (await api.get(CART)).json
    assert (missing["code"], missing["parameters"]) == ("no_service", place)
    assert (await api.get(f"{BASE}/nothing")).json["code"] == "not_found"
    assert (await api.send("POST", CART)).json["code"] == "method_not_allowed"
    await api.change("PUT", CART, {})
    twice = (await api.change("PUT", CART, {})).json
    assert (twice["code"], twice["parameters"]) == ("registered_already", place)
    foreign = (await api.send("PUT", CART, data=b"<x/>")).json
    assert (foreign["code"], foreign["parameters"]["wanted"]) == ("wrong_type", "application/json")
    cross = await api.send("DELETE", CART, headers={"Sec-Fetch-Site": "cross-site"})
    assert (cross.status, cross.json["code"]) == (403, "cross_site")
    for header, code in (("", "unauthenticated"), ("Bearer x", "token_invalid")):
        assert (await api.get(CART, headers={"Authorization": header})).json["code"] == code
    for path, code in (
        ("operations", "no_operation"),
        ("schedules", "no_schedule"),
        ("collections", "no_collection"),
    ):
        identity = "7" * 32
        refused = (await api.get(f"{BASE}/{path}/{identity}")).json
        assert (refused["code"], refused["parameters"]) == (code, {"env": ENV, "id": identity})
    drift = (await api.get(f"{BASE}/drift")).json
    assert (drift["code"], drift["parameters"]) == ("no_cluster", {"env": ENV})


async def test_several_stale_services_are_named_one_by_one(api: Api) -> None:
    await api.change("PUT", CART, {})
    gone = {"namespace": "shop", "name": "gone", "version": "1", "edit": {}}
    stale = {**gone, "name": "cart"}
    refused = (await api.change("POST", f"{SERVICES}/batch", {"changes": [stale, gone]})).json
    assert (refused["code"], refused["parameters"]) == ("services_changed", {"count": 2})
    about = [(error["code"], error["parameters"]["by"]) for error in refused["errors"]]
    assert about == [("changed_since", "alice"), ("not_registered", "")]


def test_the_document_lists_every_code() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["ProblemCode"]["enum"] == [code.value for code in ProblemCode]
    assert schemas["FieldCode"]["enum"] == [code.value for code in FieldCode]
