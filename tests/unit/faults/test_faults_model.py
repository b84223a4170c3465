"""The fault suite's checker notices what is lost, half, stale, made twice or made up."""

from __future__ import annotations

import pytest

from faults.model import BASE, Decision, Ledger, Outcome, wrong_decision, wrong_generations


def ledger_of(*outcomes: Outcome) -> Ledger:
    """A ledger of one service: edit N is sent at N seconds and ends half a second later."""
    ledger = Ledger()
    for number, outcome in enumerate(outcomes, start=1):
        edit = ledger.send("cart", number, float(number))
        if outcome is not Outcome.SENT:
            edit.end(outcome, number + 0.5)
    return ledger


A, R, U, S = Outcome.ACKNOWLEDGED, Outcome.REFUSED, Outcome.UNKNOWN, Outcome.SENT


def test_what_went_well_is_not_complained_about() -> None:
    ledger = ledger_of(A, R, A, U, A)
    assert ledger.wrong_history("cart", [1, 3, 5]) == []
    assert ledger.wrong_history("cart", [1, 3, 4, 5]) == [], "what is not known may have been made"
    assert ledger.wrong_standing("cart", 5) == []


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        ([1], "the acknowledged edit 3 is lost"),
        ([1, 3, 3], "the edit 3 was made 2 times"),
        ([1, 2, 3], "the refused edit 2 was made"),
        ([3, 1], "in another order"),
        ([1, 3, 99], "99 was never sent"),
    ],
)
def test_a_history_that_is_wrong_is_told(found: list[int], problem: str) -> None:
    assert problem in "; ".join(ledger_of(A, R, A).wrong_history("cart", found))


@pytest.mark.parametrize("standing", [1, 2, None])
def test_what_stands_is_the_last_acknowledged_edit_or_a_later_one(standing: int | None) -> None:
    ledger = ledger_of(A, A, A, U)
    assert ledger.wrong_standing("cart", 3) == ledger.wrong_standing("cart", 4) == []
    assert ledger.wrong_standing("cart", standing) != []


def test_a_decision_comes_from_an_edit_of_its_time() -> None:
    ledger = ledger_of(A, A, U, R, S)
    assert ledger.allowed("cart", 1.6, 1.9) == {1}
    assert ledger.allowed("cart", 2.1, 2.2) == {1, 2}, "on its way, so either"
    assert ledger.allowed("cart", 2.6, 2.9) == {2}
    assert ledger.allowed("cart", 4.6, 9.0) == {2, 3, 5}, "neither the refused one nor what was replaced"


@pytest.mark.parametrize(
    ("decision", "problem"),
    [
        (Decision(allowed=True, replicas=3, cpu_m=BASE + 3, mem_mib=BASE + 3), None),
        (Decision(allowed=False), "refused"),
        (Decision(allowed=True, replicas=3, cpu_m=BASE + 2, mem_mib=BASE + 3), "no whole edit"),
        (Decision(allowed=True, replicas=2, cpu_m=BASE + 2, mem_mib=BASE + 2), "decided by 2 instead of 3"),
        (Decision(allowed=True, replicas=99, cpu_m=8000, mem_mib=16384), "no whole edit"),
    ],
)
def test_a_wrong_decision_is_told(decision: Decision, problem: str | None) -> None:
    told = wrong_decision("cart", decision, {3})
    assert told is None if problem is None else problem in str(told)


def test_work_that_was_lost_or_done_twice_is_told() -> None:
    before = {"a": 1, "b": 1, "c": 4}
    told = wrong_generations(before, {"a": 2, "b": 3, "c": 4}, {"a": 1, "b": 1, "c": 1})
    assert [line.split(":")[0] for line in told] == ["b", "c"]
