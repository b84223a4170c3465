"""What the controllers make of a Deployment: pods, rollouts, and rollouts that fail."""

from __future__ import annotations

from typing import Any

import pytest

from integration.cluster.kube import Kube, connected, eventually, rolled_out
from kubedoor_dev.cluster import Cluster, NodeSize, Options
from unit.cluster.manifests import deployment, with_annotations, with_resources

FAIL = "kubedoor.dev/fail"
RESTART = {"kubectl.kubernetes.io/restartedAt": "2026-03-01T12:00:00Z"}


async def read(kube: Kube, name: str = "web") -> Any:
    """Read a Deployment."""
    return await kube.apps.read_namespaced_deployment(name, "shop")


async def pods(kube: Kube, name: str = "web") -> list[Any]:
    """List the pods of a Deployment."""
    found = await kube.core.list_namespaced_pod("shop", label_selector=f"app={name}")
    items: list[Any] = found.items
    return items


def condition(found: Any, kind: str) -> Any:
    """A condition of a Deployment or a pod."""
    return next((one for one in found.status.conditions or [] if one.type == kind), None)


async def unschedulable(kube: Kube) -> list[Any]:
    """List the pods for which there is no node."""
    told = [(pod, condition(pod, "PodScheduled")) for pod in await pods(kube)]
    return [pod for pod, scheduled in told if scheduled and scheduled.reason == "Unschedulable"]


async def wait_for_rollout(kube: Kube) -> Any:
    """Wait until the Deployment is rolled out."""
    return await eventually(lambda: read(kube), rolled_out)


async def annotate_template(kube: Kube, annotations: dict[str, Any]) -> None:
    """Change the pod template."""
    metadata = {"annotations": annotations}
    body = {"spec": {"template": {"metadata": metadata}}}
    await kube.apps.patch_namespaced_deployment("web", "shop", body)


async def test_a_deployment_gets_its_pods(kube: Kube) -> None:
    resources = {"limits": {"cpu": "1", "memory": "1Gi"}}
    await kube.apps.create_namespaced_deployment("shop", with_resources(resources))
    found = await wait_for_rollout(kube)
    assert condition(found, "Available").status == "True"
    assert condition(found, "Progressing").reason == "NewReplicaSetAvailable"
    first, second = await pods(kube)
    assert first.spec.node_name != second.spec.node_name
    assert first.status.phase == "Running"
    assert first.status.qos_class == "Guaranteed"
    assert first.spec.containers[0].resources.requests == {"cpu": "1", "memory": "1Gi"}
    assert condition(first, "Ready").status == "True"
    (state,) = first.status.container_statuses
    assert (state.ready, state.restart_count) == (True, 0)
    (owner,) = first.metadata.owner_references
    replica_set = await kube.apps.read_namespaced_replica_set(owner.name, "shop")
    assert (owner.kind, owner.uid) == ("ReplicaSet", replica_set.metadata.uid)
    assert replica_set.metadata.owner_references[0].uid == found.metadata.uid
    hashed = first.metadata.labels["pod-template-hash"]
    assert replica_set.metadata.name == f"web-{hashed}"
    assert first.metadata.name.startswith(f"web-{hashed}-")


