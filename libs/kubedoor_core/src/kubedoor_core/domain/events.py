"""The kinds of events that people can be told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kubedoor_core.regex import expression

KINDS: Mapping[str, str] = {
    "admission.conflict": "warning",
    "admission.denied": "warning",
    "admission.rows_lost": "error",
    "admission.value_invalid": "warning",
    "admission.value_not_set": "warning",
    "advice.held": "info",
    "advice.regretted": "warning",
    "advice.rolled_back": "warning",
    "autoscaler.found": "info",
    "autoscaler.gone": "info",
    "autoscaler.unknown": "warning",
    "change.advice": "info",
    "change.alerts": "info",
    "change.collections": "info",
    "change.mode": "warning",
    "change.nodes": "warning",
    "change.operations": "info",
    "change.pods": "warning",
    "change.schedules": "info",
    "change.services": "info",
    "change.settings": "warning",
    "change.tokens": "warning",
    "collection.failed": "error",
    "collection.left_out": "warning",
    "collection.no_owner": "warning",
    "collection.profile_failed": "warning",
    "finding.closed": "info",
    "finding.opened": "warning",
    "node_action.failed": "error",
    "operation.failed": "error",
    "operation.finished": "info",
    "pod_action.expires": "warning",
    "pod_action.failed": "error",
    "rollout.failed": "error",
    "rollout.rolled_back": "warning",
    "schedule.failed": "error",
    "schedule.late": "info",
    "schedule.missed": "warning",
    "service.new": "info",
}
"""Each kind and its severity: what the collector, the webhook and the API tell, and every change."""

WEEKLY = "report.weekly"
"""The report of a week: told wherever an env's settings ask for one, whatever kinds are chosen."""


EVENT_RULE = "event.rule"
"""An event of Kubernetes that a rule of the env's settings asks for: told likewise."""


def wanted(pattern: str) -> list[str]:
    """Return the kinds that a regular expression chooses; an empty one chooses warnings and errors."""
    if not pattern:
        return [kind for kind, severity in KINDS.items() if severity != "info"]
    return [kind for kind in KINDS if expression(pattern).matches(kind)]


def is_wanted(kind: str, severity: str, chosen: Iterable[str] | None, pattern: str) -> bool:
    """Tell whether people are to hear of an event.

    :param chosen: the kinds that were chosen in the console; None: the environment's pattern decides.
    """
    if kind in (WEEKLY, EVENT_RULE):
        return True
    if chosen is not None:
        return kind in chosen
    return expression(pattern).matches(kind) if pattern else severity != "info"
