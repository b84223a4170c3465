"""How evenly load lies on nodes, and what of their room is stranded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_core.domain.nodes import Imbalance, Load, Room, imbalance, stranded


def test_imbalance_is_the_deviation_and_the_hottest_over_the_mean() -> None:
    loads = [
        Load("a", 20, 100),
        Load("b", 80, 100),
        Load("c", 50, 100),
        Load("d", None, 100),
        Load("e", 5, 0),
    ]
    assert imbalance(loads) == Imbalance(50, float(np.std([20, 80, 50])), 30, "b")
    assert imbalance([Load("a", None, 100)]) is None


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(1, 1e6)), min_size=1, max_size=20))
def test_load_that_is_even_has_no_imbalance(values: list[tuple[float, float]]) -> None:
    even = imbalance([Load(str(n), size / 2, size) for n, (_, size) in enumerate(values)])
    assert even is not None
    assert max(even.deviation, even.hottest_over_mean) == pytest.approx(0, abs=1e-6)


def test_room_is_stranded_where_the_other_resource_is_gone() -> None:
    rooms = [
        Room(1000, 1000, 400, 10), Room(1000, 1000, 20, 600), Room(1000, 1000, 10, 10),
        Room(1000, 1000, 500, 500), Room(1000, 1000, 300, -50),
    ]  # fmt: skip
    assert stranded(rooms) == (700, 600)
