"""What a preview takes: what `kubectl get` and `helm template` write, as it is."""

from __future__ import annotations

import json

import pytest

from kubedoor_api.admission.preview import parse
from kubedoor_core.problems import Problem

CART = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart, namespace: shop}\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\n"
LIST = json.dumps(
    {
        "apiVersion": "v1",
        "kind": "List",
        "items": [{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}}],
    }
)


@pytest.mark.parametrize(
    "text",
    [
        CART,
        f"{CART}---\n",
        f"---\n# Source: shop/templates/service.yaml\n{SERVICE}---\n# Source: x\n{CART}---\n---\n",
        LIST,
        f"{SERVICE}---\n{LIST}\n",
    ],
)
def test_the_deployment_is_found_among_what_stands_around_it(text: str) -> None:
    assert parse(text, "shop")["metadata"] == {"name": "cart", "namespace": "shop"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SERVICE, "manifest_no_deployment"),
        ("just text", "manifest_no_deployment"),
        ("---\n---\n", "manifest_no_deployment"),
        (f"{CART}---\n{CART.replace('name: cart', 'name: pay')}", "manifest_several"),
        ("a: [", "manifest"),
    ],
)
def test_none_and_several_are_told_apart_from_what_is_no_yaml(text: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        parse(text, "shop")
    assert [error["code"] for error in refused.value.errors] == [code]
