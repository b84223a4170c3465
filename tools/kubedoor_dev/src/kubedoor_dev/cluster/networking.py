"""What follows the pods of a namespace: EndpointSlices of its Services, and what its budgets allow."""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import pod_status
from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.resources import BUDGETS, PODS, SERVICES, SLICES
from kubedoor_dev.cluster.selectors import from_object, matches
from kubedoor_dev.cluster.store import Key, StaleError, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

SERVICE_NAME = "kubernetes.io/service-name"
CAUSE = "DisruptionBudget"


def _selected(store: Store, namespace: str, selector: Json) -> list[Json]:
    requirements = from_object(selector)
    pods = store.all_of(PODS.id, namespace)
    return [pod for pod in pods if matches(requirements, pod["metadata"].get("labels"))]


def sync(store: Store, namespace: str) -> None:
    """Bring the slices and the budgets' status of a namespace up to date."""
    for service in list(store.all_of(SERVICES.id, namespace)):
        selector = service["spec"].get("selector")
        if selector:
            pods = _selected(store, namespace, {"matchLabels": selector})
            _write_slice(store, service, list(filter(pod_status.is_ready, pods)))
    for budget in list(store.all_of(BUDGETS.id, namespace)):
        key = Key(BUDGETS.id, namespace, budget["metadata"]["name"])
        with contextlib.suppress(StaleError):
            status = {"status": budget_status(store, budget)}
            store.update(key, {**budget, **status}, budget["metadata"]["resourceVersion"])


def _write_slice(store: Store, service: Json, pods: list[Json]) -> None:
    namespace, name = service["metadata"]["namespace"], service["metadata"]["name"]
    key = Key(SLICES.id, namespace, f"{name}-slice")
    content = {
        "addressType": "IPv4",
        "endpoints": [_endpoint(pod) for pod in pods],
        "ports": [{"port": 8080, "protocol": "TCP"}],
    }
    standing = store.get(key)
    if standing is not None:
        store.update(key, {**standing, **content}, standing["metadata"]["resourceVersion"])
        return
    labels = {SERVICE_NAME: name}
    metadata = {"name": key.name, "namespace": namespace, "labels": labels}
    store.create(
        key, {"kind": SLICES.kind, "apiVersion": SLICES.api_version, "metadata": metadata, **content}
    )


def _endpoint(pod: Json) -> Json:
    metadata = pod["metadata"]
    reference = {
        "kind": "Pod", "namespace": metadata["namespace"], "name": metadata["name"], "uid": metadata["uid"],
    }  # fmt: skip
    address = pod.get("status", {}).get("podIP", "10.0.0.1")
    return {"addresses": [address], "conditions": {"ready": True}, "targetRef": reference}


def budget_status(store: Store, budget: Json) -> Json:
    """Return what a PodDisruptionBudget allows now."""
    spec = budget["spec"]
    pods = _selected(store, budget["metadata"]["namespace"], spec.get("selector") or {})
    expected, healthy = len(pods), sum(map(pod_status.is_ready, pods))
    if "maxUnavailable" in spec:
        desired = max(0, expected - _amount(spec["maxUnavailable"], expected))
    else:
        desired = _amount(spec.get("minAvailable", 1), expected)
    return {
        "expectedPods": expected,
        "currentHealthy": healthy,
        "desiredHealthy": desired,
        "disruptionsAllowed": max(0, healthy - desired),
    }


def _amount(value: int | str, of: int) -> int:
    return math.ceil(int(value.rstrip("%")) * of / 100) if isinstance(value, str) else value


def budgets_of(store: Store, pod: Json) -> Iterator[Json]:
    """Return the budgets that hold a pod."""
    for budget in store.all_of(BUDGETS.id, pod["metadata"]["namespace"]):
        if matches(from_object(budget["spec"].get("selector")), pod["metadata"].get("labels")):
            yield budget


def check_eviction(store: Store, pod: Json) -> None:
    """Refuse an eviction that a budget does not allow.

    :raises ApiError: 429.
    """
    for budget in budgets_of(store, pod):
        status, name = budget_status(store, budget), budget["metadata"]["name"]
        if pod_status.is_ready(pod) and not status["disruptionsAllowed"]:
            needs = f"The disruption budget {name} needs {status['desiredHealthy']} healthy pods"
            cause = {"reason": CAUSE, "message": f"{needs} and has {status['currentHealthy']} currently"}
            message = "Cannot evict pod as it would violate the pod's disruption budget."
            raise ApiError(429, message, reason="TooManyRequests", details={"causes": [cause]})
