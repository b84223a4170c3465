"""Objects over HTTP, with the real client: reading, writing, listing, patching, watching, refusing."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from kubernetes_asyncio import watch
from kubernetes_asyncio.client import ApiException

from integration.cluster.kube import Kube, eventually, rolled_out, status_of
from unit.cluster.manifests import deployment, with_resources

if TYPE_CHECKING:
    from kubedoor_dev.cluster import Cluster

DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments"


async def test_a_deployment_is_made_read_replaced_and_deleted(kube: Kube) -> None:
    made = await kube.apps.create_namespaced_deployment("shop", deployment())
    assert made.metadata.generation == 1
    read = await kube.apps.read_namespaced_deployment("web", "shop")
    assert read.metadata.uid == made.metadata.uid
    read.spec.replicas = 5
    await eventually(lambda: kube.apps.read_namespaced_deployment("web", "shop"), rolled_out)
    latest = await kube.apps.read_namespaced_deployment("web", "shop")
    latest.spec.replicas = 5
    replaced = await kube.apps.replace_namespaced_deployment("web", "shop", latest)
    assert (replaced.spec.replicas, replaced.metadata.generation) == (5, 2)
    gone = await kube.apps.delete_namespaced_deployment("web", "shop")
    assert (gone.status, gone.details.name, gone.details.kind) == ("Success", "web", "deployments")
    with pytest.raises(ApiException) as error:
        await kube.apps.read_namespaced_deployment("web", "shop")
    status = status_of(error)
    assert status["message"] == 'deployments.apps "web" not found'
    assert status["details"] == {"name": "web", "group": "apps", "kind": "deployments"}


async def test_labels_are_not_counted_and_annotations_of_a_deployment_are(kube: Kube) -> None:
    """As on a real API server, which copies a Deployment's annotations to its ReplicaSets."""
    await kube.apps.create_namespaced_deployment("shop", deployment())
    counted = []
    for change in ({"labels": {"team": "blue"}}, {"annotations": {"note": "seen"}}):
        patched = await kube.apps.patch_namespaced_deployment("web", "shop", {"metadata": change})
        counted.append(patched.metadata.generation)
    assert counted == [1, 2]


async def test_a_name_is_taken_once(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("shop", deployment())
    status = status_of(error)
    assert (status["code"], status["reason"]) == (409, "AlreadyExists")
    assert status["message"] == 'deployments.apps "web" already exists'


async def test_a_stale_replace_is_a_conflict(kube: Kube) -> None:
    made = await kube.apps.create_namespaced_deployment("shop", deployment())
    await kube.apps.patch_namespaced_deployment("web", "shop", {"spec": {"replicas": 3}})
    with pytest.raises(ApiException) as error:
        await kube.apps.replace_namespaced_deployment("web", "shop", made)
    status = status_of(error)
    assert (status["code"], status["reason"]) == (409, "Conflict")
    assert "the object has been modified; please apply your changes to the latest" in status["message"]


async def test_what_is_invalid_changes_nothing(kube: Kube) -> None:
    bad = with_resources({"requests": {"cpu": "2"}, "limits": {"cpu": "1"}})
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("shop", bad)
    status = status_of(error)
    assert (status["code"], status["reason"]) == (422, "Invalid")
    (cause,) = status["details"]["causes"]
    assert cause == {
        "reason": "FieldValueInvalid",
        "message": 'Invalid value: "2": must be less than or equal to cpu limit of 1',
        "field": "spec.template.spec.containers[0].resources.requests",
    }
    assert (await kube.apps.list_namespaced_deployment("shop")).items == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "json parse error"),
        (b"[]", "cannot unmarshal array"),
        (json.dumps(with_resources({"limits": {"cpu": "lots"}})).encode(), "quantities must match"),
        (json.dumps({**deployment(), "kind": "Service"}).encode(), 'no kind "Service" is registered'),
        (
            json.dumps({**deployment(), "metadata": {"name": "web", "namespace": "bank"}}).encode(),
            "the namespace of the provided object does not match",
        ),
    ],
)
async def test_what_cannot_be_read_is_a_bad_request(kube: Kube, body: bytes, message: str) -> None:
    code, status, _ = await kube.raw("POST", DEPLOYMENTS, body)
    assert (code, status["reason"]) == (400, "BadRequest")
    assert message in status["message"]


