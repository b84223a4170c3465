"""Prices: money counts what has a price; weights set cpu against memory whatever is known."""

from __future__ import annotations

import pytest

from kubedoor_core.domain.prices import Prices


@pytest.mark.parametrize(
    ("prices", "money"),
    [
        (Prices(), None),
        (Prices(30, 4), 2 * 30 + 3 * 4),
        (Prices(core_month=30), 60),
        (Prices(gib_month=4), 12),
    ],
)
def test_money_counts_what_has_a_price(prices: Prices, money: float | None) -> None:
    assert prices.money(2000, 3 * 1024) == money


@pytest.mark.parametrize(
    ("prices", "core", "gib"),
    [(Prices(), 8, 1), (Prices(30, 4), 30, 4), (Prices(core_month=32), 32, 4), (Prices(gib_month=4), 32, 4)],
)
def test_a_price_that_is_not_known_follows_from_the_other(prices: Prices, core: float, gib: float) -> None:
    assert prices.weights == (core, gib)
    assert prices.weight(500, 2048) == core / 2 + 2 * gib
