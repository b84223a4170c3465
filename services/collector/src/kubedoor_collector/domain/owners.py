"""Which Deployment a ReplicaSet's pods belong to: as kube-state-metrics tells it, or else by the names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kubedoor_collector.domain.promql import GENERATED
from kubedoor_collector.domain.samples import Sample

_SET_NAME = re.compile(rf"(.+)-([{GENERATED}]{{1,10}})")
_CRON_JOB = re.compile(r"\d{8}")
"""A CronJob names its Jobs by the minute, which may be of generated digits alone."""


@dataclass(frozen=True)
class Owners:
    """What owns the pods of each ReplicaSet, by namespace and the pods' common name.

    :param told: whether kube-state-metrics tells owners at all.
    """

    told: bool = False
    deployments: dict[tuple[str, str], str] = field(default_factory=dict)
    others: frozenset[tuple[str, str]] = frozenset()

    def deployment_of(self, namespace: str, rs: str) -> str | None:
        """Return the Deployment, or None for pods of something else."""
        found = self.deployments.get((namespace, rs))
        if found is not None or (namespace, rs) in self.others or self.told:
            return found
        return by_name(rs)

    def unknown(self, namespace: str, rs: str) -> bool:
        """Return whether owners are told, but not of these pods."""
        return self.told and (namespace, rs) not in self.deployments and (namespace, rs) not in self.others


def by_name(rs: str) -> str | None:
    """Return the Deployment that a ReplicaSet of this name would be of."""
    found = _SET_NAME.fullmatch(rs)
    if found is None or _CRON_JOB.fullmatch(found.group(2)):
        return None
    return found.group(1)


def read_owners(pod_owners: Iterable[Sample], set_owners: Iterable[Sample]) -> Owners:
    """Join the owners of pods with the owners of ReplicaSets."""
    deployments = _deployments_of_sets(set_owners)
    owners: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    for sample in pod_owners:
        labels = sample.labels
        namespace, rs = labels.get("namespace", ""), labels.get("rs", "")
        if namespace and rs:
            owners[namespace, rs].add(_deployment(namespace, labels, deployments))
    known = {key: names for key, names in owners.items() if len(names) == 1}
    return Owners(
        told=bool(owners),
        deployments={key: name for key, names in known.items() for name in names if name is not None},
        others=frozenset(key for key, names in owners.items() if names == {None} or len(names) > 1),
    )


def _deployments_of_sets(set_owners: Iterable[Sample]) -> dict[tuple[str, str], str | None]:
    """Return the Deployment of each ReplicaSet, or None where something else owns it."""
    return {
        (sample.labels.get("namespace", ""), sample.labels.get("replicaset", "")): (
            sample.labels.get("owner_name") if sample.labels.get("owner_kind") == "Deployment" else None
        )
        for sample in set_owners
    }


def _deployment(
    namespace: str, labels: dict[str, str], deployments: dict[tuple[str, str], str | None]
) -> str | None:
    if labels.get("owner_kind") != "ReplicaSet":
        return None
    name = labels.get("owner_name", "")
    return deployments.get((namespace, name), None if deployments else by_name(name))
