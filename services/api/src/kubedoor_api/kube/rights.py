"""Which of the rights that the api needs its account has in a cluster: asked, not tried."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.objects.cluster import AccessReview
from kubedoor_api.kube.retry import Request


class Right(NamedTuple):
    """A right as RBAC names it.

    :ivar resource: with its subresource, such as `deployments/scale`.
    :ivar name: of the one object; empty for any.
    :ivar in_own: only in the namespace of the Lease; elsewhere in all of them.
    """

    group: str
    resource: str
    verb: str
    name: str = ""
    in_own: bool = False

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}{f' {self.name}' if self.name else ''}"


def _rights(group: str, resources: str, verbs: str, name: str = "") -> list[Right]:
    return [Right(group, resource, verb, name) for resource in resources.split() for verb in verbs.split()]


WEBHOOKS = ("admissionregistration.k8s.io", "mutatingwebhookconfigurations")
LEASES = ("coordination.k8s.io", "leases")
OF_ALL = (
    *_rights(*WEBHOOKS, "create"),
    *_rights(*WEBHOOKS, "get update delete", "kubedoor"),
    *_rights("apps", "deployments", "get list patch"),
    *_rights("apps", "deployments/scale", "patch"),
    *_rights("autoscaling", "horizontalpodautoscalers", "list watch patch"),
    *_rights("autoscaling.k8s.io", "verticalpodautoscalers", "list"),
    *_rights("", "limitranges resourcequotas", "list watch"),
    *_rights("policy", "poddisruptionbudgets", "list"),
    *_rights("apps", "replicasets", "list"),
    *_rights("", "pods nodes namespaces events", "list"),
    *_rights("", "pods/resize", "patch"),
)
"""What the chart's ClusterRole allows, without the groups that values switch on."""


def needed(lease: str) -> tuple[Right, ...]:
    """Return every right that the api needs.

    :param lease: name of its Lease.
    """
    own = (*_rights(*LEASES, "create"), *_rights(*LEASES, "get update", lease))
    return (*OF_ALL, *(right._replace(in_own=True) for right in own))


async def missing(clusters: Clusters, env: str, namespace: str, lease: str, timeout_s: float) -> list[Right]:
    """Return the rights that the api's account lacks in a cluster; everybody may ask for their own.

    :param namespace: of the Lease.
    :raises ClusterUnavailableError: no answer in time.
    :raises ClusterRefusedError: it refused to tell.
    """

    async def has(api: client.ApiClient, right: Right) -> bool:
        resource, _, subresource = right.resource.partition("/")
        place = {"namespace": namespace} if right.in_own else {}
        asked = {"group": right.group, "resource": resource, "verb": right.verb, "name": right.name, **place}
        spec = {"resourceAttributes": {**asked, "subresource": subresource}}
        review = Request("create", "selfsubjectaccessreviews", body={"spec": spec})
        found = await review.on(api, AccessReview)
        return bool((found.get("status") or {}).get("allowed"))

    rights = needed(lease)
    async with clusters.use(env, timeout_s) as api:
        told = await asyncio.gather(*(has(api, right) for right in rights))
    return [right for right, allowed in zip(rights, told, strict=True) if not allowed]
