"""Floods: a few events by themselves, the others together; so many rows of the log and no more."""

from __future__ import annotations

from kubedoor_webhook import gathering as module
from kubedoor_webhook.gathering import DENIED, VALUE_NOT_SET, Gathering


class Clock:
    """A clock that a test sets."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_few_are_told_by_themselves_and_the_others_together() -> None:
    clock = Clock()
    gathering = Gathering(clock)
    told = [gathering.tells(DENIED, "shop", f"s{number}") for number in range(44)]
    assert told == [True] * 3 + [False] * 41
    assert gathering.tells(VALUE_NOT_SET, "shop", "s1")
    assert gathering.over() == []
    clock.now_s = 60.0
    [gathered] = gathering.over()
    assert (
        gathered.message == "41 more services in shop were refused within a minute: s3, s4, s5, s6, s7, ..."
    )
    assert gathering.over() == []
    assert gathering.tells(DENIED, "shop", "s1")


def test_one_more_is_told_as_one() -> None:
    gathering = Gathering(Clock())
    for number in range(4):
        gathering.tells(VALUE_NOT_SET, "shop", f"s{number}")
    [gathered] = gathering.close()
    assert (
        gathered.message == "1 more service in shop has governed values that nobody set within a minute: s3"
    )


def test_no_flood_of_namespaces_makes_more_than_a_few() -> None:
    clock = Clock()
    gathering = Gathering(clock)
    told = sum(gathering.tells(DENIED, f"n{number}", "x" * 10_000) for number in range(5000))
    gathered = gathering.close()
    assert told == module.SINGLY_IN_ALL
    assert len(gathered) == module.NAMESPACES + 1
    assert told + sum(one.count for one in gathered) == 5000
    assert "in further namespaces" in gathered[-1].message
    assert max(len(one.message) for one in gathered) < 1000


def test_rows_of_the_log_are_bounded_by_namespace_and_in_all() -> None:
    clock = Clock()
    gathering = Gathering(clock)
    assert sum(gathering.logs("shop", refused=True) for _ in range(2000)) == module.REFUSED_ROWS
    assert gathering.logs("shop", refused=False)
    assert gathering.logs("pay", refused=True)
    assert gathering.rows_left_out == 2000 - module.REFUSED_ROWS
    names = (f"n{number}" for number in range(module.ROWS_IN_ALL + 1000))
    assert sum(gathering.logs(name, refused=False) for name in names) == (
        module.ROWS_IN_ALL - module.REFUSED_ROWS - 2
    )
    clock.now_s = 60.0
    assert gathering.logs("shop", refused=True)
