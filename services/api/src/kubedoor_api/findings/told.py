"""What Kubernetes has told of what is wrong, as evidence: where its events are kept. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kubedoor_api.findings.causes import Evidence, Sign, event_evidence
from kubedoor_api.findings.facts import Facts, FindingKind
from kubedoor_api.kube_events.event import KubeEvent

TOLD_BY: Mapping[FindingKind, frozenset[str]] = {
    "crash_loop": frozenset({"BackOff"}),
    "oom": frozenset({"OOMKilling", "BackOff"}),
    "image": frozenset({"Failed", "FailedToRetrieveImagePullSecret", "InspectFailed", "ErrImageNeverPull"}),
    "config": frozenset({"Failed"}),
    "unschedulable": frozenset({"FailedScheduling", "NotTriggerScaleUp"}),
    "probe_failing": frozenset({"Unhealthy"}),
    "rollout_stuck": frozenset(
        {"FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox", "FailedCreate", "Failed"}
    ),
    "quota": frozenset({"FailedCreate"}),
    "pods_refused": frozenset({"FailedCreate"}),
    "node_not_ready": frozenset({"NodeNotReady", "Rebooted", "KubeletNotReady"}),
    "node_pressure": frozenset({"EvictionThresholdMet", "FreeDiskSpaceFailed", "SystemOOM"}),
    "evicted": frozenset({"Evicted"}),
}
"""By kind, the reasons of the events that say more of it."""
REASONS = frozenset[str]().union(*TOLD_BY.values())
MOST = 2


def with_events(sign: Sign, facts: Facts) -> Sign:
    """Return a sign with the latest events that say more of it, of those that it does not show already."""
    reasons = TOLD_BY.get(sign.kind, frozenset())
    shown = {one.parameters.get("uid") for one in sign.evidence if one.code == "event"}
    told = {
        one.uid: one for one in _about(sign, facts) if one.reason in reasons and one.uid not in shown
    }.values()
    latest = sorted(told, key=lambda one: (one.last_at, one.uid), reverse=True)[:MOST]
    evidence: tuple[Evidence, ...] = (*sign.evidence, *map(event_evidence, latest))
    return replace(sign, evidence=evidence)


def _about(sign: Sign, facts: Facts) -> Iterator[KubeEvent]:
    """Go through the events of a sign's pods, of its subject, and of what quotas keep from making pods."""
    for pod in sign.pods:
        yield from facts.events_of.get(("Pod", sign.subject.namespace, pod), ())
    for subject in (sign.subject, *sign.services):
        yield from facts.events_of.get(subject, ())
        if not sign.pods:
            yield from facts.events_of_services.get(subject, ())
