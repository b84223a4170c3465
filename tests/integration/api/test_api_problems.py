"""Refusals say for machines what they say for people, so that a console can put them into its own words."""

from __future__ import annotations

import pytest

from kubedoor_api.auth.roles import Role
from support.api import BASE, SERVICES, Api

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
        ({"note": "\u0000"}, "note", None, None),
    ],
)
async def test_a_wrong_field_has_its_kind_of_fault(
    api: Api, body: dict[str, object], field: str, code: str | None, parameters: object
) -> None:
    refused = (await api.change("PUT", CART, body)).json
    assert refused["code"] == "invalid"
    (error,) = refused["errors"]
    assert (error["field"], error.get("code"), error.get("parameters")) == (field, code, parameters)
    assert error["reason"]


async def test_other_refusals_have_a_code(api: Api) -> None:
    assert (await api.get(CART)).json["code"] == "not_found"
    assert (await api.get(f"{BASE}/nothing")).json["code"] == "not_found"
    await api.change("PUT", CART, {})
    assert (await api.change("PUT", CART, {})).json["code"] == "conflict"
    assert (await api.send("PUT", CART, data=b"<x/>")).json["code"] == "wrong_type"
    anonymous = await api.get(CART, headers={"Authorization": ""})
    assert anonymous.json["code"] == "unauthenticated"
