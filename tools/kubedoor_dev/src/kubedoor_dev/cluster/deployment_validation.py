"""What the API server refuses of a Deployment."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import names, selectors
from kubedoor_dev.cluster.errors import (
    duplicate,
    forbidden_field,
    invalid,
    missing,
    required,
    unsupported,
)
from kubedoor_dev.cluster.quantities import Quantity, parse
from kubedoor_dev.cluster.validation import (
    IMMUTABLE,
    NOT_NEGATIVE,
    Errors,
    Json,
    label_selector,
    not_negative,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

STANDARD_RESOURCES = ("cpu", "memory", "ephemeral-storage")
POLICIES = ("Always", "Never", "IfNotPresent")
TEMPLATE = "spec.template.spec"


def deployment(obj: Json, old: Json | None) -> Errors:
    """Check an apps/v1 Deployment, defaulted; on update also what may not change."""
    spec = obj.get("spec", {})
    yield from _counts(spec)
    yield from _selector(spec)
    yield from _strategy(spec["strategy"])
    meta = spec["template"].get("metadata", {})
    yield from names.labels("spec.template.labels", meta.get("labels", {}))
    yield from _pod_spec(spec["template"].get("spec", {}))
    if old and spec.get("selector") != old["spec"].get("selector"):
        yield invalid("spec.selector", spec.get("selector"), IMMUTABLE)


def _counts(spec: Json) -> Errors:
    for field in ("replicas", "minReadySeconds", "revisionHistoryLimit"):
        yield from not_negative(f"spec.{field}", spec.get(field))
    deadline = spec["progressDeadlineSeconds"]
    yield from not_negative("spec.progressDeadlineSeconds", deadline)
    if deadline <= spec.get("minReadySeconds", 0):
        why = "must be greater than minReadySeconds"
        yield invalid("spec.progressDeadlineSeconds", deadline, why)


def _selector(spec: Json) -> Errors:
    selector = spec.get("selector")
    if selector is None:
        yield required("spec.selector")
        return
    causes = list(label_selector("spec.selector", selector))
    if causes:
        yield from causes
        return
    if not selectors.from_object(selector):
        yield invalid("spec.selector", selector, "empty selector is invalid for deployment")
    labels = spec["template"].get("metadata", {}).get("labels", {})
    if not selectors.matches(selectors.from_object(selector), labels):
        why = "`selector` does not match template `labels`"
        yield invalid("spec.template.metadata.labels", labels, why)


def _strategy(strategy: Json) -> Errors:
    kinds = ("Recreate", "RollingUpdate")
    rolling = strategy.get("rollingUpdate")
    if strategy["type"] not in kinds:
        yield unsupported("spec.strategy.type", strategy["type"], kinds)
    elif strategy["type"] == "Recreate":
        if rolling is not None:
            why = "may not be specified when strategy `type` is 'Recreate'"
            yield forbidden_field("spec.strategy.rollingUpdate", why)
    elif {str(value).rstrip("%") for value in (rolling or {}).values()} == {"0"}:
        why = "may not be 0 when `maxSurge` is 0"
        yield invalid("spec.strategy.rollingUpdate.maxUnavailable", 0, why)


def _pod_spec(spec: Json) -> Errors:
    if not spec.get("containers"):
        yield required(f"{TEMPLATE}.containers")
    if spec.get("restartPolicy") != "Always":
        yield unsupported(f"{TEMPLATE}.restartPolicy", spec.get("restartPolicy"), ["Always"])
    yield from _unique_names(f"{TEMPLATE}.volumes", spec.get("volumes", []))
    volumes = {volume.get("name") for volume in spec.get("volumes", [])}
    for kind in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(kind, [])):
            yield from _container(f"{TEMPLATE}.{kind}[{index}]", container, volumes)
    yield from _container_names(spec)
    yield from _pod_resources(spec)


def _container_names(spec: Json) -> Errors:
    """A name may be there once among init containers and containers together."""
    seen: set[str] = set()
    for kind in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(kind, [])):
            name = container.get("name", "")
            if name and name in seen:
                yield duplicate(f"{TEMPLATE}.{kind}[{index}].name", name)
            seen.add(name)


def _unique_names(at: str, items: Iterable[Json]) -> Errors:
    seen: set[str] = set()
    for index, item in enumerate(items):
        name = item.get("name", "")
        if name and name in seen:
            yield duplicate(f"{at}[{index}].name", name)
        seen.add(name)


def _container(at: str, container: Json, volumes: set[Any]) -> Errors:
    if not container.get("name"):
        yield required(f"{at}.name")
    else:
        yield from names.label(f"{at}.name", container["name"])
    if not container.get("image"):
        yield required(f"{at}.image")
    if container["imagePullPolicy"] not in POLICIES:
        yield unsupported(f"{at}.imagePullPolicy", container["imagePullPolicy"], POLICIES)
    yield from _container_lists(at, container, volumes)
    yield from _resources(f"{at}.resources", container.get("resources", {}))


def _container_lists(at: str, container: Json, volumes: set[Any]) -> Errors:
    yield from _unique_names(f"{at}.ports", container.get("ports", []))
    for index, port in enumerate(container.get("ports", [])):
        if not 1 <= port.get("containerPort", 0) <= 65535:
            why = "must be between 1 and 65535, inclusive"
            yield invalid(f"{at}.ports[{index}].containerPort", port.get("containerPort"), why)
    for index, variable in enumerate(container.get("env", [])):
        if not variable.get("name"):
            yield required(f"{at}.env[{index}].name")
    for index, mount in enumerate(container.get("volumeMounts", [])):
        if mount.get("name") not in volumes:
            yield missing(f"{at}.volumeMounts[{index}].name", mount.get("name"))


def _resources(at: str, resources: Json) -> Errors:
    limits, requests = resources.get("limits", {}), resources.get("requests", {})
    for kind, amounts in (("limits", limits), ("requests", requests)):
        for name, text in amounts.items():
            yield from _amount(f"{at}.{kind}", name, text)
    for name, text in requests.items():
        if name in limits:
            yield from _within_limit(at, name, text, limits[name])


def _amount(at: str, name: str, text: str) -> Errors:
    if "/" not in name and name not in STANDARD_RESOURCES and not name.startswith("hugepages-"):
        yield invalid(f"{at}[{name}]", name, "must be a standard resource for containers")
    amount = parse(text).value
    if amount < 0:
        yield invalid(f"{at}[{name}]", text, NOT_NEGATIVE)
    if "/" in name and amount.denominator != 1:
        yield invalid(f"{at}[{name}]", text, "must be an integer")


def _within_limit(at: str, name: str, request: str, limit: str) -> Errors:
    """A request may not exceed its limit; of what cannot be overcommitted, both are equal."""
    asked, allowed = parse(request).value, parse(limit).value
    if name not in STANDARD_RESOURCES and asked != allowed:
        yield invalid(f"{at}.requests", request, f"must be equal to {name} limit of {limit}")
    elif asked > allowed:
        why = f"must be less than or equal to {name} limit of {limit}"
        yield invalid(f"{at}.requests", request, why)


def _pod_resources(spec: Json) -> Errors:
    """Pod-level requests hold the containers' sum; no container's limit exceeds the pod's."""
    resources = spec.get("resources")
    if not resources:
        return
    at = f"{TEMPLATE}.resources"
    yield from _resources(at, resources)
    for name, text in resources.get("requests", {}).items():
        asked = _sum_of_requests(spec, name)
        if asked.value > parse(text).value:
            why = f"must be greater than or equal to aggregate container requests of {asked}"
            yield invalid(f"{at}.requests[{name}]", text, why)
    for index, container in enumerate(spec.get("containers", [])):
        limits = container.get("resources", {}).get("limits", {})
        for name in limits.keys() & resources.get("limits", {}).keys():
            allowed = resources["limits"][name]
            if parse(limits[name]).value > parse(allowed).value:
                why = f"must be less than or equal to pod limits of {allowed}"
                field = f"{TEMPLATE}.containers[{index}].resources.limits[{name}]"
                yield invalid(field, limits[name], why)


def _sum_of_requests(spec: Json, name: str) -> Quantity:
    """Add up the containers and the restartable init containers (native sidecars)."""
    sidecars = [one for one in spec.get("initContainers", []) if one.get("restartPolicy") == "Always"]
    amounts = [
        parse(container["resources"]["requests"][name])
        for container in [*spec.get("containers", []), *sidecars]
        if name in container.get("resources", {}).get("requests", {})
    ]
    notation = amounts[0].notation if amounts else "decimal"
    return Quantity(sum((one.value for one in amounts), Fraction(0)), notation)
