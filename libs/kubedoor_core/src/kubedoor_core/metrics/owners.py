"""Which workload a pod is of: by kube-state-metrics; by its name where the store tells no owners at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from kubedoor_core.domain.generated_names import deployment_of, replica_set_of
from kubedoor_core.domain.left_out import OwnerReason
from kubedoor_core.domain.workload import DEPLOYMENT
from kubedoor_core.metrics.samples import Labels, PodKey

OwnerSource = Literal["metrics", "name"]


class Workload(NamedTuple):
    """What makes and owns pods."""

    namespace: str
    kind: str
    name: str


@dataclass(frozen=True)
class Owner:
    """The workload of a pod, by way of which ReplicaSet, and who says so."""

    workload: Workload
    replica_set: str
    source: OwnerSource


@dataclass(frozen=True)
class Owners:
    """What is told of the owners of an env's pods and ReplicaSets.

    :ivar pods: the controllers of each pod, kind and name.
    :ivar sets: the controller of each ReplicaSet, kind and name.
    :ivar told: whether the store tells owners of pods at all, anywhere in the env.
    :ivar sets_told: whether it tells owners of ReplicaSets.
    """

    pods: Mapping[PodKey, frozenset[tuple[str, str]]] = field(default_factory=dict)
    sets: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    deployments: frozenset[tuple[str, str]] = frozenset()
    told: bool = False
    sets_told: bool = False

    def of(self, pod: PodKey) -> Owner | OwnerReason:
        """Return a pod's owner, or why it has none."""
        if not self.told:
            return self._by_name(pod)
        told = self.pods.get(pod)
        if told is None:
            return self._of_set(pod.namespace, replica_set_of(pod.pod), known=False)
        if not told:
            return "no_owner"
        if len(told) > 1:
            return "several_owners"
        ((kind, name),) = told
        if kind != "ReplicaSet":
            return Owner(Workload(pod.namespace, kind, name), "", "metrics")
        return self._of_set(pod.namespace, name, known=True)

    def _of_set(self, namespace: str, name: str, *, known: bool) -> Owner | OwnerReason:
        """Return the owner of a ReplicaSet. One that nobody tells of is a Deployment's that others are of."""
        told = self.sets.get((namespace, name))
        if told is not None:
            kind, owner = told
            workload = Workload(namespace, kind, owner) if kind else Workload(namespace, "ReplicaSet", name)
            return Owner(workload, name, "metrics" if known else "name")
        deployment = deployment_of(name)
        if deployment and ((known and not self.sets_told) or (namespace, deployment) in self.deployments):
            return Owner(Workload(namespace, DEPLOYMENT, deployment), name, "name")
        return "owner_unknown"

    def _by_name(self, pod: PodKey) -> Owner | OwnerReason:
        replica_set = replica_set_of(pod.pod)
        deployment = deployment_of(replica_set)
        if deployment is None:
            return "name_unknown"
        return Owner(Workload(pod.namespace, DEPLOYMENT, deployment), replica_set, "name")


def read_owners(
    pod_owners: Iterable[Labels], set_owners: Iterable[Labels], *, told: bool, sets_told: bool
) -> Owners:
    """Read the labels of `kube_pod_owner` and `kube_replicaset_owner`. Only controllers count.

    :param told: whether the store has the first of them, anywhere in the env.
    :param sets_told: likewise the second.
    """
    pods: dict[PodKey, set[tuple[str, str]]] = defaultdict(set)
    for labels in pod_owners:
        key = PodKey(labels.get("namespace", ""), labels.get("pod", ""))
        if all(key):
            pods[key].update(_controller(labels))
    sets: dict[tuple[str, str], tuple[str, str]] = {}
    for labels in set_owners:
        controller = next(iter(_controller(labels)), ("", ""))
        name = (labels.get("namespace", ""), labels.get("replicaset", ""))
        if controller[0] or name not in sets:
            sets[name] = controller
    deployments = frozenset((space, name) for (space, _), (kind, name) in sets.items() if kind == DEPLOYMENT)
    known = {key: frozenset(found) for key, found in pods.items()}
    return Owners(known, sets, deployments, told, sets_told)


def _controller(labels: Labels) -> list[tuple[str, str]]:
    """Return the owner where it is the controller; `<none>` is how kube-state-metrics tells none."""
    kind, name = labels.get("owner_kind", ""), labels.get("owner_name", "")
    if kind in ("", "<none>") or labels.get("owner_is_controller", "true") not in ("true", ""):
        return []
    return [(kind, name)]
