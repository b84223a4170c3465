"""The score: the parts that are known, by their weight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kubedoor_core.domain.score import parts
from kubedoor_core.domain.score.day import ScoredDay
from kubedoor_core.domain.score.deductions import Deduction, Found
from kubedoor_core.domain.score.policy import Part, ScorePolicy

Grade = Literal["A", "B", "C", "D", "E"]
GRADES: tuple[tuple[float, Grade], ...] = ((90, "A"), (75, "B"), (60, "C"), (40, "D"))
PARTS: Mapping[Part, Callable[[ScoredDay, ScorePolicy], list[Found] | None]] = {
    "cost": parts.cost,
    "safety": parts.safety,
    "count": parts.count,
    "runtime": parts.runtime,
    "steadiness": parts.steadiness,
}


@dataclass(frozen=True)
class Score:
    """A service's score.

    :ivar score: 0 to 100; None where less than half of the weight is known.
    :ivar known_pct: share of the weight that is known.
    :ivar parts: 0 to 100 each; None where nothing of it is known.
    :ivar deductions: the largest first; with the score they are a hundred together.
    """

    score: float | None
    known_pct: float
    parts: Mapping[Part, float | None]
    deductions: tuple[Deduction, ...]

    @property
    def grade(self) -> Grade | None:
        """The score as a letter."""
        return None if self.score is None else grade_of(self.score)


NOTHING_KNOWN = Score(None, 0.0, dict.fromkeys(PARTS), ())


def grade_of(score: float) -> Grade:
    """Return a score as a letter."""
    return next((letter for least, letter in GRADES if score >= least), "E")


def score_of(day: ScoredDay, policy: ScorePolicy) -> Score:
    """Return a service's score on a day."""
    found = {part: look(day, policy) for part, look in PARTS.items()}
    known = {part: some for part, some in found.items() if some is not None}
    weight = sum(policy.weights[part] for part in known)
    whole = sum(policy.weights.values())
    values = {part: None if some is None else _left(some) for part, some in found.items()}
    known_pct = 100 * weight / whole if whole else 0.0
    if not weight or known_pct < 100 * policy.least_known:
        return Score(None, known_pct, values, ())
    deductions = sorted(
        (
            Deduction(
                part,
                one,
                (100 - _left(some)) * one.points / _lost(some) * policy.weights[part] / weight,
                one.date or day.date,
            )
            for part, some in known.items()
            for one in some
            if one.points and policy.weights[part]
        ),
        key=lambda deduction: -deduction.points,
    )
    total = sum(_left(some) * policy.weights[part] for part, some in known.items()) / weight
    return Score(total, known_pct, values, tuple(deductions))


def _lost(found: Iterable[Found]) -> float:
    return sum(one.points for one in found)


def _left(found: Iterable[Found]) -> float:
    return max(0.0, 100 - _lost(found))


def together(scores: Iterable[tuple[float | None, float]]) -> float | None:
    """Return the score of several services, each by what its requests cost; None where none is known."""
    known = [(score, cost) for score, cost in scores if score is not None and cost > 0]
    weight = sum(cost for _, cost in known)
    return sum(score * cost for score, cost in known) / weight if weight else None
