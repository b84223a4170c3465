"""What is no AdmissionReview gets a 4xx and a problem document that says why."""

from __future__ import annotations

import copy
import json

import aiohttp
import pytest

from support.reviews import Json, deployment, review
from support.webhook import ask

GOOD = review(deployment())
BODY = json.dumps(GOOD).encode()


def without(*path: str) -> bytes:
    document = copy.deepcopy(GOOD)
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return json.dumps(document).encode()


def put(value: object, *path: str) -> bytes:
    document: Json = copy.deepcopy(GOOD)
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return json.dumps(document).encode()


BAD = [
    ("empty", b"", "not JSON"),
    ("truncated", BODY[:-20], "not JSON"),
    ("no JSON", b"\xff\xfe{}", "not JSON"),
    ("NaN", BODY.replace(b'"replicas": 10', b'"replicas": NaN'), "not JSON"),
    ("a list", b"[]", "must be a JSON object"),
    ("another kind", put("Pod", "kind"), "apiVersion and kind must be"),
    ("another version", put("admission.k8s.io/v1beta1", "apiVersion"), "apiVersion and kind must be"),
    ("no request", without("request"), "request is missing"),
    ("request is null", put(None, "request"), "request is missing"),
    ("no uid", without("request", "uid"), "request.uid is missing"),
    ("no resource", without("request", "resource"), "request.resource.resource is missing"),
    ("object is null", put(None, "request", "object"), "request.object is missing"),
    ("object is a list", put([], "request", "object"), "request.object must be an object"),
    ("spec is a list", put([1], "request", "object", "spec"), "spec must be an object"),
    (
        "replicas is text",
        put("3", "request", "object", "spec", "replicas"),
        "spec.replicas must be a whole number",
    ),
    ("replicas is a fraction", put(2.5, "request", "object", "spec", "replicas"), "must be a whole number"),
    (
        "containers is text",
        put("x", "request", "object", "spec", "template", "spec", "containers"),
        "must be a list",
    ),
    ("nested deeply", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "the body is not JSON"),
]


@pytest.mark.parametrize(("what", "body", "reason"), BAD, ids=[case[0] for case in BAD])
async def test_a_bad_body_is_a_400(
    client: aiohttp.ClientSession, what: str, body: bytes, reason: str
) -> None:
    answer = await ask(client, body)
    assert answer.status == 400
    assert answer.document["status"] == 400
    assert reason in answer.document["detail"]


async def test_an_update_without_its_old_object_is_a_400(client: aiohttp.ClientSession) -> None:
    answer = await ask(client, review(deployment(), operation="UPDATE"))
    assert (answer.status, answer.document["detail"]) == (400, "request.oldObject is missing")


async def test_unknown_fields_do_not_matter(client: aiohttp.ClientSession) -> None:
    assert (await ask(client, put({"x": [1]}, "request", "brandNew"))).response["allowed"] is True


async def test_8_mib_is_taken_and_9_mib_refused(client: aiohttp.ClientSession) -> None:
    def padded(size: int) -> bytes:
        start = json.dumps({**GOOD, "padding": ""}).encode()[:-2]
        return start + b"x" * (size - len(start) - 2) + b'"}'

    assert (await ask(client, padded(8 * 1024 * 1024))).status == 200
    refused = await ask(client, padded(9 * 1024 * 1024))
    assert refused.status == 413
    assert refused.document["status"] == 413


async def test_other_paths_and_methods_are_problems_too(client: aiohttp.ClientSession) -> None:
    async with client.get("/mutate") as response:
        assert (response.status, response.content_type) == (405, "application/problem+json")
    async with client.post("/nowhere") as response:
        assert (response.status, response.content_type) == (404, "application/problem+json")
