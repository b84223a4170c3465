"""The Deployment of a service as its team had written it: with the requests and limits it guessed."""

from __future__ import annotations

from typing import Any

from kubedoor_dev.metrics.model import Container, Service


def deployment_manifest(service: Service) -> dict[str, Any]:
    """Return an `apps/v1` Deployment."""
    labels = {"app.kubernetes.io/name": service.name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": service.name,
            "namespace": service.namespace,
            "labels": {**labels, "team": f"{service.namespace}-team"},
        },
        "spec": {
            "replicas": service.replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": _pod_spec(service),
            },
        },
    }


def _pod_spec(service: Service) -> dict[str, Any]:
    usual = [_container(service, one) for one in service.containers if not one.native_sidecar]
    sidecars = [
        {**_container(service, one), "restartPolicy": "Always"}
        for one in service.containers
        if one.native_sidecar
    ]
    return {"containers": usual, **({"initContainers": sidecars} if sidecars else {})}


def _container(service: Service, container: Container) -> dict[str, Any]:
    requests = _quantities(container.request_cpu_m, container.request_mem_mib)
    limits = _quantities(container.limit_cpu_m, container.limit_mem_mib)
    resources = {key: value for key, value in (("requests", requests), ("limits", limits)) if value}
    return {
        "name": container.name,
        "image": f"registry.example/{service.namespace}/{container.name}:1.4.2",
        "resources": resources,
    }


def _quantities(cpu_m: int | None, mem_mib: int | None) -> dict[str, str]:
    values = (("cpu", cpu_m, "m"), ("memory", mem_mib, "Mi"))
    return {name: f"{value}{unit}" if value else "0" for name, value, unit in values if value is not None}
