"""In which order a replay names services: by what they weigh, as the score does."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from kubedoor_api.statistics.replay.routes import Scored, largest
from kubedoor_core.domain.derivation.replay import Outcome
from kubedoor_core.domain.prices import Prices

NOW = Outcome(**{one.name: np.zeros(2) for one in fields(Outcome)})
THEN = replace(NOW, cores=np.array([1.0, 0.0]), gib=np.array([0.0, 6.0]))
SCORED = Scored((("shop", "Deployment", "core"), ("shop", "Deployment", "memory")), (NOW,), np.ones(1, bool))


@pytest.mark.parametrize(
    ("prices", "names"),
    [
        (Prices(), ["core", "memory"]),
        (Prices(10, 10), ["memory", "core"]),
        (Prices(core_month=10), ["core", "memory"]),
    ],
)
def test_a_core_weighs_as_much_as_eight_gib_unless_prices_say_otherwise(
    prices: Prices, names: list[str]
) -> None:
    assert [one.name for one in largest(SCORED, THEN, prices)] == names
