"""Reads pods as far as placing goes by them. Pure."""

from __future__ import annotations

from collections import Counter

from kubedoor_api.kube.manifests import owner_of, replica_set_of
from kubedoor_api.kube.objects.pods import Container, PodSpec
from kubedoor_api.kube.objects.pods import Pod as PodObject
from kubedoor_api.workloads.room import FINISHED, asked_by
from kubedoor_core.domain import quantity
from kubedoor_core.domain.placement.model import CPU, MEMORY, SLOTS, Pin, Pod
from kubedoor_core.domain.placement.reading import read_rules
from kubedoor_core.domain.placement.selecting import NodeTerm

MIRROR = "kubernetes.io/config.mirror"
HASH = "pod-template-hash"
Key = tuple[str, str]


def needs_of(spec: PodSpec) -> dict[str, int]:
    """Return what a pod asks of its node: millicores, MiB, its own slot, and whatever else it asks for."""
    asked = asked_by(spec)
    # Besides cpu and memory: such as GPUs or ephemeral storage.
    running: Counter[str] = Counter()
    for container in spec.get("containers") or ():
        running.update(_asked(container))
    for container in spec.get("initContainers") or ():
        running |= Counter(_asked(container))
    return {CPU: asked.cpu_m, MEMORY: asked.mem_mib, SLOTS: 1, **dict(running)}


def _asked(container: Container) -> dict[str, int]:
    requests = (container.get("resources") or {}).get("requests") or {}
    return {
        name: -(-quantity.parse(str(value)) // quantity.NANO)
        for name, value in requests.items()
        if name not in (CPU, MEMORY)
    }


def is_there(pod: PodObject) -> bool:
    """Tell whether a pod holds something of a node."""
    return (pod.get("status") or {}).get("phase") not in FINISHED


def claims(pod: PodObject) -> bool:
    """Tell whether a pod has a volume of its own that may be in one place only."""
    volumes = (pod.get("spec") or {}).get("volumes") or ()
    return any("persistentVolumeClaim" in one or "ephemeral" in one for one in volumes)


def claims_of(pod: PodObject, name: str) -> list[str]:
    """Return the claims of a pod's volumes; that of an ephemeral one is named after both."""
    found = list[str]()
    for volume in (pod.get("spec") or {}).get("volumes") or ():
        if "persistentVolumeClaim" in volume:
            found.append(str(volume["persistentVolumeClaim"].get("claimName") or ""))
        elif "ephemeral" in volume:
            found.append(f"{name}-{volume.get('name')}")
    return found


def pin_of(pod: PodObject) -> Pin:
    """Return why a pod stays on its node; empty where something would remake it elsewhere."""
    metadata = pod.get("metadata") or {}
    if MIRROR in (metadata.get("annotations") or {}):
        return "static"
    kind = owner_of(pod).partition(" ")[0]
    if kind == "DaemonSet":
        return "daemon"
    return "" if kind else "no_owner"


def deployment_of(pod: PodObject) -> Key | None:
    """Return namespace and name of the Deployment that a pod is of, as its ReplicaSet's name tells."""
    metadata = pod.get("metadata") or {}
    hash_, replica_set = (metadata.get("labels") or {}).get(HASH), replica_set_of(pod)
    if not hash_ or not replica_set.endswith(f"-{hash_}"):
        return None
    return str(metadata.get("namespace") or ""), replica_set.removesuffix(f"-{hash_}")


def read_pod(pod: PodObject, volume_terms: tuple[tuple[NodeTerm, ...], ...] = ()) -> Pod:
    """Read a pod with what it asks for as it is.

    :param volume_terms: where each of its volumes can be mounted, where that is known.
    """
    metadata, spec = pod.get("metadata") or {}, pod.get("spec") or {}
    namespace, labels = str(metadata.get("namespace") or ""), metadata.get("labels") or {}
    deployment = deployment_of(pod)
    return Pod(
        namespace=namespace,
        name=str(metadata.get("name") or ""),
        needs=needs_of(spec),
        labels=labels,
        rules=read_rules(spec, namespace, labels, volume_terms),
        node=str(spec.get("nodeName") or ""),
        pin=pin_of(pod),
        service=deployment[1] if deployment else owner_of(pod).partition(" ")[2],
    )
