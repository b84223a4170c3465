"""The questions of the tasks: of a score, of advice and of a finding, an id for all that may be cited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kubedoor_api.advice.models import Advice, AdviceFact
from kubedoor_api.ai.guards import Bounds
from kubedoor_api.ai.question import Facts, Question, Value
from kubedoor_api.ai.redaction import Name, NameKind
from kubedoor_api.findings.models import AspectView, ChangeView, EvidenceView, FindingView
from kubedoor_api.statistics.score.models import Deduction, ServiceScore
from kubedoor_core.domain.workload import workload_kind


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
    return Question(about, [_deduction(number, one) for number, one in enumerate(score.deductions, 1)])


def _deduction(number: int, deduction: Deduction) -> Facts:
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


NAMES: Mapping[str, NameKind] = {
    "container": "ctr",
    "pod": "pod",
    "node": "node",
    "nearest": "node",
    "image": "img",
}
"""Parameters of evidence that are names, and of what."""
WORDS = frozenset({"reason", "condition", "resource", "kind", "missing_kind"})
"""Parameters whose texts are Kubernetes' own words, or ours."""
SAID = "said"
"""What programs wrote; it leaves only with the log lines."""


def finding_question(finding: FindingView) -> Question | None:
    """Return the question about a finding; None for one that is about no workload, such as a node's.

    Of other services nothing is in it but how many are affected, and of people nothing.
    """
    if workload_kind(finding.object) is None:
        return None
    about: dict[str, Value] = {
        "service": Name("svc", finding.name),
        "namespace": Name("ns", finding.namespace),
        "kind": finding.object,
        "problem": finding.kind,
        "severity": finding.severity,
        "began_at": finding.began_at.isoformat(timespec="seconds"),
        "pods": len(finding.pods),
        "affected_services": len(finding.affected),
    }
    if finding.container:
        about["container"] = Name("ctr", finding.container)
    lines = [str(one.parameters[SAID]) for one in finding.evidence if SAID in one.parameters]
    evidence = [{**_dated(one), **dict(_parameters(one.parameters.items()))} for one in finding.evidence]
    changes = [
        {**_dated(one), "may_explain": one.explains, "changed": [_aspect(each) for each in one.aspects]}
        for one in finding.changes
    ]
    return Question(about, evidence, changes, lines)


def _dated(one: EvidenceView | ChangeView) -> Facts:
    return {"id": one.id, "code": one.code, "at": one.at.isoformat(timespec="seconds")}


def _parameters(parameters: Iterable[tuple[str, str | int | float]]) -> Iterable[tuple[str, Value]]:
    for name, value in parameters:
        if not isinstance(value, str) or name in WORDS:
            yield name, value
        elif name in NAMES:
            yield name, Name(NAMES[name], value)


def _aspect(one: AspectView) -> Facts:
    """Return what was changed; of texts only images are told, as names."""
    told: dict[str, Value] = {"name": one.name}
    if one.container:
        told["container"] = Name("ctr", one.container)
    for side, value in (("before", one.before), ("after", one.after)):
        if isinstance(value, int):
            told[side] = value
        elif value is not None and one.name == "image":
            told[side] = Name("img", value)
    return told


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
    return Question(about, list(map(_fact_of_advice, advice.facts))), limits


def _fact_of_advice(fact: AdviceFact) -> Facts:
    found: dict[str, Value] = {"id": fact.id, "name": fact.name, "value": fact.value, "from": fact.source}
    if fact.date is not None:
        found["date"] = fact.date.isoformat()
    if fact.container is not None:
        found["container"] = Name("ctr", fact.container)
    return found
