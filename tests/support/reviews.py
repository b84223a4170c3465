"""AdmissionReviews as the API server sends them."""

from __future__ import annotations

import copy
import uuid
from typing import Any

Json = dict[str, Any]


def container(name: str, resources: Json | None = None, **more: object) -> Json:
    """A container as the API server fills it in."""
    made = {"name": name, "image": f"registry.local/{name}:1.0", "imagePullPolicy": "IfNotPresent", **more}
    return made if resources is None else {**made, "resources": resources}


def deployment(
    *containers: Json,
    replicas: int | None = 10,
    namespace: str = "shop",
    name: str = "checkout",
    **pod: object,
) -> Json:
    """A Deployment; without containers it has one, `app`, that asks for absurd resources."""
    absurd = {"requests": {"cpu": "8", "memory": "16Gi"}, "limits": {"cpu": "16", "memory": "32Gi"}}
    spec: Json = {
        "selector": {"matchLabels": {"app": name}},
        "template": {
            "metadata": {"creationTimestamp": None, "labels": {"app": name}},
            "spec": {
                "containers": list(containers) or [container("app", absurd)],
                "restartPolicy": "Always",
                **pod,
            },
        },
        "strategy": {"type": "RollingUpdate"},
    }
    if replicas is not None:
        spec["replicas"] = replicas
    metadata = {"name": name, "namespace": namespace, "labels": {"app": name}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec, "status": {}}


def scale(replicas: int | None, namespace: str = "shop", name: str = "checkout") -> Json:
    """A Scale; no count is `"spec": {}`, which means 0."""
    spec = {} if replicas is None else {"replicas": replicas}
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": metadata, "spec": spec, "status": {}}


def review(
    obj: Json | None,
    old: Json | None = None,
    *,
    operation: str | None = None,
    subresource: str = "",
    dry_run: bool = False,
    group: str = "apps",
    resource: str = "deployments",
) -> Json:
    """An AdmissionReview around an object: CREATE without an old one, else UPDATE."""
    metadata = (obj or old or {}).get("metadata", {})
    request: Json = {
        "uid": str(uuid.uuid4()),
        "kind": {"group": group, "version": "v1", "kind": "Deployment"},
        "resource": {"group": group, "version": "v1", "resource": resource},
        "requestKind": {"group": group, "version": "v1", "kind": "Deployment"},
        "requestResource": {"group": group, "version": "v1", "resource": resource},
        "name": metadata.get("name", ""),
        "namespace": metadata.get("namespace", ""),
        "operation": operation or ("UPDATE" if old is not None else "CREATE"),
        "userInfo": {"username": "ci@example.com", "groups": ["system:authenticated"]},
        "object": obj,
        "oldObject": old,
        "dryRun": dry_run,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
    }
    if subresource:
        request |= {"subResource": subresource, "requestSubResource": subresource}
        request["kind"] = {"group": "autoscaling", "version": "v1", "kind": "Scale"}
    return {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request}


def changed(obj: Json, **spec: object) -> Json:
    """A copy with other values in its `spec`."""
    other = copy.deepcopy(obj)
    other["spec"] |= spec
    return other


def restarted(obj: Json) -> Json:
    """A copy as `kubectl rollout restart` makes it."""
    other = copy.deepcopy(obj)
    annotations = {"kubectl.kubernetes.io/restartedAt": "2026-11-22T10:00:00Z"}
    other["spec"]["template"]["metadata"]["annotations"] = annotations
    return other
