"""Texts that are none of their column's values: what is said of them."""

from __future__ import annotations

from kubedoor_core.domain.invalid_values import VALID, InvalidValue, complaints


def test_what_is_wrong_is_said_once_for_each_column() -> None:
    wrong = [InvalidValue("control", "mode", "shop", f"s{number}", "enfroce") for number in range(5)]
    policy = InvalidValue("control", "replicas_policy", "pay", "cart", "pined")
    told = complaints([policy, *reversed(wrong)])
    assert told == {
        "the column mode of the table control holds what is none of its values, of shop/s0 ('enfroce'),"
        " shop/s1 ('enfroce'), shop/s2 ('enfroce') and 2 more: it is read as unset; valid are off, observe,"
        " enforce: write the row again": 5,
        "the column replicas_policy of the table control holds what is none of its values, of pay/cart"
        " ('pined'): it is read as unset; valid are as_found, autoscaled, pinned, fixed: write the row again":
        1,
    }  # fmt: skip
    assert complaints([]) == {}


def test_a_kind_can_not_be_unset() -> None:
    for table in VALID:
        (told,) = complaints([InvalidValue(table, "kind", "shop", "cart", "CronJob")])
        assert "these rows are left out" in told
