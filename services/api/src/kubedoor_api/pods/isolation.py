"""Taking a pod out of its Services and its ReplicaSet: which labels go, and what that changes. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Literal

from kubedoor_api.kube.manifests import selects
from kubedoor_api.kube.objects.cluster import EndpointSlice, NetworkPolicy, Service
from kubedoor_api.kube.objects.meta import LabelSelector
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.objects.workloads import ReplicaSet
from kubedoor_api.kube.retry import Patch
from kubedoor_api.kube.rollout import HASH

Json = dict[str, Any]
Effect = Literal["no_longer_selected", "newly_selected"]

ISOLATED = "kubedoor.io/isolated"
ACTION = "kubedoor.io/action"
LABELS = "kubedoor.io/isolated-labels"
BY = "kubedoor.io/isolated-by"
UNTIL = "kubedoor.io/isolated-until"
ANNOTATIONS = (ACTION, LABELS, BY, UNTIL)
EXACT_UP_TO = 12
"""Labels among which the smallest set is looked for; among more, one after the other is taken."""


@dataclass(frozen=True)
class SelectedBy:
    """A Service that selects the pod, and the label by whose loss it no longer does."""

    name: str
    key: str


@dataclass(frozen=True)
class PolicyEffect:
    """A NetworkPolicy that selects the pod before and not after, or the other way round."""

    name: str
    effect: Effect


@dataclass(frozen=True)
class Isolation:
    """What isolating a pod takes off.

    :ivar labels: the labels that go, with their values.
    :ivar owner_keys: those of them by whose loss the ReplicaSet lets go; empty without one.
    :ivar owner_uid: of the ReplicaSet; empty without one.
    :ivar siblings: uids of the pods that the ReplicaSet has now: a replacement is none of them.
    """

    labels: dict[str, str]
    owner_keys: tuple[str, ...]
    owner_uid: str
    services: tuple[SelectedBy, ...]
    policies: tuple[PolicyEffect, ...]
    siblings: tuple[str, ...]

    @property
    def service_keys(self) -> tuple[str, ...]:
        """The labels that go because of Services alone."""
        return tuple(key for key in self.labels if key not in self.owner_keys)

    @property
    def leaves_early(self) -> bool:
        """Tell whether a Service lets go with the ReplicaSet already."""
        return any(one.key in self.owner_keys for one in self.services)

    def json(self) -> Json:
        """Return what `isolation_of` reads."""
        found: Json = json.loads(json.dumps(asdict(self)))
        return found


def isolation_of(stored: Json) -> Isolation:
    """Read an isolation back."""
    return Isolation(
        labels=stored["labels"],
        owner_keys=tuple(stored["owner_keys"]),
        owner_uid=stored["owner_uid"],
        services=tuple(SelectedBy(**one) for one in stored["services"]),
        policies=tuple(PolicyEffect(**one) for one in stored["policies"]),
        siblings=tuple(stored["siblings"]),
    )


def smallest(sets: Sequence[Collection[str]], avoided: Collection[str]) -> tuple[str, ...]:
    """Return the fewest keys of which each set has one, with as few of the avoided among them as can be."""
    keys = sorted(set().union(*sets))
    if len(keys) > EXACT_UP_TO:
        # Too many to try all: one after the other, each time that which most of the left sets have.
        left, chosen = [set(one) for one in sets], list[str]()
        while left:
            some = sorted(set().union(*left))
            best = max(some, key=lambda key: (sum(key in one for one in left), key not in avoided))
            chosen.append(best)
            left = [one for one in left if best not in one]
        return tuple(chosen)
    for size in range(len(keys) + 1):
        found = [some for some in combinations(keys, size) if all(set(some) & set(one) for one in sets)]
        if found:
            return min(found, key=lambda some: (len(set(some) & set(avoided)), some))
    return ()


def keys_of(selector: LabelSelector | None) -> set[str]:
    """Return the labels that a LabelSelector looks at."""
    selector = selector or {}
    named = {str(one["key"]) for one in selector.get("matchExpressions") or []}
    return named | set(selector.get("matchLabels") or {})


def _selector_of(service: Service) -> dict[str, str]:
    return (service.get("spec") or {}).get("selector") or {}


def isolate(
    pod: Pod,
    replica_set: ReplicaSet | None,
    siblings: Iterable[Pod],
    services: Iterable[Service],
    policies: Iterable[NetworkPolicy],
) -> Isolation:
    """Choose the labels to take off: the fewest that break every selector.

    A label that a NetworkPolicy selects by is avoided where another one does it as well.
    """
    labels: dict[str, str] = pod["metadata"].get("labels") or {}
    selecting = [
        one for one in services if (chosen := _selector_of(one)) and chosen.items() <= labels.items()
    ]
    policies = list(policies)
    watched = set().union(*(keys_of((one.get("spec") or {}).get("podSelector")) for one in policies))
    own = (replica_set["spec"]["selector"].get("matchLabels") or {}) if replica_set else {}
    owner = (HASH,) if HASH in own else smallest([own], watched) if own else ()
    sets = [set(_selector_of(one)) for one in selecting]
    taken = (*owner, *smallest([one for one in sets if not one & set(owner)], watched))
    after = {key: value for key, value in labels.items() if key not in taken} | {ISOLATED: "true"}
    return Isolation(
        labels={key: labels[key] for key in taken},
        owner_keys=owner,
        owner_uid=replica_set["metadata"]["uid"] if replica_set else "",
        services=tuple(
            SelectedBy(one["metadata"]["name"], next(key for key in taken if key in _selector_of(one)))
            for one in selecting
        ),
        policies=tuple(_effects(policies, labels, after)),
        siblings=tuple(str(one["metadata"]["uid"]) for one in siblings),
    )


def _effects(
    policies: Iterable[NetworkPolicy], before: dict[str, str], after: dict[str, str]
) -> list[PolicyEffect]:
    found = []
    for one in policies:
        selector = (one.get("spec") or {}).get("podSelector") or {}
        was, becomes = selects(selector, before), selects(selector, after)
        if was != becomes:
            effect: Effect = "newly_selected" if becomes else "no_longer_selected"
            found.append(PolicyEffect(one["metadata"]["name"], effect))
    return found


def _pointer(kind: str, key: str) -> str:
    escaped = key.replace("~", "~0").replace("/", "~1")
    return f"/metadata/{kind}/{escaped}"


def tests(pod: Pod) -> list[Patch]:
    """Return the tests by which a patch fails where the pod is another one, or has changed."""
    metadata = pod["metadata"]
    return [
        {"op": "test", "path": "/metadata/uid", "value": metadata["uid"]},
        {"op": "test", "path": "/metadata/resourceVersion", "value": metadata["resourceVersion"]},
    ]


def is_isolated(pod: Pod) -> bool:
    """Tell whether a pod has been taken out of its Services by hand, and not been put back."""
    return ((pod.get("metadata") or {}).get("labels") or {}).get(ISOLATED) == "true"


def removal(pod: Pod, keys: Iterable[str], annotations: dict[str, str]) -> list[Patch]:
    """Return the patch that takes labels off and marks the pod; empty where that is done already."""
    metadata = pod["metadata"]
    labels, noted = metadata.get("labels") or {}, metadata.get("annotations")
    steps: list[Patch] = [{"op": "remove", "path": _pointer("labels", key)} for key in keys if key in labels]
    if labels.get(ISOLATED) != "true":
        steps += [] if metadata.get("labels") else [{"op": "add", "path": "/metadata/labels", "value": {}}]
        steps.append({"op": "add", "path": _pointer("labels", ISOLATED), "value": "true"})
    wanted = {key: value for key, value in annotations.items() if (noted or {}).get(key) != value}
    if wanted and noted is None:
        steps.append({"op": "add", "path": "/metadata/annotations", "value": {}})
    steps += [{"op": "add", "path": _pointer("annotations", key), "value": wanted[key]} for key in wanted]
    return [*tests(pod), *steps] if steps else []


def restoral(pod: Pod, labels: dict[str, str]) -> list[Patch]:
    """Return the patch that puts labels back and the marks off; empty where that is done already."""
    metadata = pod["metadata"]
    standing, noted = metadata.get("labels") or {}, metadata.get("annotations") or {}
    steps: list[Patch] = [
        {"op": "add", "path": _pointer("labels", key), "value": value}
        for key, value in labels.items()
        if standing.get(key) != value
    ]
    if ISOLATED in standing:
        steps.append({"op": "remove", "path": _pointer("labels", ISOLATED)})
    steps += [{"op": "remove", "path": _pointer("annotations", key)} for key in ANNOTATIONS if key in noted]
    return [*tests(pod), *steps] if steps else []


def held(slices: Iterable[EndpointSlice], uid: str) -> bool:
    """Tell whether an EndpointSlice still holds a pod."""
    endpoints = (endpoint for one in slices for endpoint in one.get("endpoints") or [])
    return any((endpoint.get("targetRef") or {}).get("uid") == uid for endpoint in endpoints)