async def test_paths_methods_and_types_that_are_not_served(kube: Kube) -> None:
    assert (await kube.raw("GET", "/apis/apps/v1/namespaces/shop/nonsense"))[0] == 404
    assert (await kube.raw("POST", f"{DEPLOYMENTS}/web", deployment()))[0] == 405
    assert (await kube.raw("DELETE", f"{DEPLOYMENTS}/web/scale"))[0] == 405
    assert (await kube.raw("PATCH", f"{DEPLOYMENTS}/web", {}, "application/json"))[0] == 415
    large = {**deployment(), "metadata": {"name": "x", "annotations": {"a": "x" * (4 << 20)}}}
    code, status, _ = await kube.raw("POST", DEPLOYMENTS, io.BytesIO(json.dumps(large).encode()))
    assert (code, status["reason"]) == (413, "RequestEntityTooLarge")


async def test_without_the_token_nothing_is_told(kube: Kube) -> None:
    kube.api.configuration.api_key["BearerToken"] = "Bearer wrong"
    code, status, _ = await kube.raw("GET", "/api/v1/namespaces")
    assert (code, status["reason"], status["message"]) == (401, "Unauthorized", "Unauthorized")


async def test_a_namespace_has_to_be_there(kube: Kube) -> None:
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("nowhere", deployment())
    assert status_of(error)["message"] == 'namespaces "nowhere" not found'
    made = await kube.core.create_namespace({"metadata": {"name": "nowhere"}})
    assert made.metadata.labels == {"kubernetes.io/metadata.name": "nowhere"}
    await kube.apps.create_namespaced_deployment("nowhere", deployment())


