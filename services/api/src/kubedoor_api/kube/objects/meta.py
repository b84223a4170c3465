"""What all objects have, and lists of them."""

from __future__ import annotations

from typing import Generic, TypedDict, TypeVar

T = TypeVar("T")


class OwnerReference(TypedDict, total=False):
    """What made an object; of several the one with `controller` looks after it."""

    apiVersion: str
    kind: str
    name: str
    uid: str
    controller: bool


class ManagedFields(TypedDict, total=False):
    """Which fields a client has set, and when it last did."""

    manager: str
    operation: str
    subresource: str
    time: str
    fieldsV1: dict[str, object]


class ObjectMeta(TypedDict, total=False):
    """What every object has; times are RFC 3339."""

    name: str
    namespace: str
    uid: str
    generation: int
    resourceVersion: str
    creationTimestamp: str
    deletionTimestamp: str
    labels: dict[str, str]
    annotations: dict[str, str]
    ownerReferences: list[OwnerReference]
    managedFields: list[ManagedFields]


class KubeObject(TypedDict, total=False):
    """Any object, of which no more is known."""

    apiVersion: str
    kind: str
    metadata: ObjectMeta


class Condition(TypedDict, total=False):
    """A condition of an object's status, which holds (`True`), does not (`False`) or is `Unknown`."""

    type: str
    status: str
    reason: str
    message: str
    lastTransitionTime: str
    lastUpdateTime: str


class Requirement(TypedDict, total=False):
    """One expression of a selector."""

    key: str
    operator: str
    values: list[str]


class LabelSelector(TypedDict, total=False):
    """Which labels select an object; an empty one selects all."""

    matchLabels: dict[str, str]
    matchExpressions: list[Requirement]


class TargetReference(TypedDict, total=False):
    """The object that another one is about."""

    apiVersion: str
    kind: str
    namespace: str
    name: str


ListMeta = TypedDict(
    "ListMeta", {"resourceVersion": str, "continue": str, "remainingItemCount": int}, total=False
)
"""The version of a list, the token of its next page, and how many objects come after this one."""


class Listing(TypedDict, Generic[T], total=False):
    """A list of objects, or a page of one."""

    metadata: ListMeta
    items: list[T]
