"""Whatever is sent, the answer is a Status of the client's fault, never a fault of the server's."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kubedoor_dev.cluster import ApiError, Cluster, Options, Target
from kubedoor_dev.cluster.attributes import Context
from kubedoor_dev.cluster.copies import copied
from kubedoor_dev.cluster.patches import JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, Patch
from kubedoor_dev.cluster.resources import AUTOSCALERS, DEPLOYMENTS, LEASES, WEBHOOKS, Resource
from unit.cluster.manifests import Json, deployment

ROUNDS = 1500
VALUES: list[Any] = [
    None, True, False, 0, -1, 1, 2.5, 10**12, "", "x", "-", "1Gi", "25%", "a" * 300, "é\n",
    [], {}, [None], [{}], [1], {"": ""}, {"a": None}, {"name": 1}, [[]], {"cpu": "1"}, {"cpu": {}},
    {"limits": {"cpu": "1"}}, {"matchExpressions": [{}]},
    {"matchExpressions": [{"key": "a", "operator": "Like"}]},
]  # fmt: skip

FULL = deployment()
FULL["spec"] |= {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}, "paused": False}
FULL["spec"]["template"]["spec"] = {
    "containers": [
        {
            "name": "main",
            "image": "i:1",
            "ports": [{"containerPort": 80, "name": "http"}],
            "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
            "resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "2"}},
            "readinessProbe": {"httpGet": {"port": 80}},
            "lifecycle": {"preStop": {"httpGet": {"port": 80}}},
            "volumeMounts": [{"name": "v", "mountPath": "/v"}],
        }
    ],
    "initContainers": [{"name": "init", "image": "i:1", "restartPolicy": "Always"}],
    "volumes": [{"name": "v", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}}],
    "resources": {"requests": {"cpu": "4"}},
}
SELECTOR = {"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "a", "operator": "Exists"}]}
RULE = {
    "operations": ["CREATE"],
    "apiGroups": ["apps"],
    "apiVersions": ["v1"],
    "resources": ["deployments"],
}
SERVICE = {"namespace": "n", "name": "s", "port": 443}
WEBHOOK = {
    "name": "a.b.c",
    "clientConfig": {"service": SERVICE, "caBundle": "eA=="},
    "rules": [RULE],
    "namespaceSelector": SELECTOR,
    "admissionReviewVersions": ["v1"],
    "sideEffects": "None",
    "failurePolicy": "Ignore",
}
LEASE = {"holderIdentity": "a", "renewTime": "2026-03-01T12:00:00Z"}
REFERENCE = {"kind": "Deployment", "name": "web"}
AUTOSCALER = {"minReplicas": 1, "maxReplicas": 3, "scaleTargetRef": REFERENCE}
SAMPLES: list[tuple[Resource, Json]] = [
    (DEPLOYMENTS, FULL),
    (LEASES, {"metadata": {"name": "l"}, "spec": LEASE}),
    (AUTOSCALERS, {"metadata": {"name": "h"}, "spec": AUTOSCALER}),
    (WEBHOOKS, {"metadata": {"name": "w"}, "webhooks": [WEBHOOK]}),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        found += places(one, (*path, key))
    return found


def mutated(chance: random.Random, sample: Json) -> Json:
    """A copy with one to three places changed."""
    document = copied(sample)
    for _ in range(chance.randint(1, 3)):
        *parents, last = chance.choice(places(document))
        here: Any = document
        for key in parents:
            here = here[key]
        here[last] = copied(chance.choice(VALUES))
    return document


@pytest.mark.parametrize(("resource", "sample"), SAMPLES, ids=[one.kind for one, _ in SAMPLES])
async def test_broken_objects(resource: Resource, sample: Json) -> None:
    chance = random.Random(20260301)
    cluster = Cluster(Options(namespaces=["shop"]))
    namespace = "shop" if resource.namespaced else ""
    codes: dict[int, int] = {}
    for _ in range(ROUNDS):
        target = Target(resource, namespace)
        try:
            made = await cluster.create(target, mutated(chance, sample))
            code = 201
            one = Target(resource, namespace, made["metadata"]["name"])
            await cluster.api.delete(one, {}, Context())
        except ApiError as error:
            code = error.code
        codes[code] = codes.get(code, 0) + 1
    assert codes.keys() <= {201, 400, 422, 500}
    assert codes[201] > ROUNDS / 50
    assert codes[400] > ROUNDS / 50
    assert codes.get(500, 0) == 0


@pytest.mark.parametrize("kind", [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH])
async def test_broken_patches(kind: str) -> None:
    chance = random.Random(20260301)
    cluster = Cluster(Options(namespaces=["shop"]))
    await cluster.create(Target(DEPLOYMENTS, "shop"), FULL)
    target = Target(DEPLOYMENTS, "shop", "web")
    codes: set[int] = set()
    for _ in range(ROUNDS):
        body: Any = mutated(chance, {"metadata": {"labels": {}}, "spec": FULL["spec"]})
        if kind == JSON_PATCH:
            path = "/" + "/".join(map(str, chance.choice(places(FULL))))
            operation = chance.choice(["add", "remove", "replace", "test", "move", "copy"])
            value = chance.choice(VALUES)
            body = [{"op": operation, "path": path, "from": path, "value": copied(value)}]
        try:
            await cluster.api.patch(target, Patch(kind, body), Context(dry_run=True))
            codes.add(200)
        except ApiError as error:
            codes.add(error.code)
    assert codes <= {200, 400, 409, 422}
    assert {200, 422} <= codes
