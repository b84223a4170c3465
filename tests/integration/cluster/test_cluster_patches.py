"""Patches of each type, server-side apply, scale, status, dry runs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from kubernetes_asyncio.client import ApiException

from integration.cluster.kube import Kube, status_of
from unit.cluster.manifests import deployment

DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments"


async def test_each_patch_type(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    path = f"{DEPLOYMENTS}/web"
    operations = [{"op": "replace", "path": "/spec/replicas", "value": 3}]
    _, obj, _ = await kube.raw("PATCH", path, operations, "application/json-patch+json")
    assert obj["spec"]["replicas"] == 3
    _, obj, _ = await kube.raw("PATCH", path, {"spec": {"replicas": 4}}, "application/merge-patch+json")
    assert obj["spec"]["replicas"] == 4
    container = {"name": "main", "resources": {"limits": {"cpu": "1000m"}}}
    strategic = {"spec": {"template": {"spec": {"containers": [container]}}}}
    _, obj, _ = await kube.raw("PATCH", path, strategic, "application/strategic-merge-patch+json")
    (patched,) = obj["spec"]["template"]["spec"]["containers"]
    assert (patched["image"], patched["resources"]) == ("registry.example/web:1.0", {"limits": {"cpu": "1"}})
    removal = [{"op": "remove", "path": "/spec/nothing"}]
    code, status, _ = await kube.raw("PATCH", path, removal, "application/json-patch+json")
    assert (code, status["reason"]) == (422, "Invalid")
    code, status, _ = await kube.raw(
        "PATCH", path, {"spec": {"replicas": "x"}}, "application/merge-patch+json"
    )
    assert (code, status["reason"]) == (422, "Invalid")
    stale = {"metadata": {"resourceVersion": "1"}, "spec": {"replicas": 9}}
    code, status, _ = await kube.raw("PATCH", path, stale, "application/merge-patch+json")
    assert (code, status["reason"]) == (409, "Conflict")


async def test_apply_makes_changes_and_takes_back(kube: Kube) -> None:
    path, apply = f"{DEPLOYMENTS}/web", "application/apply-patch+yaml"
    config = deployment(replicas=3, paused=True)
    code, obj, _ = await kube.raw("PATCH", path, config, apply, fieldManager="helm")
    assert (code, obj["spec"]["paused"]) == (201, True)
    code, obj, _ = await kube.raw("PATCH", path, deployment(replicas=3), apply, fieldManager="helm")
    assert code == 200
    assert "paused" not in obj["spec"]
    code, status, _ = await kube.raw("PATCH", path, deployment(replicas=4), apply, fieldManager="other")
    assert (code, status["reason"]) == (409, "Conflict")
    assert status["details"]["causes"][0]["field"] == ".spec.replicas"
    code, obj, _ = await kube.raw(
        "PATCH", path, deployment(replicas=4), apply, fieldManager="other", force="true"
    )
    assert (code, obj["spec"]["replicas"]) == (200, 4)
    assert (await kube.raw("PATCH", path, deployment(), apply))[0] == 422


async def test_scale_is_read_patched_replaced_and_checked(kube: Kube) -> None:
    made = await kube.apps.create_namespaced_deployment("shop", deployment())
    scale = await kube.apps.read_namespaced_deployment_scale("web", "shop")
    assert (scale.kind, scale.spec.replicas, scale.status.selector) == ("Scale", 2, "app=web")
    assert (scale.metadata.uid, scale.metadata.labels) == (made.metadata.uid, None)
    patched = await kube.apps.patch_namespaced_deployment_scale("web", "shop", {"spec": {"replicas": 0}})
    assert patched.spec.replicas is None
    patched.spec.replicas = 4
    patched.metadata.resource_version = None
    await kube.apps.replace_namespaced_deployment_scale("web", "shop", patched)
    assert (await kube.apps.read_namespaced_deployment("web", "shop")).spec.replicas == 4
    with pytest.raises(ApiException) as error:
        await kube.apps.patch_namespaced_deployment_scale("web", "shop", {"spec": {"replicas": -1}})
    status = status_of(error)
    assert status["message"] == (
        'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: '
        "must be greater than or equal to 0"
    )
    with pytest.raises(ApiException) as error:
        await kube.apps.patch_namespaced_deployment_scale("gone", "shop", {"spec": {"replicas": 1}})
    assert status_of(error)["code"] == 404


async def test_a_status_write_leaves_the_spec(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment(replicas=0))
    body: dict[str, Any] = {"spec": {"replicas": 9}, "status": {"collisionCount": 7}}
    patched = await kube.apps.patch_namespaced_deployment_status("web", "shop", body)
    assert (patched.spec.replicas, patched.status.collision_count) == (0, 7)
    body = {"metadata": {"labels": {"a": "b"}}, "status": {"collisionCount": 9}}
    patched = await kube.apps.patch_namespaced_deployment("web", "shop", body)
    assert patched.metadata.labels["a"] == "b"
    assert patched.status.collision_count != 9


async def test_a_dry_run_leaves_no_trace(kube: Kube) -> None:
    made = await kube.apps.create_namespaced_deployment("shop", deployment(), dry_run="All")
    assert made.metadata.uid
    assert (await kube.apps.list_namespaced_deployment("shop")).items == []
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await kube.apps.patch_namespaced_deployment("web", "shop", {"spec": {"replicas": 7}}, dry_run="All")
    await kube.apps.patch_namespaced_deployment_scale("web", "shop", {"spec": {"replicas": 8}}, dry_run="All")
    await kube.apps.delete_namespaced_deployment("web", "shop", dry_run="All")
    assert (await kube.apps.read_namespaced_deployment("web", "shop")).spec.replicas == 2
    code, status, _ = await kube.raw("POST", DEPLOYMENTS, deployment("x"), dryRun="Some")
    assert (code, status["reason"]) == (422, "Invalid")
    assert status["message"].startswith(
        'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: '
    )


async def test_concurrent_patches_all_count(kube: Kube) -> None:
    await kube.apps.create_namespaced_deployment("shop", deployment())
    await asyncio.gather(
        *(
            kube.apps.patch_namespaced_deployment(
                "web", "shop", {"metadata": {"annotations": {f"example.com/{number}": "x"}}}
            )
            for number in range(30)
        )
    )
    read = await kube.apps.read_namespaced_deployment("web", "shop")
    assert {f"example.com/{number}" for number in range(30)} <= read.metadata.annotations.keys()


async def test_unknown_fields_are_warned_of(kube: Kube) -> None:
    code, _, headers = await kube.raw("POST", DEPLOYMENTS, deployment(replcas=3))
    assert (code, headers.getall("Warning")) == (201, ['299 - "unknown field \\"spec.replcas\\""'])
    code, status, _ = await kube.raw(
        "POST", DEPLOYMENTS, deployment("x", replcas=3), fieldValidation="Strict"
    )
    assert (code, "strict decoding error" in status["message"]) == (400, True)
