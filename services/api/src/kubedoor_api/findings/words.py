"""Findings in English, for messages; the console makes its own words of the same values. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from kubedoor_api.findings.facts import FindingKind
from kubedoor_api.findings.models import ChangeView, FindingView

HEADLINES: Mapping[FindingKind, str] = {
    "crash_loop": "container {container} crashes ({restarts} restarts, the last with exit code {exit_code})",
    "oom": "container {container} is killed because it is out of memory (OOMKilled, {restarts} restarts)",
    "image": "the image {image} of container {container} can't be pulled ({reason})",
    "config": "container {container} can't be created: {missing}",
    "unschedulable": "no node has room for {pod}: {reason} stands against it",
    "probe_failing": "container {container} runs, but its probes fail",
    "rollout_stuck": "the rollout stands still: {updated} of {desired} pods updated, {available} available",
    "throttled": "container {container} reaches its cpu limit in {value}% of its periods (throttled)",
    "memory_near_limit": "container {container} uses {value}% of its memory limit",
    "heap_full": "{value}% of the heap of container {container} is left in use after collections",
    "gc_storm": "container {container} stands still for {value}% of the time to collect garbage",
    "hpa_capped": "its autoscaler is at its maximum of {value} pods and wants more",
    "quota": "no more pods can be made: {resource} of the quota {quota} is used up ({used} of {hard})",
    "node_not_ready": "the node is not ready ({reason})",
    "node_pressure": "the node reports {condition}",
    "evicted": "pods were evicted",
    "pvc_full": "{value}% of the volume is used, and more soon",
    "errors_up": "{value}% of requests fail (as a rule up to {threshold}%)",
    "latency_up": "95% of requests take up to {value} ms (as a rule up to {threshold} ms at this hour)",
    "hot_pod": "{pod} gets {value} requests per second, far more than the others",
    "admission_refused": "admission refused the last change ({user})",
    "pods_refused": "its pods can't be made",
}
NAMES = {
    "limit_mem_mib": ("memory limit", " MiB"),
    "request_mem_mib": ("memory request", " MiB"),
    "limit_cpu_m": ("cpu limit", "m"),
    "request_cpu_m": ("cpu request", "m"),
    "replicas": ("pod count", ""),
}
DID = {
    "edit": "edited by {by}",
    "derived": "derived by the collector",
    "operation": "an operation of {by}",
    "schedule": "a schedule",
    "admission": "enforced at admission",
    "rollout": "rolled out",
    "node": "the node {name}",
    "setting": "set by {by}",
}


class _Known(dict[str, object]):
    """Parameters of which some may be missing."""

    def __missing__(self, key: str) -> str:
        return "?"


def _missing(told: Mapping[str, str | int | float]) -> str:
    """Return what a container can't be created for want of, else what is said of it."""
    of = f"the {told.get('missing_kind')} {told.get('missing_name')}"
    if "missing_key" in told:
        return f"{of} has no key {told['missing_key']}"
    return (
        f"{of} is missing" if "missing_name" in told else str(told.get("said") or told.get("reason") or "?")
    )


def headline(finding: FindingView) -> str:
    """Return what is wrong in a sentence, and of how many pods."""
    first = finding.evidence[0].parameters if finding.evidence else {}
    known = _Known({**first, "container": finding.container or "?", "missing": _missing(first)})
    where = "/".join(part for part in (finding.namespace, finding.name) if part)
    pods = f" ({len(finding.pods)} pods)" if len(finding.pods) > 1 else ""
    affected = f"; {len(finding.affected)} services are affected" if finding.affected else ""
    return f"{finding.object} {where}: {HEADLINES[finding.kind].format_map(known)}{pods}{affected}"


def before(change: ChangeView) -> str:
    """Return what was changed in a sentence."""
    aspects = []
    for one in change.aspects:
        what, _, _ = one.name.partition(" ")
        if what in NAMES:
            name, unit = NAMES[what]
            values = ["none" if value is None else f"{value}{unit}" for value in (one.before, one.after)]
            of = f" of {one.container}" if one.container else ""
            aspects.append(f"{name}{of} {' → '.join(values)}")
        elif one.before is not None:
            aspects.append(f"{one.name} {one.before} → {one.after}")
        else:
            aspects.append(one.name if one.after is None else f"{what} {one.after}")
    did = DID[change.code].format_map(_Known({"by": change.by, "name": change.name}))
    return f"{', '.join(aspects)}, {did} at {change.at:%H:%M} UTC"


def message(finding: FindingView) -> str:
    """Return what people are told of a finding: what is wrong, and what may have brought it about."""
    told = [headline(finding)]
    cause = next((one for one in finding.changes if one.explains), None)
    if cause is not None:
        told.append(f"Before: {before(cause)}")
    return "\n".join(told)
