"""Which service something is of that a counter tells of: by its pod, else by its workload's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kubedoor_collector.domain.figures import DayRow
from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_core.domain.workload import DEPLOYMENT, ServiceKey, workload_kind
from kubedoor_core.metrics.owners import Workload
from kubedoor_core.metrics.samples import PodKey


@dataclass(frozen=True)
class Services:
    """The services of a window.

    :ivar of_pod: of each pod; None of one that is known, and no service's.
    :ivar by_name: by namespace and name, a Deployment's before others'.
    :ivar containers: of each service, the one with most memory first.
    """

    of_pod: Mapping[PodKey, ServiceKey | None]
    by_name: Mapping[tuple[str, str], ServiceKey | None]
    containers: Mapping[ServiceKey, tuple[str, ...]]

    def find(self, namespace: str, workload: str, pod: str) -> ServiceKey | None:
        """Return the service of a pod, or of a workload; either may be empty."""
        return self.of_pod.get(PodKey(namespace, pod)) or self.by_name.get((namespace, workload))

    def knows(self, namespace: str, workload: str, pod: str) -> bool:
        """Return whether the store tells more of it, be it a service's or not."""
        return PodKey(namespace, pod) in self.of_pod or (namespace, workload) in self.by_name


def services_of(
    rows: Iterable[DayRow], workloads: Mapping[PodKey, Workload], left_out: Iterable[LeftOut]
) -> Services:
    """Return what a window's measuring found.

    :param workloads: what each pod is of; ``left_out`` names pods that are nobody's.
    """
    of_pod: dict[PodKey, ServiceKey | None] = {PodKey(one.namespace, one.name): None for one in left_out}
    by_name: dict[tuple[str, str], ServiceKey | None] = {}
    for pod, workload in workloads.items():
        kind = workload_kind(workload.kind)
        of_pod[pod] = (workload.namespace, kind, workload.name) if kind else None
        by_name[workload.namespace, workload.name] = None
    containers: dict[ServiceKey, list[tuple[float, str]]] = {}
    for row in sorted(rows, key=lambda row: (row.kind == DEPLOYMENT, row.kind)):  # the last one has the name
        key = (row.namespace, row.kind, row.name)
        by_name[row.namespace, row.name] = key
        containers.setdefault(key, []).append((-(row.p95_mem_mib or 0), row.container))
    largest_first = {key: tuple(name for _, name in sorted(some)) for key, some in containers.items()}
    return Services(of_pod, by_name, largest_first)
