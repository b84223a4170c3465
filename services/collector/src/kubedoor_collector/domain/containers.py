"""Which containers are a workload's: those of its pods' spec and their restartable init containers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kubedoor_core.metrics.owners import Workload
from kubedoor_core.metrics.samples import ContainerKey, Labels, PodKey, container_key

Restarts = Callable[[ContainerKey], bool]
"""Whether an init container of which nobody says that it is restartable was seen beside the others."""


@dataclass(frozen=True)
class Containers:
    """What kube-state-metrics tells of the containers of pods.

    :ivar told: whether it tells any, anywhere in the env; where not, all that cAdvisor has count.
    :ivar spec: containers of each pod, without its init containers.
    :ivar init: init containers; True for those that restart, None where that is not told.
    """

    told: bool
    spec: Mapping[PodKey, frozenset[str]] = field(default_factory=dict)
    init: Mapping[ContainerKey, bool | None] = field(default_factory=dict)

    def of(self, workloads: Mapping[PodKey, Workload]) -> Mapping[Workload, frozenset[str]]:
        """Return the containers of each workload, for its pods that were gone before they were told of."""
        found: dict[Workload, set[str]] = defaultdict(set)
        for pod, names in self.spec.items():
            if pod in workloads:
                found[workloads[pod]].update(names)
        return {workload: frozenset(names) for workload, names in found.items()}

    def belongs(self, key: ContainerKey, of_workload: frozenset[str], restarts: Restarts) -> bool:
        """Return whether a container is one of its workload's: no ephemeral, no ordinary init one."""
        if key in self.init:
            told = self.init[key]
            return restarts(key) if told is None else told
        spec = self.spec.get(key.of_pod)
        if spec is not None:
            return key.container in spec
        return not self.told or not of_workload or key.container in of_workload


def read_containers(info: Iterable[Labels], init_info: Iterable[Labels], *, told: bool) -> Containers:
    """Read the labels of `kube_pod_container_info` and `kube_pod_init_container_info`."""
    spec: dict[PodKey, set[str]] = defaultdict(set)
    for labels in info:
        key = container_key(labels)
        if all(key):
            spec[key.of_pod].add(key.container)
    init: dict[ContainerKey, bool | None] = {}
    for labels in init_info:
        policy = labels.get("restart_policy")
        init[container_key(labels)] = None if policy is None else policy == "Always"
    return Containers(told, {pod: frozenset(names) for pod, names in spec.items()}, init)
