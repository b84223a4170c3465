"""Mutating webhooks over real TLS: what they are sent, and what becomes of what they answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from kubernetes_asyncio.client import ApiException

from integration.cluster.hook import Hook, Json, encoded, review_of
from integration.cluster.kube import Kube, connected, eventually, register, rolled_out, status_of
from kubedoor_dev.certificates import make_authority
from kubedoor_dev.cluster import Cluster, Options
from unit.cluster.manifests import deployment, with_resources

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments"
REPLICAS = {"op": "replace", "path": "/spec/replicas", "value": 7}


async def test_what_a_webhook_is_sent_on_create(kube: Kube, hook: Hook) -> None:
    await register(kube, hook)
    await kube.apps.create_namespaced_deployment(
        "shop", with_resources({"limits": {"cpu": "1000m"}}), field_manager="tests"
    )
    (request,) = hook.requests
    obj = request.pop("object")
    assert len(request.pop("uid")) == 36
    groups = ["system:masters", "system:authenticated"]
    kind = {"group": "apps", "version": "v1", "kind": "Deployment"}
    plural = {"group": "apps", "version": "v1", "resource": "deployments"}
    assert request == {
        "kind": kind, "resource": plural, "requestKind": kind, "requestResource": plural,
        "name": "web", "namespace": "shop", "operation": "CREATE",
        "userInfo": {"username": "kubernetes-admin", "groups": groups},
        "oldObject": None, "dryRun": False,
        "options": {
            "kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1", "fieldManager": "tests",
        },
    }  # fmt: skip
    assert (obj["kind"], obj["apiVersion"]) == ("Deployment", "apps/v1")
    assert obj["metadata"]["namespace"] == "shop"
    assert "uid" not in obj["metadata"]
    assert obj["spec"]["revisionHistoryLimit"] == 10
    (container,) = obj["spec"]["template"]["spec"]["containers"]
    assert container["resources"] == {"limits": {"cpu": "1"}}
    (http,) = hook.http
    assert http.query_string == "timeout=10s"
    assert http.headers["Content-Type"] == "application/json"


async def test_what_a_webhook_is_sent_on_update_and_scale(kube: Kube, hook: Hook) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await register(kube, hook)
    await kube.apps.patch_namespaced_deployment("web", "shop", {"spec": {"replicas": 3}})
    await kube.apps.patch_namespaced_deployment_scale("web", "shop", {"spec": {"replicas": 0}})
    # Asked again where the controller wrote the status meanwhile: the first and the last count.
    update, scale = hook.requests[0], hook.requests[-1]
    assert (update["operation"], update["options"]["kind"]) == ("UPDATE", "UpdateOptions")
    assert (update["oldObject"]["spec"]["replicas"], update["object"]["spec"]["replicas"]) == (2, 3)
    assert "subResource" not in update
    assert scale["kind"] == {"group": "autoscaling", "version": "v1", "kind": "Scale"}
    assert scale["resource"] == {"group": "apps", "version": "v1", "resource": "deployments"}
    assert scale["subResource"] == scale["requestSubResource"] == "scale"
    assert (scale["object"]["spec"], scale["oldObject"]["spec"]) == ({}, {"replicas": 3})
    assert "labels" not in scale["object"]["metadata"]


async def test_what_a_webhook_is_sent_on_delete(kube: Kube, hook: Hook) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await register(kube, hook, operations=["DELETE"])
    hook.says(allowed=False, status={"code": 403, "message": "keep it"})
    with pytest.raises(ApiException):
        await kube.apps.delete_namespaced_deployment("web", "shop")
    (request,) = hook.requests
    assert (request["operation"], request["object"]) == ("DELETE", None)
    assert request["oldObject"]["metadata"]["name"] == "web"
    hook.says()
    await kube.apps.delete_namespaced_deployment("web", "shop")


async def test_the_controllers_status_is_not_intercepted(kube: Kube, hook: Hook) -> None:
    await register(kube, hook)
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await eventually(
        lambda: kube.apps.read_namespaced_deployment("web", "shop"),
        lambda found: found.status.available_replicas == 2,
    )
    assert len(hook.requests) == 1


async def test_a_patch_is_applied_and_filled_in_again(kube: Kube, hook: Hook) -> None:
    await register(kube, hook)
    container = {"name": "sidecar", "image": "proxy:1", "resources": {"limits": {"cpu": "0.5"}}}
    hook.patches(
        REPLICAS,
        {"op": "add", "path": "/spec/template/spec/containers/-", "value": container},
        {"op": "add", "path": "/spec/nonsense", "value": 1},
    )
    made = await kube.apps.create_namespaced_deployment("shop", deployment())
    assert made.spec.replicas == 7
    sidecar = made.spec.template.spec.containers[1]
    assert (sidecar.image_pull_policy, sidecar.resources.limits) == ("IfNotPresent", {"cpu": "500m"})


async def test_a_scale_is_patched(kube: Kube, hook: Hook) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await register(kube, hook)
    hook.patches({"op": "add", "path": "/spec/replicas", "value": 3})
    scaled = await kube.apps.patch_namespaced_deployment_scale("web", "shop", {"spec": {"replicas": 9}})
    assert scaled.spec.replicas == 3
    assert (await kube.apps.read_namespaced_deployment("web", "shop")).spec.replicas == 3


async def test_a_patch_that_makes_it_invalid_is_refused(kube: Kube, hook: Hook) -> None:
    await register(kube, hook)
    request = {
        "op": "add",
        "path": "/spec/template/spec/containers/0/resources/requests",
        "value": {"cpu": "2"},
    }
    hook.patches(request)
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("shop", with_resources({"limits": {"cpu": "1"}}))
    status = status_of(error)
    assert status["code"] == 422
    assert "must be less than or equal to cpu limit of 1" in status["message"]


async def test_a_denial_is_told(kube: Kube, hook: Hook) -> None:
    await register(kube, hook, failurePolicy="Ignore")
    hook.says(allowed=False, status={"code": 403, "message": "shop/web is not registered"})
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("shop", deployment())
    assert status_of(error) == {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": 403,
        "message": 'admission webhook "hook.kubedoor.test" denied the request: shop/web is not registered',
    }  # fmt: skip
    assert (await kube.apps.list_namespaced_deployment("shop")).items == []


async def test_warnings_reach_the_client(kube: Kube, hook: Hook) -> None:
    await register(kube, hook)
    hook.says(warnings=["replicas 10 -> 3 (manual)", 'say "hi"'])
    _, _, headers = await kube.raw("POST", DEPLOYMENTS, deployment())
    assert headers.getall("Warning") == [
        '299 - "replicas 10 -> 3 (manual)"',
        r'299 - "say \"hi\""',
    ]
    hook.says(allowed=False, warnings=["so that you know"])
    code, _, headers = await kube.raw("POST", DEPLOYMENTS, deployment("api"))
    assert (code, headers.getall("Warning")) == (400, ['299 - "so that you know"'])


async def test_a_dry_run_asks_only_webhooks_without_side_effects(kube: Kube, hook: Hook) -> None:
    await register(kube, hook, sideEffects="NoneOnDryRun")
    hook.patches(REPLICAS)
    made = await kube.apps.create_namespaced_deployment("shop", deployment(), dry_run="All")
    assert made.spec.replicas == 7
    (request,) = hook.requests
    assert request["dryRun"] is True
    assert request["options"]["dryRun"] == ["All"]
    assert (await kube.apps.list_namespaced_deployment("shop")).items == []


async def test_a_service_is_reached_by_its_name(kube: Kube, cluster: Cluster, hook: Hook) -> None:
    cluster.services["kubedoor/webhook:8443"] = f"127.0.0.1:{hook.port}"
    service = {"namespace": "kubedoor", "name": "webhook", "port": 8443, "path": "/mutate"}
    await register(kube, hook, clientConfig={"service": service, "caBundle": hook.ca_bundle})
    hook.patches(REPLICAS)
    made = await kube.apps.create_namespaced_deployment("shop", deployment())
    assert made.spec.replicas == 7
    assert hook.http[0].host == "webhook.kubedoor.svc"


async def test_namespaces_are_selected_by_labels(kube: Kube, hook: Hook) -> None:
    expression = {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["bank"]}
    await register(kube, hook, namespaceSelector={"matchExpressions": [expression]})
    hook.says(allowed=False)
    await kube.apps.create_namespaced_deployment("bank", deployment())
    with pytest.raises(ApiException):
        await kube.apps.create_namespaced_deployment("shop", deployment())


async def test_webhooks_are_asked_in_order_each_with_what_the_last_made(kube: Kube, hook: Hook) -> None:
    for name in ("b.kubedoor.test", "a.kubedoor.test"):
        await register(kube, hook, name=name)

    async def answer(request: Json) -> web.StreamResponse:
        path, value = "/spec/replicas", request["object"]["spec"]["replicas"] * 10
        return review_of(request, **encoded([{"op": "replace", "path": path, "value": value}]))

    hook.answer = answer
    made = await kube.apps.create_namespaced_deployment("shop", deployment())
    assert made.spec.replicas == 200
    assert [one["object"]["spec"]["replicas"] for one in hook.requests] == [2, 20]


async def test_a_configuration_itself_can_always_be_removed(kube: Kube, hook: Hook) -> None:
    await register(kube, hook, apiGroups=["*"], apiVersions=["*"], resources=["*/*"], operations=["*"])
    hook.says(allowed=False)
    await kube.webhooks.delete_mutating_webhook_configuration("hook.kubedoor.test")
    assert "admissionregistration.k8s.io" not in {one["kind"]["group"] for one in hook.requests}
    await kube.settled()
    await kube.apps.create_namespaced_deployment("shop", deployment())


async def test_what_changed_while_the_webhook_was_asked_is_not_lost(kube: Kube, hook: Hook) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment(replicas=0))
    await eventually(lambda: kube.apps.read_namespaced_deployment("web", "shop"), rolled_out)
    await register(kube, hook)
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def answer(request: Json) -> web.StreamResponse:
        asked.set()
        await go_on.wait()
        return review_of(request)

    hook.answer = answer
    slow = asyncio.create_task(
        kube.apps.patch_namespaced_deployment("web", "shop", {"metadata": {"annotations": {"a": "1"}}})
    )
    await asked.wait()
    await kube.apps.patch_namespaced_deployment_status("web", "shop", {"status": {"collisionCount": 3}})
    go_on.set()
    patched = await slow
    assert patched.metadata.annotations["a"] == "1"
    assert len(hook.requests) == 2


async def test_the_garbage_collector_patches_finalizers_away_through_admission(
    kube: Kube, hook: Hook
) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await eventually(lambda: kube.apps.read_namespaced_deployment("web", "shop"), rolled_out)
    await register(kube, hook)
    path = f"{DEPLOYMENTS}/web"
    code, marked, _ = await kube.raw("DELETE", path, propagationPolicy="Foreground")
    assert (code, marked["kind"]) == (200, "Deployment")
    assert "deletionTimestamp" in marked["metadata"]

    async def left() -> tuple[int, int]:
        deployments = await kube.apps.list_namespaced_deployment("shop")
        pods = await kube.core.list_namespaced_pod("shop")
        return len(deployments.items), len(pods.items)

    await eventually(left, lambda found: found == (0, 0))
    request = hook.requests[-1]  # a conflict makes it ask again
    assert request["userInfo"]["username"].endswith(":generic-garbage-collector")
    assert request["oldObject"]["metadata"]["finalizers"] == ["foregroundDeletion"]
    assert "finalizers" not in request["object"]["metadata"]


async def test_a_client_certificate_is_shown(hook: Hook, tmp_path: Path) -> None:
    authority = make_authority()
    certificate = authority.client("kube-apiserver").write(tmp_path / "client")
    seen: list[Any] = []
    strict = Hook(authority)

    async def answer(request: Json) -> web.StreamResponse:
        transport = strict.http[-1].transport
        assert transport is not None
        seen.append(transport.get_extra_info("peercert")["subject"])
        return review_of(request)

    strict.answer = answer
    cluster = Cluster(Options(namespaces=["shop"], webhook_certificate=certificate))
    async with (
        strict.serve(tmp_path / "strict", client_authority=authority),
        cluster.serve(),
        connected(cluster) as kube,
    ):
        await register(kube, strict)
        await kube.apps.create_namespaced_deployment("shop", deployment())
    assert seen == [((("commonName", "kube-apiserver"),),)]
