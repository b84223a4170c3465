"""The question of `narrate_finding`: what was seen of a workload's problem, and what was changed before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kubedoor_api.ai.aliases import Name, NameKind
from kubedoor_api.ai.question import Facts, Question, Value
from kubedoor_core.domain.workload import workload_kind

if TYPE_CHECKING:
    from kubedoor_api.findings.models import AspectView, ChangeView, EvidenceView, FindingView

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
