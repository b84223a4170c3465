"""Rows that are gone without a tombstone, and announcements whose rows never come."""

from __future__ import annotations

import pytest

from kubedoor_core.domain.control import ContainerValues, Service
from kubedoor_webhook.losses import GIVE_UP_AFTER_S, TOGETHER_S, Announcements, Gone, Key, Loss, with_kept

ALL = frozenset(("shop", f"s{number}") for number in range(100))


def _without(count: int) -> frozenset[Key]:
    return frozenset(sorted(ALL)[count:])


def _next(loss: Loss[int], known: frozenset[Key], present: frozenset[Key], now_s: float = 0.0) -> Loss[int]:
    return loss.next(known, present, lambda _: 7, now_s)


@pytest.mark.parametrize(
    ("gone", "believed"), [(0, True), (1, True), (10, True), (11, False), (99, False), (100, False)]
)
def test_up_to_a_tenth_is_believed(gone: int, believed: bool) -> None:
    loss = _next(Loss(), ALL, _without(gone))
    assert (len(loss.rows), loss.believed) == (gone, believed)
    assert len(loss.kept) == (0 if believed else gone)
    assert all(row.last == 7 for row in loss.kept.values())


def test_what_goes_part_by_part_is_one_loss() -> None:
    first = _next(Loss(), ALL, _without(8))
    second = _next(first, _without(8), _without(16), 1.0)
    assert first.believed
    assert not second.believed
    assert len(second.kept) == 16


def test_what_went_long_ago_is_another() -> None:
    first = _next(Loss(), ALL, _without(8))
    second = _next(first, _without(8), _without(16), TOGETHER_S + 1)
    assert second.believed
    assert len(second.rows) == 8


def test_what_is_not_believed_stays_so_until_it_is_back() -> None:
    lost = _next(Loss(), ALL, _without(50))
    much_later = _next(lost, _without(50), _without(50), 100 * TOGETHER_S)
    assert len(much_later.kept) == 50
    back = _next(much_later, _without(50), ALL, 101 * TOGETHER_S)
    assert (back.kept, back.rows) == ({}, {})


def test_new_rows_beside_do_not_hide_a_loss() -> None:
    new = frozenset(("shop", f"new{number}") for number in range(50))
    assert len(_next(Loss(), ALL, _without(50) | new).kept) == 50


def _service(replicas: int | None = None, cpu_m: int | None = None, name: str = "a") -> Service:
    return Service("shop", name, replicas, "manual", containers=(ContainerValues("app", cpu_m, 1000),))


A: Key = ("shop", "a")
FULL = _service(3, 250)


def _lost(service: Service | None) -> Loss[Service]:
    return Loss({A: Gone(0.0, service)}, 0, believed=False)


NO: frozenset[Key] = frozenset()
HAS = frozenset({A})
NONE_LOST: Loss[Service] = Loss()


def test_an_experts_row_that_is_lost_goes_on_to_hold_over_what_is_derived() -> None:
    derived = {A: _service(10, 100)}
    assert with_kept(derived, {"control": NO, "derived": HAS}, _lost(FULL), NONE_LOST) == {A: FULL}


def test_a_tombstone_that_is_lost_goes_on_to_hide_the_service() -> None:
    derived = {A: _service(10, 100)}
    assert with_kept(derived, {"control": NO, "derived": HAS}, _lost(None), NONE_LOST) == {}


def test_a_derived_row_that_is_lost_fills_what_the_expert_leaves_open() -> None:
    experts = {A: _service(5, None)}
    kept = with_kept(experts, {"control": HAS, "derived": NO}, NONE_LOST, _lost(FULL))
    assert kept[A].replicas == 5
    assert kept[A].containers == (ContainerValues("app", 250, 1000),)


def test_an_expert_who_removes_the_service_meanwhile_has_the_last_word() -> None:
    assert with_kept({}, {"control": HAS, "derived": NO}, NONE_LOST, _lost(FULL)) == {}


def test_a_service_that_is_lost_wholly_stays_as_it_was() -> None:
    assert with_kept({}, {"control": NO, "derived": NO}, _lost(FULL), _lost(_service())) == {A: FULL}


def test_what_is_believed_to_be_gone_is() -> None:
    believed = Loss({A: Gone(0.0, FULL)}, 99, believed=True)
    assert with_kept({}, {"control": NO, "derived": NO}, believed, NONE_LOST) == {}


def test_an_announcement_is_waited_for_and_given_up_after_a_while() -> None:
    now_s = 0.0
    announcements = Announcements(lambda: now_s)
    readable = {"control": 5, "derived": 0, "setting": 9}
    assert announcements.settled({"control": 5, "setting": 9}, readable)
    assert not announcements.settled({"control": 6}, readable)
    now_s = GIVE_UP_AFTER_S - 0.1
    assert not announcements.settled({"control": 6}, readable)
    now_s = GIVE_UP_AFTER_S
    assert announcements.settled({"control": 6}, readable)
    assert announcements.missing == {"control": 6}


def test_after_one_was_given_up_a_new_one_is_waited_for_again() -> None:
    now_s = 0.0
    announcements = Announcements(lambda: now_s)
    readable = {"control": 5}
    announcements.settled({"control": 6}, readable)
    now_s = 60.0
    assert announcements.settled({"control": 6}, readable)
    assert not announcements.settled({"control": 7}, readable)
    assert announcements.settled({"control": 7}, {"control": 7})
    assert announcements.missing == {}
