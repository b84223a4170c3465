"""What a test can do to the cluster: order faults, read the calls; leases and leader election."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from kubernetes_asyncio.client import ApiException
from kubernetes_asyncio.leaderelection.electionconfig import Config
from kubernetes_asyncio.leaderelection.leaderelection import LeaderElection
from kubernetes_asyncio.leaderelection.resourcelock.leaselock import LeaseLock

from integration.cluster.kube import Kube, connected, eventually
from unit.cluster.manifests import deployment

if TYPE_CHECKING:
    from kubedoor_dev.cluster import Cluster

SCALE = {"spec": {"replicas": 3}}
SCALE_PATH = "/apis/apps/v1/namespaces/shop/deployments/web/scale"
MERGE_PATCH = "application/merge-patch+json"


async def scale(kube: Kube) -> Any:
    """Scale the Deployment `web`."""
    return await kube.apps.patch_namespaced_deployment_scale("web", "shop", SCALE)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (403, "Forbidden"), (404, "NotFound"), (409, "Conflict"), (429, "TooManyRequests"),
        (500, "InternalError"), (503, "ServiceUnavailable"),
    ],
)  # fmt: skip
async def test_the_next_calls_are_refused(kube: Kube, cluster: Cluster, code: int, reason: str) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    fault = cluster.fault(method="PATCH", path="/scale$", status=code, retry_after_s=7, count=2)
    for _ in range(2):
        body = json.dumps(SCALE).encode()
        answer, status, headers = await kube.raw("PATCH", SCALE_PATH, body, MERGE_PATCH)
        assert (answer, status["reason"], headers["Retry-After"]) == (code, reason, "7")
    assert (await scale(kube)).spec.replicas == 3
    assert fault.hits == 2
    assert [call.status for call in cluster.calls.of(verb="patch")] == [code, code, 200]


async def test_an_answer_is_lost_and_the_change_is_not(kube: Kube, cluster: Cluster) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    cluster.fault(method="PATCH", drop=True, applied=True)
    with pytest.raises(aiohttp.ClientError):
        await scale(kube)
    assert (await kube.apps.read_namespaced_deployment("web", "shop")).spec.replicas == 3


async def test_a_connection_is_broken(kube: Kube, cluster: Cluster) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    cluster.fault(method="PATCH", drop=True)
    with pytest.raises(aiohttp.ClientError):
        await scale(kube)
    assert (await kube.apps.read_namespaced_deployment("web", "shop")).spec.replicas == 2


async def test_a_call_that_hangs(kube: Kube, cluster: Cluster) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    cluster.fault(method="PATCH", hang=True, count=None)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await scale(kube)
    cluster.faults.clear()
    assert (await scale(kube)).spec.replicas == 3


async def test_a_delay_is_only_a_delay(kube: Kube, cluster: Cluster) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    fault = cluster.fault(method="PATCH", delay_s=0.05)
    assert (await scale(kube)).spec.replicas == 3
    assert fault.hits == 1


async def test_calls_are_recorded_as_rbac_names_them(kube: Kube, cluster: Cluster) -> None:
    kube.api.user_agent = "tests/1"
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await kube.core.list_pod_for_all_namespaces()
    await scale(kube)
    await kube.raw("GET", "/version")
    made, listed, scaled = cluster.calls
    assert (made.verb, made.api_group, made.resource, made.namespace, made.status) == (
        "create", "apps", "deployments", "shop", 201,
    )  # fmt: skip
    assert (listed.verb, listed.api_group, listed.resource, listed.namespace) == ("list", "", "pods", None)
    assert (scaled.verb, scaled.resource, scaled.name) == ("patch", "deployments/scale", "web")
    assert (made.user, made.user_agent) == ("kubernetes-admin", "tests/1")
    assert cluster.calls.used() == {
        ("apps", "deployments", "create"),
        ("", "pods", "list"),
        ("apps", "deployments/scale", "patch"),
    }


async def test_faults_and_calls_over_http(kube: Kube) -> None:
    ordered = {"method": "GET", "path": "/pods", "status": 429, "retry_after_s": 2, "count": 1}
    code, fault, _ = await kube.raw("POST", "/_sim/faults", ordered)
    assert (code, fault["hits"]) == (201, 0)
    code, _, headers = await kube.raw("GET", "/api/v1/pods")
    assert (code, headers["Retry-After"]) == (429, "2")
    _, faults, _ = await kube.raw("GET", "/_sim/faults")
    assert [one["hits"] for one in faults["items"]] == [1]
    _, calls, _ = await kube.raw("GET", "/_sim/calls")
    assert [(one["path"], one["status"]) for one in calls["items"]] == [("/api/v1/pods", 429)]
    await kube.raw("DELETE", "/_sim/calls")
    await kube.raw("DELETE", "/_sim/faults")
    assert (await kube.raw("GET", "/_sim/calls"))[1] == {"items": []}
    code, status, _ = await kube.raw("POST", "/_sim/faults", {"path": "("})
    assert (code, status["message"].startswith("path is no regular expression")) == (400, True)
    assert (await kube.raw("GET", "/_sim/nothing"))[0] == 404


async def test_a_lease_is_taken_by_one(kube: Kube) -> None:
    body = {"metadata": {"name": "leader"}, "spec": {"holderIdentity": "a", "leaseDurationSeconds": 15}}
    made = await kube.coordination.create_namespaced_lease("shop", body)
    other = await kube.coordination.read_namespaced_lease("leader", "shop")
    made.spec.holder_identity, other.spec.holder_identity = "b", "c"
    await kube.coordination.replace_namespaced_lease("leader", "shop", made)
    with pytest.raises(ApiException) as error:
        await kube.coordination.replace_namespaced_lease("leader", "shop", other)
    assert error.value.status == 409
    found = await kube.coordination.read_namespaced_lease("leader", "shop")
    assert found.spec.holder_identity == "b"


async def test_leader_election_has_one_leader_and_hands_over(cluster: Cluster) -> None:
    leading: asyncio.Queue[str] = asyncio.Queue()

    async def run_for(name: str) -> None:
        async def started() -> None:
            await leading.put(name)

        async with connected(cluster) as kube:
            kube.api.user_agent = name
            lock = LeaseLock("leader", "shop", name, kube.api)
            config = Config(lock, 8, 6, 1, started, _nothing)
            await LeaderElection(config).run()

    first = asyncio.create_task(run_for("a"))
    async with asyncio.timeout(120):
        assert await leading.get() == "a"
    second = asyncio.create_task(run_for("b"))

    async def asked() -> int:
        return len(cluster.calls.of(user_agent="b", verb="get", resource="leases"))

    await eventually(asked, lambda count: count >= 3)
    assert leading.empty()
    first.cancel()
    async with asyncio.timeout(120):
        assert await leading.get() == "b"
    second.cancel()
    await asyncio.wait({first, second})


async def _nothing() -> None:
    return None
