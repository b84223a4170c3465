"""Manifests that the cluster's tests start from."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def deployment(name: str = "web", **spec: Any) -> Json:
    """A small valid Deployment; `spec` overrides fields of its spec."""
    labels = {"app": name}
    pod = {"containers": [{"name": "main", "image": f"registry.example/{name}:1.0"}]}
    base: Json = {
        "replicas": 2,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": labels},
        "spec": {**base, **spec},
    }


def with_resources(resources: Json, name: str = "web") -> Json:
    """A Deployment whose container has these resources."""
    made = deployment(name)
    made["spec"]["template"]["spec"]["containers"][0]["resources"] = resources
    return made


def with_annotations(annotations: dict[str, str], name: str = "web", **spec: Any) -> Json:
    """A Deployment whose pod template has these annotations."""
    made = deployment(name, **spec)
    made["spec"]["template"]["metadata"]["annotations"] = annotations
    return made