async def test_scaling_changes_the_pods_and_restarts_none(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await wait_for_rollout(kube)
    before = {pod.metadata.uid for pod in await pods(kube)}
    await kube.apps.patch_namespaced_deployment_scale("web", "shop", {"spec": {"replicas": 5}})
    await wait_for_rollout(kube)
    assert before < {pod.metadata.uid for pod in await pods(kube)}
    await kube.apps.patch_namespaced_deployment_scale("web", "shop", {"spec": {"replicas": 0}})
    await eventually(lambda: pods(kube), lambda found: found == [])
    await eventually(lambda: read(kube), lambda one: one.status.available_replicas is None)


async def test_a_restart_replaces_every_pod(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment(replicas=4))
    first = await wait_for_rollout(kube)
    before = {pod.metadata.uid for pod in await pods(kube)}
    await annotate_template(kube, RESTART)
    found = await wait_for_rollout(kube)
    assert found.metadata.generation == first.metadata.generation + 1
    assert found.metadata.annotations["deployment.kubernetes.io/revision"] == "2"
    after = await pods(kube)
    assert before.isdisjoint(pod.metadata.uid for pod in after)
    assert after[0].metadata.annotations == RESTART
    sets = (await kube.apps.list_namespaced_replica_set("shop")).items
    assert sorted(one.spec.replicas for one in sets) == [0, 4]


async def test_going_back_takes_the_old_replica_set_again(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await wait_for_rollout(kube)
    (first,) = (await kube.apps.list_namespaced_replica_set("shop")).items
    await annotate_template(kube, RESTART)
    await wait_for_rollout(kube)
    await annotate_template(kube, dict.fromkeys(RESTART))
    found = await wait_for_rollout(kube)
    assert found.metadata.annotations["deployment.kubernetes.io/revision"] == "3"
    again = await kube.apps.read_namespaced_replica_set(first.metadata.name, "shop")
    assert again.spec.replicas == 2


async def test_recreate(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment(strategy={"type": "Recreate"}))
    await wait_for_rollout(kube)
    await annotate_template(kube, RESTART)
    await wait_for_rollout(kube)
    assert all(pod.metadata.annotations == RESTART for pod in await pods(kube))


@pytest.mark.parametrize(
    ("failure", "waiting", "ended"),
    [
        ("crashloop", "CrashLoopBackOff", ("Error", 1)),
        ("oom", "CrashLoopBackOff", ("OOMKilled", 137)),
        ("image", "ImagePullBackOff", None),
    ],
)
async def test_a_rollout_that_fails_keeps_the_old_pods_and_says_why(
    kube: Kube, failure: str, waiting: str, ended: tuple[str, int] | None
) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment(replicas=4, progressDeadlineSeconds=1))
    await wait_for_rollout(kube)
    await annotate_template(kube, {FAIL: failure})
    found = await eventually(
        lambda: read(kube),
        lambda one: (
            one.status.updated_replicas == 2
            and condition(one, "Progressing").reason == "ProgressDeadlineExceeded"
        ),
    )
    assert condition(found, "Progressing").status == "False"
    assert condition(found, "Available").status == "True"
    assert (found.status.available_replicas, found.status.updated_replicas) == (3, 2)
    failed = [pod for pod in await pods(kube) if condition(pod, "Ready").status == "False"]
    (state,) = failed[0].status.container_statuses
    assert state.state.waiting.reason == waiting
    if ended:
        last = state.last_state.terminated
        assert (last.reason, last.exit_code) == ended
        assert state.restart_count > 0
    else:
        assert failed[0].status.phase == "Pending"
    await annotate_template(kube, {FAIL: None})
    await wait_for_rollout(kube)


async def test_a_failure_is_there_in_the_events(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", with_annotations({FAIL: "crashloop"}, replicas=1))

    async def warnings() -> list[Any]:
        (pod,) = await pods(kube) or [None]
        if pod is None:
            return []
        selector = f"involvedObject.name={pod.metadata.name},type=Warning"
        items: list[Any] = (await kube.core.list_namespaced_event("shop", field_selector=selector)).items
        return items

    found = await eventually(warnings, bool)
    assert found[0].reason == "BackOff"
    selector = "involvedObject.kind=Deployment"
    events = (await kube.core.list_namespaced_event("shop", field_selector=selector)).items
    assert events[0].reason == "ScalingReplicaSet"


async def test_a_pod_that_fits_nowhere_waits_for_room() -> None:
    small = {"node-1": NodeSize(cpu="2", memory="4Gi")}
    cluster = Cluster(Options(namespaces=["shop"], nodes=small, rollout_s=0.0))
    async with cluster.serve(), connected(cluster) as kube:
        resources = {"requests": {"cpu": "1500m"}}
        await kube.apps.create_namespaced_deployment("shop", with_resources(resources))
        found = await eventually(lambda: read(kube), lambda one: one.status.available_replicas == 1)
        assert found.status.unavailable_replicas == 1
        (waiting,) = await eventually(lambda: unschedulable(kube), bool)
        assert (waiting.status.phase, waiting.spec.node_name) == ("Pending", None)
        await kube.apps.patch_namespaced_deployment_scale("web", "shop", {"spec": {"replicas": 1}})
        await wait_for_rollout(kube)
        await kube.apps.patch_namespaced_deployment_scale("web", "shop", {"spec": {"replicas": 2}})
        node = (await kube.core.list_node()).items[0].to_dict()
        body = {"metadata": {"name": "node-2"}, "status": {"allocatable": node["status"]["allocatable"]}}
        await kube.core.create_node(body)
        await wait_for_rollout(kube)


async def test_a_pod_that_is_deleted_comes_back(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment(replicas=1))
    await wait_for_rollout(kube)
    (pod,) = await pods(kube)
    await kube.core.delete_namespaced_pod(pod.metadata.name, "shop")

    async def another() -> bool:
        found = await pods(kube)
        return len(found) == 1 and found[0].metadata.uid != pod.metadata.uid

    await eventually(another, bool)


async def test_what_belonged_to_a_deployment_goes_with_it(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await wait_for_rollout(kube)
    await kube.apps.delete_namespaced_deployment("web", "shop")

    async def left() -> int:
        sets = await kube.apps.list_namespaced_replica_set("shop")
        return len(sets.items) + len(await pods(kube))

    await eventually(left, lambda count: count == 0)


async def test_orphans_stay(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await wait_for_rollout(kube)
    await kube.raw("DELETE", "/apis/apps/v1/namespaces/shop/deployments/web", propagationPolicy="Orphan")

    async def there() -> int:
        return len((await kube.apps.list_namespaced_deployment("shop")).items)

    await eventually(there, lambda count: count == 0)
    (orphan,) = (await kube.apps.list_namespaced_replica_set("shop")).items
    assert orphan.metadata.owner_references is None
    assert len(await pods(kube)) == 2


async def test_a_paused_deployment_does_not_roll(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await wait_for_rollout(kube)
    await kube.apps.patch_namespaced_deployment("web", "shop", {"spec": {"paused": True}})
    await annotate_template(kube, RESTART)
    found = await eventually(
        lambda: read(kube),
        lambda one: one.status.observed_generation == one.metadata.generation,
    )
    assert condition(found, "Progressing").reason == "DeploymentPaused"
    assert not found.status.updated_replicas
    await kube.apps.patch_namespaced_deployment("web", "shop", {"spec": {"paused": None}})
    await wait_for_rollout(kube)
