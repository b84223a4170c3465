"""What the store answered for one window, and what it says about which services ran, and how steadily."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kubedoor_collector.domain.owners import Owners, OwnerSource
from kubedoor_collector.domain.samples import Resource, SetKey, Steps
from kubedoor_core.domain.peak import Window


@dataclass(frozen=True)
class Measured:
    """Everything the store answered for one window, indexed. A metric that is missing is an empty mapping."""

    cpu_mean: Mapping[SetKey, float] = field(default_factory=dict)
    mem_mean: Mapping[SetKey, float] = field(default_factory=dict)
    cpu_samples: Mapping[SetKey, float] = field(default_factory=dict)
    mem_samples: Mapping[SetKey, float] = field(default_factory=dict)
    present_least: Mapping[SetKey, float] = field(default_factory=dict)
    present_most: Mapping[SetKey, float] = field(default_factory=dict)
    present_pods: Mapping[SetKey, float] = field(default_factory=dict)
    doubles: Mapping[SetKey, float] = field(default_factory=dict)
    cpu_sum: Mapping[SetKey, Steps] = field(default_factory=dict)
    cpu_count: Mapping[SetKey, Steps] = field(default_factory=dict)
    mem_sum: Mapping[SetKey, Steps] = field(default_factory=dict)
    mem_count: Mapping[SetKey, Steps] = field(default_factory=dict)
    pods: Mapping[SetKey, Steps] = field(default_factory=dict)
    cpu_hot: Mapping[SetKey, float] = field(default_factory=dict)
    mem_hot: Mapping[SetKey, float] = field(default_factory=dict)
    mem_max: Mapping[SetKey, float] = field(default_factory=dict)
    requests: Mapping[Resource, float] = field(default_factory=dict)
    limits: Mapping[Resource, float] = field(default_factory=dict)
    quota: Mapping[SetKey, float] = field(default_factory=dict)
    periods: Mapping[SetKey, float] = field(default_factory=dict)
    throttled: Mapping[SetKey, float] = field(default_factory=dict)
    restarts: Mapping[SetKey, float] = field(default_factory=dict)
    oom: Mapping[SetKey, float] = field(default_factory=dict)
    owners: Owners = field(default_factory=Owners)

    @cached_property
    def full_presence(self) -> float:
        """Return how often a pod that ran all the time was seen, whatever the scrape interval."""
        return max(self.present_most.values(), default=0.0)

    @cached_property
    def full_samples(self) -> float:
        """Return how many samples the container with the most has of each of its pods."""
        pods = self.present_pods
        return max((count / pods[key] for key, count in self.mem_samples.items() if key in pods), default=0.0)


@dataclass(frozen=True)
class Service:
    """The ReplicaSets of one Deployment that ran in the window, and their containers."""

    namespace: str
    deployment: str
    sets: tuple[str, ...]
    containers: tuple[str, ...]

    def keys(self, container: str) -> list[SetKey]:
        """Return a container's key in each ReplicaSet."""
        return [SetKey(self.namespace, rs, container) for rs in self.sets]


def steps_of(window: Window, step_s: int) -> range:
    """Return the seconds at which a window is looked at: each is the end of a scrape interval in it."""
    return range(int(window.start.timestamp()) + step_s, int(window.end.timestamp()) + 1, step_s)


def services_of(measured: Measured) -> list[Service]:
    """Return every service with samples in the window, by name."""
    sets: dict[tuple[str, str], set[str]] = defaultdict(set)
    containers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key in {**measured.present_pods, **measured.mem_samples, **measured.cpu_samples}:
        deployment = measured.owners.deployment_of(key.namespace, key.rs)
        if deployment is not None:
            sets[key.namespace, deployment].add(key.rs)
            containers[key.namespace, deployment].add(key.container)
    return [Service(*key, tuple(sorted(sets[key])), tuple(sorted(containers[key]))) for key in sorted(sets)]


def is_steady(measured: Measured, service: Service, steps: range) -> bool:
    """Return whether one ReplicaSet ran, with the same pods all the time, none of them in two series."""
    if len(service.sets) > 1:
        return False
    for key in (key for container in service.containers for key in service.keys(container)):
        least, most = measured.present_least.get(key, 0.0), measured.present_most.get(key, 0.0)
        full = max(measured.full_presence, len(steps))
        if least < full - 1 or most - least > 1 or key in measured.doubles:
            return False
    return True


def unsteady_sets(measured: Measured, steps: range) -> set[str]:
    """Return the ReplicaSets of the services for whose figures the survey does not suffice."""
    unsteady = (service for service in services_of(measured) if not is_steady(measured, service, steps))
    return {rs for service in unsteady for rs in service.sets}


def set_count(measured: Measured) -> int:
    """Return how many ReplicaSets ran."""
    return sum(len(service.sets) for service in services_of(measured))


def without_owner(measured: Measured) -> set[str]:
    """Return `namespace/deployment` of services whose owner only the names tell, though others' are told."""
    if not measured.owners.told:
        return set()
    return {
        f"{service.namespace}/{service.deployment}"
        for service in services_of(measured)
        if owner_source(measured, service) == "name"
    }


def owner_source(measured: Measured, service: Service) -> OwnerSource:
    """Return `metrics` where kube-state-metrics told all of a service's ReplicaSets."""
    sources = {measured.owners.source_of(service.namespace, rs) for rs in service.sets}
    return "name" if "name" in sources else "metrics"
