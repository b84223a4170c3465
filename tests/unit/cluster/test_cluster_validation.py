"""What the API server refuses with 422, in its words."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_dev.cluster import validation
from kubedoor_dev.cluster.errors import FieldError, unprocessable
from kubedoor_dev.cluster.reading import read
from kubedoor_dev.cluster.resources import AUTOSCALERS, DEPLOYMENTS, LEASES, WEBHOOKS, Resource
from unit.cluster.manifests import Json, deployment, with_resources


def told(resource: Resource, obj: Json, old: Json | None = None) -> list[str]:
    filled = read(resource, "", obj)
    before = read(resource, "", old) if old else None
    causes: list[FieldError] = [
        *validation.metadata(filled, before), *resource.validate(filled, before)
    ]  # fmt: skip
    return [str(cause) for cause in causes]


def with_pod(**spec: Any) -> Json:
    made = deployment()
    made["spec"]["template"]["spec"] |= spec
    return made


def with_containers(*containers: Json) -> Json:
    return with_pod(containers=[{"image": "i:1", **one} for one in containers])


CONTAINER = "spec.template.spec.containers[0]"
REFUSED: list[tuple[Json, str]] = [
    (deployment(replicas=-1), "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
    (deployment(selector=None), "spec.selector: Required value"),
    (deployment(selector={}), "spec.selector: Invalid value: {}: empty selector is invalid for deployment"),
    (
        deployment(selector={"matchLabels": {"app": "other"}}),
        (
            'spec.template.metadata.labels: Invalid value: {"app":"web"}: '
            "`selector` does not match template `labels`"
        ),
    ),
    (
        with_resources({"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}),
        f'{CONTAINER}.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ),
    (
        with_resources({"requests": {"memory": "2048Mi"}, "limits": {"memory": "1Gi"}}),
        (
            f'{CONTAINER}.resources.requests: Invalid value: "2Gi": '
            "must be less than or equal to memory limit of 1Gi"
        ),
    ),
    (
        with_resources({"requests": {"cpu": "-1"}}),
        f'{CONTAINER}.resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ),
    (
        with_resources({"limits": {"cpus": "1"}}),
        (
            f'{CONTAINER}.resources.limits[cpus]: Invalid value: "cpus": '
            "must be a standard resource for containers"
        ),
    ),
    (
        with_resources({"limits": {"nvidia.com/gpu": "2"}, "requests": {"nvidia.com/gpu": "1"}}),
        f'{CONTAINER}.resources.requests: Invalid value: "1": must be equal to nvidia.com/gpu limit of 2',
    ),
    (
        with_resources({"limits": {"nvidia.com/gpu": "1500m"}}),
        f'{CONTAINER}.resources.limits[nvidia.com/gpu]: Invalid value: "1500m": must be an integer',
    ),
    (with_containers(), "spec.template.spec.containers: Required value"),
    (with_containers({}), f"{CONTAINER}.name: Required value"),
    (with_containers({"name": "a", "image": ""}), f"{CONTAINER}.image: Required value"),
    (
        with_containers({"name": "a"}, {"name": "a"}),
        'spec.template.spec.containers[1].name: Duplicate value: "a"',
    ),
    (
        with_pod(restartPolicy="Never"),
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ),
    (
        with_containers({"name": "a", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}),
        f'{CONTAINER}.volumeMounts[0].name: Not found: "v"',
    ),
    (
        with_containers({"name": "a", "ports": [{"containerPort": 0}]}),
        f"{CONTAINER}.ports[0].containerPort: Invalid value: 0: must be between 1 and 65535, inclusive",
    ),
    (
        deployment(strategy={"type": "Canary"}),
        'spec.strategy.type: Unsupported value: "Canary": supported values: "Recreate", "RollingUpdate"',
    ),
    (
        deployment(
            strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}
        ),
        "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
    ),
    (
        deployment(minReadySeconds=600),
        "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds",
    ),
    (
        with_pod(
            resources={"requests": {"cpu": "1"}},
            containers=[{"name": "a", "image": "i:1", "resources": {"requests": {"cpu": "1500m"}}}],
        ),
        (
            'spec.template.spec.resources.requests[cpu]: Invalid value: "1": '
            "must be greater than or equal to aggregate container requests of 1500m"
        ),
    ),
]


@pytest.mark.parametrize(("obj", "message"), REFUSED, ids=[message[:70] for _, message in REFUSED])
def test_a_deployment_is_refused(obj: Json, message: str) -> None:
    assert message in told(DEPLOYMENTS, obj)


def test_a_good_one_is_not() -> None:
    resources = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1000m"}}
    assert told(DEPLOYMENTS, with_resources(resources)) == []


def test_names_are_dns_labels() -> None:
    (message,) = told(DEPLOYMENTS, with_containers({"name": "Main_1"}))
    assert message.startswith(f'{CONTAINER}.name: Invalid value: "Main_1": a lowercase RFC 1123 label')
    (message,) = told(DEPLOYMENTS, with_containers({"name": "a" * 64}))
    assert message.endswith("must be no more than 63 bytes")


def test_labels_have_a_syntax() -> None:
    made = deployment()
    made["metadata"]["labels"] = {"-bad": "ok", "ok": "not ok"}
    messages = told(DEPLOYMENTS, made)
    assert messages[0].startswith('metadata.labels: Invalid value: "-bad": name part must consist')
    assert messages[1].startswith('metadata.labels: Invalid value: "not ok": a valid label must be')


def test_the_selector_cannot_change() -> None:
    other = deployment(selector={"matchLabels": {"app": "web", "tier": "x"}})
    other["spec"]["template"]["metadata"]["labels"] = {"app": "web", "tier": "x"}
    (message,) = told(DEPLOYMENTS, other, deployment())
    assert message.startswith("spec.selector: Invalid value: {")
    assert message.endswith("field is immutable")


def test_all_causes_are_told_at_once() -> None:
    error = unprocessable(
        DEPLOYMENTS.qualified_kind, "web", list(DEPLOYMENTS.validate(
            read(DEPLOYMENTS, "", deployment(replicas=-1, minReadySeconds=-1)), None))
    )  # fmt: skip
    assert error.code == 422
    assert error.message.startswith('Deployment.apps "web" is invalid: [spec.replicas: Invalid value')
    assert error.status["reason"] == "Invalid"
    details = error.status["details"]
    assert (details["name"], details["group"], details["kind"]) == ("web", "apps", "Deployment")
    assert details["causes"][0] == {
        "reason": "FieldValueInvalid",
        "message": "Invalid value: -1: must be greater than or equal to 0",
        "field": "spec.replicas",
    }


def webhook(**fields: Any) -> Json:
    rule = {"operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"]}
    made = {
        "name": "a.b.c", "clientConfig": {"url": "https://127.0.0.1/mutate"}, "rules": [rule],
        "admissionReviewVersions": ["v1"], "sideEffects": "None", **fields,
    }  # fmt: skip
    kept = {key: value for key, value in made.items() if value is not None}
    return {"metadata": {"name": "x"}, "webhooks": [kept]}


WEBHOOKS_REFUSED: list[tuple[Json, str]] = [
    (webhook(name="kubedoor"), "should be a domain with at least three segments separated by dots"),
    (webhook(sideEffects=None), "webhooks[0].sideEffects: Required value"),
    (webhook(sideEffects="Some"), 'webhooks[0].sideEffects: Unsupported value: "Some"'),
    (webhook(admissionReviewVersions=[]), "webhooks[0].admissionReviewVersions: Required value"),
    (webhook(admissionReviewVersions=["v2"]), "must include at least one of v1, v1beta1"),
    (webhook(timeoutSeconds=31), "the timeout value must be between 1 and 30 seconds"),
    (webhook(failurePolicy="Maybe"), "webhooks[0].failurePolicy: Unsupported value"),
    (webhook(clientConfig={}), "exactly one of url or service is required"),
    (webhook(clientConfig={"url": "http://x/"}), "'https' is the only allowed URL scheme"),
    (webhook(clientConfig={"url": "https://x/?a=b"}), "querys are not permitted in the URL"),
    (webhook(clientConfig={"service": {"name": "s"}}), "clientConfig.service.namespace: Required value"),
    (webhook(rules=[{"operations": ["*", "CREATE"]}]), "if '*' is present, must not specify other values"),
    (webhook(matchConditions=[{"name": "n", "expression": "true"}]), "evaluates no CEL"),
]  # fmt: skip


@pytest.mark.parametrize(("obj", "message"), WEBHOOKS_REFUSED, ids=[m[-40:] for _, m in WEBHOOKS_REFUSED])
def test_a_webhook_configuration_is_refused(obj: Json, message: str) -> None:
    assert any(message in one for one in told(WEBHOOKS, obj))


def test_a_good_webhook_configuration_is_not() -> None:
    assert told(WEBHOOKS, webhook()) == []


def test_an_autoscalers_bounds() -> None:
    target = {"kind": "Deployment", "name": "web"}
    spec = {"minReplicas": 5, "maxReplicas": 3, "scaleTargetRef": target}
    (message,) = told(AUTOSCALERS, {"metadata": {"name": "x"}, "spec": spec})
    assert "must be greater than or equal to `minReplicas`" in message


def test_a_leases_duration() -> None:
    obj = {"metadata": {"name": "x"}, "spec": {"leaseDurationSeconds": 0}}
    assert told(LEASES, obj) == ["spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"]
