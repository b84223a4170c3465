"""Which webhooks a write is sent to: rules, namespace selector, object selector.

Every group is served in one version here, so `matchPolicy: Equivalent` finds what `Exact` finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import selectors
from kubedoor_dev.cluster.attributes import Attributes, labels_of
from kubedoor_dev.cluster.resources import NAMESPACES, WEBHOOKS

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
EXEMPT_GROUP = WEBHOOKS.group


def selects(webhook: Json, attributes: Attributes, namespace_labels: Mapping[str, str]) -> bool:
    """Tell whether a write goes to a webhook.

    :param namespace_labels: of the namespace that the object is in.
    """
    return (
        attributes.resource.group != EXEMPT_GROUP
        and any(_rule(rule, attributes) for rule in webhook.get("rules", []))
        and _namespace(webhook, attributes, namespace_labels)
        and _object(webhook, attributes)
    )


def _rule(rule: Json, attributes: Attributes) -> bool:
    resource = attributes.resource
    return (
        _among(rule["operations"], attributes.operation)
        and _among(rule["apiGroups"], resource.group)
        and _among(rule["apiVersions"], resource.version)
        and any(_resource(pattern, attributes) for pattern in rule["resources"])
        and _scope(rule.get("scope", "*"), attributes)
    )


def _among(values: list[str], value: str) -> bool:
    return "*" in values or value in values


def _resource(pattern: str, attributes: Attributes) -> bool:
    """`*` and `pods` leave subresources out; `*/scale`, `pods/*` and `*/*` ask for them."""
    plural, slash, subresource = pattern.partition("/")
    if plural not in ("*", attributes.resource.plural):
        return False
    if not slash:
        return not attributes.subresource
    return subresource in ("*", attributes.subresource)


def _scope(scope: str, attributes: Attributes) -> bool:
    """A Namespace itself is cluster-scoped."""
    return scope == "*" or (scope == "Namespaced") is attributes.resource.namespaced


def _namespace(webhook: Json, attributes: Attributes, labels: Mapping[str, str]) -> bool:
    """A Namespace is selected by its own labels; what is in no namespace always matches."""
    requirements = selectors.from_object(webhook.get("namespaceSelector"))
    if attributes.resource is NAMESPACES:
        return selectors.matches(requirements, labels_of(attributes.obj or attributes.old))
    return not attributes.resource.namespaced or selectors.matches(requirements, labels)


def _object(webhook: Json, attributes: Attributes) -> bool:
    """Either of the old and the new object is enough."""
    requirements = selectors.from_object(webhook.get("objectSelector"))
    present = [one for one in (attributes.obj, attributes.old) if one is not None]
    return any(selectors.matches(requirements, labels_of(one)) for one in present)