async def test_a_deleted_namespace_takes_everything_with_it(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("bank", deployment())
    await kube.core.delete_namespace("bank")

    async def names() -> list[str]:
        return [one.metadata.name for one in (await kube.core.list_namespace()).items]

    await eventually(names, lambda found: "bank" not in found)
    assert (await kube.core.list_pod_for_all_namespaces()).items == []


async def test_names_are_generated(kube: Kube) -> None:
    made = deployment()
    made["metadata"] = {"generateName": "web-"}
    one = await kube.apps.create_namespaced_deployment("shop", made)
    other = await kube.apps.create_namespaced_deployment("shop", made)
    assert one.metadata.name != other.metadata.name
    assert one.metadata.name.startswith("web-")


async def test_lists_select_and_page(kube: Kube) -> None:
    for name in ("a", "b", "c"):
        await kube.apps.create_namespaced_deployment("shop", deployment(name))
    await kube.apps.create_namespaced_deployment("bank", deployment("a"))
    labelled = await kube.apps.list_namespaced_deployment("shop", label_selector="app in (a,b)")
    assert [one.metadata.name for one in labelled.items] == ["a", "b"]
    named = await kube.apps.list_deployment_for_all_namespaces(field_selector="metadata.name=a")
    assert [one.metadata.namespace for one in named.items] == ["bank", "shop"]
    page = await kube.apps.list_namespaced_deployment("shop", limit=2)
    assert page.metadata.remaining_item_count == 1
    rest = await kube.apps.list_namespaced_deployment("shop", limit=2, _continue=page.metadata._continue)
    assert [one.metadata.name for one in [*page.items, *rest.items]] == ["a", "b", "c"]
    with pytest.raises(ApiException) as error:
        await kube.apps.list_namespaced_deployment("shop", field_selector="spec.replicas=1")
    assert status_of(error)["code"] == 400


async def test_preconditions_of_a_deletion(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    with pytest.raises(ApiException) as error:
        await kube.apps.delete_namespaced_deployment("web", "shop", body={"preconditions": {"uid": "other"}})
    assert status_of(error)["reason"] == "Conflict"


async def test_a_collection_is_deleted_by_selector(kube: Kube) -> None:
    for name in ("a", "b", "c"):
        await kube.apps.create_namespaced_deployment("shop", deployment(name))
    await kube.apps.delete_collection_namespaced_deployment("shop", label_selector="app in (a,b)")
    left = await kube.apps.list_namespaced_deployment("shop")
    assert [one.metadata.name for one in left.items] == ["c"]


async def test_another_object_of_the_same_name_is_not_replaced(kube: Kube) -> None:
    made = await kube.apps.create_namespaced_deployment("shop", deployment())
    await kube.apps.delete_namespaced_deployment("web", "shop")
    await kube.apps.create_namespaced_deployment("shop", deployment())
    made.metadata.resource_version = None
    with pytest.raises(ApiException) as error:
        await kube.apps.replace_namespaced_deployment("web", "shop", made)
    status = status_of(error)
    assert (status["code"], "UID in precondition" in status["message"]) == (409, True)
    other = {**deployment("other"), "spec": {"replicas": 1}}
    with pytest.raises(ApiException) as error:
        await kube.apps.replace_namespaced_deployment("web", "shop", other)
    assert "does not match the name on the URL" in status_of(error)["message"]


async def test_a_watch_tells_changes_from_a_version_on(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment("a", replicas=0))
    start = (await kube.apps.list_namespaced_deployment("shop")).metadata.resource_version
    await kube.apps.create_namespaced_deployment("shop", deployment("b", replicas=0))
    seen: list[tuple[str, str]] = []
    async with watch.Watch() as stream:
        async for event in stream.stream(
            kube.apps.list_namespaced_deployment, "shop", resource_version=start, timeout_seconds=120
        ):
            seen.append((event["type"], event["object"].metadata.name))
            if seen[-1] == ("ADDED", "b"):
                await kube.apps.delete_namespaced_deployment("b", "shop")
            if seen[-1] == ("DELETED", "b"):
                break
    assert ("ADDED", "a") not in seen
    assert seen[-1] == ("DELETED", "b")


async def test_a_watch_without_a_version_begins_with_what_there_is(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment("a"))
    events = watch.Watch().stream(kube.apps.list_deployment_for_all_namespaces, timeout_seconds=1)
    first = await anext(events)
    assert (first["type"], first["object"].metadata.name) == ("ADDED", "a")
    async for event in events:
        assert event["type"] == "MODIFIED"


async def test_autoscalers(kube: Kube) -> None:
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    body = {"metadata": {"name": "web"}, "spec": {"maxReplicas": 5, "scaleTargetRef": reference}}
    made = await kube.autoscaling.create_namespaced_horizontal_pod_autoscaler("shop", body)
    assert (made.spec.min_replicas, made.spec.scale_target_ref.name) == (1, "web")
    patched = await kube.autoscaling.patch_namespaced_horizontal_pod_autoscaler(
        "web", "shop", {"spec": {"maxReplicas": 9}}
    )
    assert patched.spec.max_replicas == 9
    everywhere = await kube.autoscaling.list_horizontal_pod_autoscaler_for_all_namespaces()
    assert [one.metadata.name for one in everywhere.items] == ["web"]


async def test_nodes_tell_what_can_be_had(kube: Kube) -> None:
    nodes = (await kube.core.list_node()).items
    assert len(nodes) == 3
    assert nodes[0].status.allocatable == {"cpu": "57600m", "memory": "235929Mi", "pods": "500"}


async def test_what_the_server_tells_of_itself(kube: Kube, cluster: Cluster) -> None:
    code, version, _ = await kube.raw("GET", "/version")
    assert (code, version["major"]) == (200, "1")
    _, groups, _ = await kube.raw("GET", "/apis")
    assert "apps" in {group["name"] for group in groups["groups"]}
    _, resources, _ = await kube.raw("GET", "/apis/apps/v1")
    names = {one["name"] for one in resources["resources"]}
    assert {"deployments", "deployments/scale", "deployments/status"} <= names
    assert (await kube.raw("GET", "/apis/nothing"))[0] == 404
    session = kube.api.rest_client.pool_manager
    for path in ("/healthz", "/readyz", "/livez"):
        async with session.get(cluster.url + path) as response:
            assert (response.status, await response.text()) == (200, "ok")
