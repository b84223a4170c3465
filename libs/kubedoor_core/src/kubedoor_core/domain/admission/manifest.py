"""What a decision looks at of a Deployment or a Scale, however it was read; and how JSON is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from kubedoor_core.domain import quantity
from kubedoor_core.domain.admission.declared import (
    ContainerRef,
    DeclaredResources,
    Resources,
    declared,
    read_resources,
    ref_of,
)
from kubedoor_core.errors import BadValueError

Object = Mapping[str, Any]

MOST_CONTAINERS = 16
MOST_NAME_CHARS = 63
"""Kubernetes' own limit of a container's name."""


class Container(NamedTuple):
    """A container that runs with the pod: where it stands, its name, and what its manifest says."""

    ref: ContainerRef
    name: str
    declared: DeclaredResources


class Pod(NamedTuple):
    """All of a pod template that governing its resources depends on.

    :ivar duplicated: the names that several containers have.
    :ivar own: the resources of the pod as a whole.
    """

    containers: tuple[Container, ...]
    duplicated: tuple[str, ...] = ()
    own: DeclaredResources | None = None

    @property
    def is_small(self) -> bool:
        """Tell whether it may be remembered: what somebody made up can be megabytes."""
        if len(self.containers) > MOST_CONTAINERS or self.duplicated:
            return False
        return all(len(container.name) <= MOST_NAME_CHARS for container in self.containers)


class ContainerManifest(Protocol):
    """What a decision looks at of a container."""

    @property
    def name(self) -> str:
        """Its name; empty where it has none."""

    @property
    def resources(self) -> Resources | None:
        """What it requests and may use."""

    @property
    def restart_policy(self) -> object:
        """Its own restart policy, which init containers can have."""


class PodManifest(Protocol):
    """What a decision looks at of a pod's spec."""

    @property
    def containers(self) -> Sequence[ContainerManifest] | None:
        """Its containers."""

    @property
    def init_containers(self) -> Sequence[ContainerManifest] | None:
        """What runs before them, or beside them."""

    @property
    def resources(self) -> Resources | None:
        """What it requests and may use."""


def pod_of(spec: PodManifest) -> Pod:
    """Return the containers that run with the pod: the init containers only where they go on running."""
    running, init, own = spec.containers or (), spec.init_containers or (), spec.resources
    names = [one.name for one in running]
    if init:
        names += [one.name for one in init]
    duplicated = _duplicated(names)
    found = [
        Container(ref_of("containers", position), one.name, declared(shown_name(one.name), one.resources))
        for position, one in enumerate(running)
        if one.name not in duplicated
    ]
    found += [
        Container(ref_of("initContainers", position), one.name, declared(shown_name(one.name), one.resources))
        for position, one in enumerate(init)
        if one.name not in duplicated and one.restart_policy == "Always"
    ]
    return Pod(tuple(found), tuple(duplicated), None if own is None else declared("pod", own))


class _JsonContainer(NamedTuple):
    """A container of a document, whose resources are read where they are looked at."""

    name: str
    given: Mapping[str, Any]

    @property
    def resources(self) -> Resources | None:
        return read_resources(shown_name(self.name), self.given.get("resources"))

    @property
    def restart_policy(self) -> object:
        return self.given.get("restartPolicy")


class _JsonPod(NamedTuple):
    """A pod's spec of a document."""

    containers: Sequence[_JsonContainer]
    init_containers: Sequence[_JsonContainer]
    resources: Resources | None


def read_pod(pod_spec: Mapping[str, Any]) -> Pod:
    """Read the containers that run with the pod.

    :raises BadValueError: for a pod spec that is none.
    """
    running, init = _list(pod_spec, "containers"), _list(pod_spec, "initContainers")
    own = pod_spec.get("resources")
    return pod_of(_JsonPod(running, init, read_resources("pod", own) if isinstance(own, dict) else None))


def _duplicated(names: list[str]) -> Mapping[str, int]:
    """Count the names that more than one has; nearly always there is none."""
    if len(set(names)) == len(names):
        return {}
    return {name: count for name, count in Counter(names).items() if count > 1}


def shown_name(name: str) -> str:
    """Return what a container is called in messages."""
    return quantity.shown(name or "(no name)")


def _list(pod_spec: Mapping[str, Any], list_name: str) -> list[_JsonContainer]:
    """Return the containers of a list."""
    containers = pod_spec.get(list_name)
    if containers is None:
        return []
    if not isinstance(containers, list):
        raise BadValueError(f"spec.template.spec.{list_name} must be a list of containers")
    found = list[_JsonContainer]()
    for container in containers:
        if not isinstance(container, dict):
            raise BadValueError(f"spec.template.spec.{list_name} must be a list of containers")
        name = container.get("name") or ""
        if not isinstance(name, str):
            raise BadValueError(f"spec.template.spec.{list_name}[].name must be a string")
        found.append(_JsonContainer(name, container))
    return found


class Manifest(Protocol):
    """A Deployment or a Scale.

    What is no such thing raises a BadValueError where it is looked at, and only there.
    """

    @property
    def has_spec(self) -> bool:
        """Whether it has a spec at all."""

    @property
    def replicas(self) -> int | None:
        """The count that it asks for, or None."""

    @property
    def template(self) -> object:
        """The pod template, to be held against another."""

    def pod(self) -> Pod:
        """Read the pod template."""


class JsonManifest(NamedTuple):
    """A document as it came."""

    document: Object

    @property
    def has_spec(self) -> bool:
        """Tell whether it has a spec at all."""
        return self.document.get("spec") is not None

    @property
    def replicas(self) -> int | None:
        """The count that it asks for, or None."""
        count = self._spec().get("replicas")
        if count is not None and (not isinstance(count, int) or isinstance(count, bool)):
            raise BadValueError("spec.replicas must be a whole number")
        return count

    @property
    def template(self) -> object:
        """The pod template, to be held against another."""
        return self._spec().get("template")

    def pod(self) -> Pod:
        """Read the pod template."""
        template = _child(self._spec(), "template", "spec.template")
        return read_pod(_child(template, "spec", "spec.template.spec"))

    def _spec(self) -> Object:
        return _child(self.document, "spec", "spec")


def _child(holder: Object, key: str, place: str) -> Object:
    value = holder.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadValueError(f"{place} must be an object")
    return value
