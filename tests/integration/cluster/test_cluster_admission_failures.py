"""Webhooks that fail: what the failure policy decides, and what it does not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web
from kubernetes_asyncio.client import ApiException

from integration.cluster.hook import Hook, Json, review_of
from integration.cluster.kube import Kube, register, status_of
from kubedoor_dev.certificates import make_authority
from unit.cluster.manifests import deployment


def not_json(_: Json) -> web.Response:
    return web.Response(text="hello")


def wrong_uid(_: Json) -> web.Response:
    return review_of({"uid": "other"})


def undecodable(request: Json) -> web.Response:
    return review_of(request, patchType="JSONPatch", patch="!")


def broken(_: Json) -> web.Response:
    return web.Response(status=500, text="no database")


def without_retry(_: Json) -> web.Response:
    return web.Response(status=503, text="cold")


FAILURES = {
    "not JSON": (not_json, "failed to call webhook"),
    "wrong uid": (wrong_uid, "received invalid webhook response: expected response.uid="),
    "undecodable patch": (undecodable, "failed to call webhook: illegal base64 data at input byte 0"),
    "500": (broken, 'an error on the server ("no database") has prevented the request'),
    "503": (without_retry, "the server is currently unable to handle the request"),
}


@pytest.mark.parametrize(("make", "why"), FAILURES.values(), ids=FAILURES)
async def test_a_failing_webhook_is_its_policys_to_judge(kube: Kube, hook: Hook, make: Any, why: str) -> None:
    async def answer(request: Json) -> web.StreamResponse:
        response: web.StreamResponse = make(request)
        return response

    hook.answer = answer
    await register(kube, hook)
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("shop", deployment())
    status = status_of(error)
    assert (status["code"], status["reason"]) == (500, "InternalError")
    prefix = 'Internal error occurred: failed calling webhook "hook.kubedoor.test": '
    assert status["message"].startswith(prefix)
    assert why in status["message"]
    await ignore_failures(kube)
    await kube.apps.create_namespaced_deployment("shop", deployment())


async def ignore_failures(kube: Kube) -> None:
    """Set the failure policy to Ignore."""
    await kube.webhooks.patch_mutating_webhook_configuration(
        "hook.kubedoor.test", {"webhooks": [{"name": "hook.kubedoor.test", "failurePolicy": "Ignore"}]}
    )
    await kube.settled()


async def test_a_webhook_that_is_not_there(kube: Kube, hook: Hook) -> None:
    configuration = hook.configuration()
    configuration["webhooks"][0]["clientConfig"]["url"] = "https://127.0.0.1:1/mutate"
    await kube.webhooks.create_mutating_webhook_configuration(configuration)
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("shop", deployment())
    assert "dial tcp 127.0.0.1:1: connect" in status_of(error)["message"]
    await ignore_failures(kube)
    await kube.apps.create_namespaced_deployment("shop", deployment())


async def test_a_webhook_that_another_authority_vouches_for(kube: Kube, hook: Hook) -> None:
    configuration = hook.configuration()
    stranger = Hook(make_authority())
    configuration["webhooks"][0]["clientConfig"]["caBundle"] = stranger.ca_bundle
    await kube.webhooks.create_mutating_webhook_configuration(configuration)
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("shop", deployment())
    assert "failed to verify certificate" in status_of(error)["message"]
    assert hook.requests == []


async def test_a_webhook_that_takes_too_long(kube: Kube, hook: Hook) -> None:
    released = asyncio.Event()

    async def answer(request: Json) -> web.StreamResponse:
        await released.wait()
        return review_of(request)

    hook.answer = answer
    await register(kube, hook, timeoutSeconds=3)
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("shop", deployment())
    released.set()
    assert "context deadline exceeded" in status_of(error)["message"]
    assert hook.http[0].query_string == "timeout=3s"


async def test_a_busy_webhook_is_asked_again(kube: Kube, hook: Hook) -> None:
    await register(kube, hook)
    hook.fails(
        web.Response(status=429, headers={"Retry-After": "0"}),
        web.Response(status=503, headers={"Retry-After": "0"}),
    )
    await kube.apps.create_namespaced_deployment("shop", deployment())
    assert len(hook.requests) == 3
    assert len({request["uid"] for request in hook.requests}) == 1


async def test_a_busy_webhook_is_waited_for_no_longer_than_its_timeout(kube: Kube, hook: Hook) -> None:
    await register(kube, hook, timeoutSeconds=3)
    hook.fails(web.Response(status=503, headers={"Retry-After": "3600"}))
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("shop", deployment())
    assert "context deadline exceeded" in status_of(error)["message"]
    assert len(hook.requests) == 1


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        ({"op": "add", "path": "/spec/missing/deep", "value": 1}, "doc is missing path"),
        ({"op": "remove", "path": "/spec/missing"}, "Unable to remove nonexistent key: missing"),
        ({"op": "replace", "path": "/spec/replicas", "value": "many"}, "cannot unmarshal string"),
    ],
)
async def test_a_patch_that_does_not_apply_fails_even_under_ignore(
    kube: Kube, hook: Hook, operation: Json, why: str
) -> None:
    await register(kube, hook, failurePolicy="Ignore")
    hook.patches(operation)
    with pytest.raises(ApiException) as error:
        await kube.apps.create_namespaced_deployment("shop", deployment())
    status = status_of(error)
    assert (status["code"], status["reason"]) == (500, "InternalError")
    assert why in status["message"]
