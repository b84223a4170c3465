"""What names that Kubernetes generates say: a pod's of its ReplicaSet, a ReplicaSet's of its Deployment."""

from __future__ import annotations

import re

from kubedoor_core.domain.workload import DEPLOYMENT, WorkloadKind, workload_kind

GENERATED = "bcdfghjklmnpqrstvwxz2456789"
"""The letters and digits that Kubernetes generates names from."""

_SET_NAME = re.compile(rf"(.+)-([{GENERATED}]{{6,10}})")
POD_NAME = rf"(.+)-[{GENERATED}]{{5}}|(.{{58}})[{GENERATED}]{{5}}"
"""A pod's name is its ReplicaSet's and five generated characters. A name of 63 was cut to 58 for them."""
_CRON_JOB = re.compile(r"\d{8}")
"""A CronJob names its Jobs by the minute, which may be of generated digits alone."""
_ORDINAL = re.compile(r"(.+)-(?:0|[1-9]\d{0,3})")
"""A StatefulSet numbers its pods."""


def deployment_of(replica_set: str) -> str | None:
    """Return the Deployment that a ReplicaSet of this name would be of."""
    found = _SET_NAME.fullmatch(replica_set)
    if found is None or _CRON_JOB.fullmatch(found.group(2)):
        return None
    return found.group(1)


def replica_set_of(pod: str) -> str:
    """Return the ReplicaSet that a pod of this name would be of; empty where it would be of none."""
    found = re.fullmatch(POD_NAME, pod)
    return (found.group(1) or found.group(2)) if found else ""


def service_of(kind: str, name: str) -> tuple[WorkloadKind, str] | None:
    """Return kind and name of the service that an object would be of by its name alone; None: not known.

    A DaemonSet's pods can't be told from a Job's, so they are of none.
    """
    if (own := workload_kind(kind)) is not None:
        return own, name
    replica_set = {"ReplicaSet": name, "Pod": replica_set_of(name)}.get(kind, "")
    if (deployment := deployment_of(replica_set)) is not None:
        return DEPLOYMENT, deployment
    if kind == "Pod" and (found := _ORDINAL.fullmatch(name)):
        return "StatefulSet", found.group(1)
    return None
