"""The policy out of stored settings: one that can't be taken is left out and told, the others hold."""

from __future__ import annotations

import json

import pytest

from kubedoor_core.domain.mode import Mode
from kubedoor_webhook.policy import Defaults, policy_from_rows

DEFAULTS = Defaults(namespaces="shop|pay", namespaces_excluded="pay")


def _row(key: str, value: object, namespace: str = "") -> dict[str, str]:
    return {"namespace": namespace, "key": key, "value": json.dumps(value)}


def test_stored_values_win_over_the_environment() -> None:
    rows = [
        _row("mode", "enforce"),
        _row("mode", "off", "shop"),
        _row("namespaces", ".*"),
        _row("namespaces_excluded", "kube-.*"),
        _row("floor_cpu_m", 20),
    ]
    policy = policy_from_rows(rows, DEFAULTS)
    assert policy.complaints == ()
    assert policy.mode("pay", None) is Mode.ENFORCE
    assert policy.mode("shop", None) is Mode.OFF
    assert policy.mode("kube-public", None) is Mode.OFF
    assert (policy.rules.floors.cpu_m, policy.rules.floors.mem_mib) == (20, 32)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("namespaces", "(?!kube-).*"),
        ("namespaces", 7),
        ("namespaces_excluded", "("),
        ("floor_cpu_m", -1),
        ("floor_mem_mib", "many"),
    ],
)
def test_one_that_cant_be_taken_is_left_out_and_told(key: str, value: object) -> None:
    policy = policy_from_rows([_row("mode", "enforce"), _row(key, value)], DEFAULTS)
    assert policy.mode("shop", None) is Mode.ENFORCE
    assert policy.mode("pay", None) is Mode.OFF
    assert policy.mode("elsewhere", None) is Mode.OFF
    assert (policy.rules.floors.cpu_m, policy.rules.floors.mem_mib) == (10, 32)
    [complaint] = policy.complaints
    assert f"the stored setting {key} = " in complaint


def test_an_unreadable_mode_of_a_namespace_is_told_by_its_name() -> None:
    rows = [_row("mode", "enforce"), {"namespace": "shop", "key": "mode", "value": "{"}]
    policy = policy_from_rows(rows, DEFAULTS)
    assert policy.mode("shop", None) is Mode.ENFORCE
    assert "mode of namespace shop" in policy.complaints[0]
