"""What the chart's service accounts may do, as the API server's own authorizer says."""

from __future__ import annotations

import pytest

from e2e.support.installation import Installation

ALLOWED = [
    ("list", "deployments.apps", ""), ("patch", "deployments.apps", ""),
    ("patch", "deployments.apps/scale", ""),
    ("list", "pods", ""), ("list", "nodes", ""), ("list", "events", ""), ("list", "replicasets.apps", ""),
    ("list", "namespaces", ""),
    ("patch", "horizontalpodautoscalers.autoscaling", ""),
    ("watch", "horizontalpodautoscalers.autoscaling", ""),
    ("watch", "limitranges", ""), ("watch", "resourcequotas", ""),
    ("delete", "mutatingwebhookconfigurations.admissionregistration.k8s.io/kubedoor", ""),
    ("update", "leases.coordination.k8s.io/kubedoor-api", "kubedoor"),
    # Of the groups of actions on pods, which this installation turns on:
    ("delete", "pods", ""), ("patch", "pods", ""), ("list", "services", ""), ("create", "pods/exec", ""),
    # What drains go by, which are on as well:
    ("patch", "nodes", ""), ("create", "pods/eviction", ""), ("list", "persistentvolumeclaims", ""),
    ("list", "persistentvolumes", ""),
    # What findings and kept events go by, likewise:
    ("watch", "pods", ""), ("watch", "nodes", ""), ("watch", "replicasets.apps", ""), ("watch", "events", ""),
]  # fmt: skip
SUBRESOURCES = ("scale", "exec", "eviction", "proxy", "ephemeralcontainers")
"""Asked for by a flag; the others are part of a resource's name."""
REFUSED = [
    ("delete", "deployments.apps", ""), ("create", "deployments.apps", ""), ("get", "secrets", "kubedoor"),
    ("create", "pods", ""), ("update", "pods", ""), ("patch", "pods/ephemeralcontainers", ""),
    ("delete", "nodes", ""), ("create", "nodes/proxy", ""), ("patch", "namespaces", ""),
    ("update", "mutatingwebhookconfigurations.admissionregistration.k8s.io/others", ""),
    ("update", "validatingwebhookconfigurations.admissionregistration.k8s.io/kubedoor", ""),
    ("update", "leases.coordination.k8s.io/others", "kubedoor"),
    ("update", "leases.coordination.k8s.io/kubedoor-api", "default"),
    ("impersonate", "users", ""), ("bind", "clusterroles.rbac.authorization.k8s.io", ""),
]  # fmt: skip


def may(installation: Installation, account: str, verb: str, resource: str, namespace: str) -> bool:
    """Ask whether an account may do something, in a namespace or anywhere."""
    name, _, subresource = resource.partition("/")
    where = ["--namespace", namespace] if namespace else ["--all-namespaces"]
    asked = name if subresource in SUBRESOURCES else resource
    extra = [f"--subresource={subresource}"] if subresource in SUBRESOURCES else []
    identity = f"--as=system:serviceaccount:kubedoor:kubedoor-{account}"
    said = installation.plane.kubectl("auth", "can-i", verb, asked, *extra, *where, identity)
    answer = said.stdout.strip().splitlines()[-1]
    assert answer.startswith(("yes", "no")), said.stderr
    return answer.startswith("yes")


@pytest.mark.parametrize(("verb", "resource", "namespace"), ALLOWED)
def test_the_api_may_do_what_it_needs(
    installation: Installation, verb: str, resource: str, namespace: str
) -> None:
    assert may(installation, "api", verb, resource, namespace)


@pytest.mark.parametrize(("verb", "resource", "namespace"), REFUSED)
def test_the_api_may_do_nothing_else(
    installation: Installation, verb: str, resource: str, namespace: str
) -> None:
    assert not may(installation, "api", verb, resource, namespace)


@pytest.mark.parametrize("account", ["webhook", "collector", "console"])
def test_the_others_may_do_nothing(installation: Installation, account: str) -> None:
    for verb, resource, namespace in (*ALLOWED, *REFUSED):
        assert not may(installation, account, verb, resource, namespace), (verb, resource)
