"""Which Deployment a ReplicaSet's pods belong to: as kube-state-metrics tells it, or else by the names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kubedoor_collector.domain.promql import GENERATED
from kubedoor_core.prometheus import Sample

_SET_NAME = re.compile(rf"(.+)-([{GENERATED}]{{1,10}})")
_CRON_JOB = re.compile(r"\d{8}")
"""A CronJob names its Jobs by the minute, which may be of generated digits alone."""


OwnerSource = Literal["metrics", "name"]
Key = tuple[str, str]
Owner = tuple[str | None, OwnerSource]
"""A Deployment, or None for something else, and who said so."""


@dataclass(frozen=True)
class Owners:
    """What owns the pods of each ReplicaSet, by namespace and the pods' common name.

    :param told: whether kube-state-metrics tells owners at all.
    :param known: the owner of each that it tells anything of; None where it tells several.
    """

    told: bool = False
    known: Mapping[Key, Owner | None] = field(default_factory=dict)

    def deployment_of(self, namespace: str, rs: str) -> str | None:
        """Return the Deployment, told or else read from the name; None for pods of something else."""
        owner = self._owner(namespace, rs)
        return owner[0] if owner else None

    def source_of(self, namespace: str, rs: str) -> OwnerSource:
        """Return who said which Deployment it is."""
        owner = self._owner(namespace, rs)
        return owner[1] if owner else "metrics"

    def _owner(self, namespace: str, rs: str) -> Owner | None:
        return self.known.get((namespace, rs), (by_name(rs), "name"))


def by_name(rs: str) -> str | None:
    """Return the Deployment that a ReplicaSet of this name would be of."""
    found = _SET_NAME.fullmatch(rs)
    if found is None or _CRON_JOB.fullmatch(found.group(2)):
        return None
    return found.group(1)


def read_owners(pod_owners: Iterable[Sample], set_owners: Iterable[Sample]) -> Owners:
    """Join the owners of pods with the owners of ReplicaSets. What neither tells is left to the names."""
    deployments = _deployments_of_sets(set_owners)
    owners: dict[Key, set[Owner]] = defaultdict(set)
    for sample in pod_owners:
        labels = sample.labels
        namespace, rs = labels.get("namespace", ""), labels.get("rs", "")
        if namespace and rs:
            owners[namespace, rs].add(_owner(namespace, labels, deployments))
    known = {key: found.pop() if len(found) == 1 else None for key, found in owners.items()}
    return Owners(bool(owners), known)


def _deployments_of_sets(set_owners: Iterable[Sample]) -> dict[Key, str | None]:
    """Return the Deployment of each ReplicaSet, or None where something else owns it."""
    return {
        (sample.labels.get("namespace", ""), sample.labels.get("replicaset", "")): (
            sample.labels.get("owner_name") if sample.labels.get("owner_kind") == "Deployment" else None
        )
        for sample in set_owners
    }


def _owner(namespace: str, labels: dict[str, str], deployments: Mapping[Key, str | None]) -> Owner:
    """Return a pod's owner; that of a ReplicaSet of which nobody tells is read from the ReplicaSet's name."""
    if labels.get("owner_kind") != "ReplicaSet":
        return None, "metrics"
    name = labels.get("owner_name", "")
    if (namespace, name) in deployments:
        return deployments[namespace, name], "metrics"
    return by_name(name), "name"
