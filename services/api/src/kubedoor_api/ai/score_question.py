"""The question of `explain_score`: what the endpoint of a score tells, an id for each deduction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.ai.aliases import Name
from kubedoor_api.ai.question import Facts, Question, Value

if TYPE_CHECKING:
    from kubedoor_api.statistics.score.models import Deduction, ServiceScore


def score_question(score: ServiceScore) -> Question | None:
    """Return the question about a service's score; None where nothing takes points off it."""
    if score.score is None or not score.deductions:
        return None
    parts: dict[str, Value] = dict(score.parts.model_dump())
    about: Facts = {
        "service": Name("svc", score.name),
        "namespace": Name("ns", score.namespace),
        "kind": score.kind,
        "score": score.score,
        "grade": score.grade,
        "known_pct": score.known_pct,
        "parts": parts,
    }
    return Question(about, [_fact(number, one) for number, one in enumerate(score.deductions, 1)])


def _fact(number: int, deduction: Deduction) -> Facts:
    fact: dict[str, Value] = {
        "id": f"d{number}",
        "part": deduction.part,
        "rule": deduction.rule,
        "points": deduction.points,
        "value": deduction.value,
        "threshold": deduction.threshold,
    }
    if deduction.container is not None:
        fact["container"] = Name("ctr", deduction.container)
    if deduction.remedy is not None:
        parameters: dict[str, Value] = {
            name: Name("ctr", value) if name == "container" and isinstance(value, str) else value
            for name, value in deduction.remedy.parameters.items()
        }
        fact["remedy"] = {"action": deduction.remedy.action, **parameters}
    return fact
