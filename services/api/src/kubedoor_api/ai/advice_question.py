"""The question of `review_advice`: the facts of the advice on a Deployment, and the bounds of a count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.ai.aliases import Name
from kubedoor_api.ai.guards import Bounds
from kubedoor_api.ai.question import Facts, Question, Value

if TYPE_CHECKING:
    from kubedoor_api.advice.models import Advice, AdviceFact

REVIEWED = ("fewer", "more")
"""Verdicts that somebody could act on."""


def advice_question(advice: Advice) -> tuple[Question, Bounds] | None:
    """Return the question about advice, and the counts that an answer may propose.

    They go from what is needed up to what runs: never below the largest of our own bounds. None where
    nothing is advised.
    """
    needed = advice.replicas_needed
    if advice.verdict not in REVIEWED or needed is None:
        return None
    most = max(needed, advice.replicas_now)
    bounds: list[Facts] = [
        {"name": one.name, "least": one.least, "facts": one.facts} for one in advice.bounds
    ]
    about: Facts = {
        "service": Name("svc", advice.name),
        "namespace": Name("ns", advice.namespace),
        "verdict": advice.verdict,
        "least": needed,
        "most": most,
        "now": advice.replicas_now,
        "advised": advice.replicas_advised,
        "of_an_autoscaler": advice.of_least,
        "confidence": advice.confidence,
        "reasons": bounds,
    }
    limits = Bounds(frozenset(), least=needed, most=most, because=advice.binding or "")
    return Question(about, list(map(_fact, advice.facts))), limits


def _fact(fact: AdviceFact) -> Facts:
    found: dict[str, Value] = {"id": fact.id, "name": fact.name, "value": fact.value, "from": fact.source}
    if fact.date is not None:
        found["date"] = fact.date.isoformat()
    if fact.container is not None:
        found["container"] = Name("ctr", fact.container)
    return found
