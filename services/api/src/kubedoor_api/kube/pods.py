"""What actions on single pods ask of a cluster; each is bound to the pod's uid, not to its name alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import Clusters, ClusterUnavailableError
from kubedoor_api.kube.objects.cluster import EndpointSlice, NetworkPolicy, Service
from kubedoor_api.kube.objects.meta import KubeObject
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.retry import (
    JSON_PATCH,
    MISSING,
    TOO_MANY,
    AskingError,
    Options,
    Patch,
    Request,
    patch_of,
)
from kubedoor_core.errors import KubeDoorError

CONNECT_S = 10.0
SERVICE_NAME = "kubernetes.io/service-name"
BUDGET = "DisruptionBudget"
"""Cause of an eviction that is refused, as the API server names it."""


@dataclass(frozen=True)
class LogOptions:
    """Which part of a log.

    :ivar previous: that of the container before its last restart.
    :ivar tail: only so many of the last lines; None: all.
    :ivar since_s: only what is not older than so many seconds; None: whatever there is.
    :ivar follow: go on with what is written from now on.
    """

    container: str = ""
    previous: bool = False
    tail: int | None = None
    since_s: int | None = None
    follow: bool = False

    def parameters(self) -> Options:
        """Return the parameters of the request that are set."""
        given: dict[str, str | int | None] = {
            "container": self.container,
            "previous": self.previous,
            "tailLines": self.tail,
            "sinceSeconds": self.since_s,
            "follow": self.follow,
        }
        return {"timestamps": True, **{name: value for name, value in given.items() if value}}


async def read_log(
    clusters: Clusters, env: str, namespace: str, pod: str, options: LogOptions
) -> aiohttp.ClientResponse:
    """Open a container's log, each line with its time before it; the caller closes it.

    Kubelets answer with the first line: where a log is followed in which nothing is written, that can be
    long after, so that only connecting is bounded.

    :raises ClusterRefusedError: 404 without the pod, 400 without the container or a log of it.
    :raises ClusterUnavailableError: it does not answer.
    """
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
    async with clusters.use(env, timeout_s=None) as api:
        request = Request("get", "pods/log", namespace, pod, options.parameters())
        return await request.open(api, timeout)


async def next_chunk(env: str, response: aiohttp.ClientResponse) -> bytes:
    """Return what comes next of an open log; nothing at its end.

    :raises ClusterUnavailableError: the connection broke.
    """
    try:
        return await response.content.readany()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        text = str(error) or type(error).__name__
        raise ClusterUnavailableError(f"the log of the cluster {env} broke off: {text}") from error


class BudgetRefusesError(KubeDoorError):
    """A PodDisruptionBudget allows no pod to go."""


async def read(clusters: Clusters, env: str, namespace: str, pod: str) -> Pod:
    """Return a pod.

    :raises AskingError: 404 where there is none.
    """
    return await Request("get", "pods", namespace, pod).ask(clusters, env, Pod)


async def find(clusters: Clusters, env: str, namespace: str, pod: str, uid: str) -> Pod | None:
    """Return a pod, or None where it is gone, also where there is another one of its name."""
    try:
        found = await read(clusters, env, namespace, pod)
    except AskingError as error:
        if error.status == MISSING:
            return None
        raise
    return found if found["metadata"]["uid"] == uid else None


def _deletion(uid: str, grace_period_s: int | None) -> Patch:
    grace = {} if grace_period_s is None else {"gracePeriodSeconds": grace_period_s}
    return {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}, **grace}


async def delete(
    clusters: Clusters, env: str, namespace: str, pod: str, uid: str, grace_period_s: int | None
) -> None:
    """Delete a pod.

    :param grace_period_s: None: as the pod says; 0: take it out without asking its node.
    :raises AskingError: 404 where it is gone; 409 where there is another one of its name.
    """
    request = Request("delete", "pods", namespace, pod, body=_deletion(uid, grace_period_s))
    await request.ask(clusters, env, KubeObject)


async def evict(
    clusters: Clusters, env: str, namespace: str, pod: str, uid: str, grace_period_s: int | None
) -> None:
    """Delete a pod if no PodDisruptionBudget stands against it.

    :raises BudgetRefusesError: one does; that is not asked again.
    :raises AskingError: 404 where it is gone; 409 where there is another one of its name.
    """
    metadata = {"name": pod, "namespace": namespace}
    options = _deletion(uid, grace_period_s)
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": metadata, "deleteOptions": options}
    request = Request("create", "pods/eviction", namespace, pod, body=body)

    async def ask(api: client.ApiClient) -> KubeObject:
        try:
            return await request.on(api, KubeObject)
        except client.ApiException as error:
            if error.status == TOO_MANY and BUDGET in causes_of(error):
                raise BudgetRefusesError(f"a PodDisruptionBudget of {namespace} allows none to go") from error
            raise

    await request.send(clusters, env, ask)


def causes_of(error: client.ApiException) -> set[str]:
    """Return the reasons of the causes that an answer names: an overloaded API server names none."""
    try:
        status = json.loads(error.body or "")
    except ValueError:
        return set()
    details = (status.get("details") or {}) if isinstance(status, dict) else {}
    return {str(cause.get("reason")) for cause in details.get("causes") or []}


async def relabel(clusters: Clusters, env: str, namespace: str, pod: str, operations: list[Patch]) -> Pod:
    """Apply a JSON patch to a pod, and return what came of it.

    :raises AskingError: 404 where it is gone; 422 where a test of the patch fails, and nothing is changed.
    """
    return await patch_of("pods", namespace, pod, operations, JSON_PATCH).ask(clusters, env, Pod)


async def services(clusters: Clusters, env: str, namespace: str) -> list[Service]:
    """Return the Services of a namespace."""
    return await Request("list", "services", namespace).items(clusters, env, Service)


async def network_policies(clusters: Clusters, env: str, namespace: str) -> list[NetworkPolicy]:
    """Return the NetworkPolicies of a namespace."""
    return await Request("list", "networkpolicies", namespace).items(clusters, env, NetworkPolicy)


async def endpoint_slices(
    clusters: Clusters, env: str, namespace: str, names: Sequence[str]
) -> list[EndpointSlice]:
    """Return the EndpointSlices of some Services of a namespace."""
    options = {"labelSelector": f"{SERVICE_NAME} in ({','.join(names)})"}
    request = Request("list", "endpointslices", namespace, options=options)
    return await request.items(clusters, env, EndpointSlice)
