"""What the API server fills in, and where it does not."""

from __future__ import annotations

import pytest

from kubedoor_dev.cluster import defaulting
from kubedoor_dev.cluster.reading import read
from kubedoor_dev.cluster.resources import AUTOSCALERS, DEPLOYMENTS, NAMESPACES, PODS, WEBHOOKS
from unit.cluster.manifests import Json, deployment, with_resources


def pod_spec(obj: Json) -> Json:
    found: Json = read(DEPLOYMENTS, "", obj)["spec"]["template"]["spec"]
    return found


def test_a_deployments_spec() -> None:
    made = deployment()
    del made["spec"]["replicas"]
    spec = read(DEPLOYMENTS, "", made)["spec"]
    assert {key: spec[key] for key in spec.keys() - {"selector", "template"}} == {
        "replicas": 1,
        "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"},
        },
        "revisionHistoryLimit": 10,
        "progressDeadlineSeconds": 600,
    }


def test_zero_replicas_stay_zero() -> None:
    assert read(DEPLOYMENTS, "", deployment(replicas=0))["spec"]["replicas"] == 0


def test_recreate_has_no_rolling_update() -> None:
    obj = read(DEPLOYMENTS, "", deployment(strategy={"type": "Recreate"}))
    assert obj["spec"]["strategy"] == {"type": "Recreate"}


def test_a_pod_template() -> None:
    spec = pod_spec(deployment())
    (container,) = spec.pop("containers")
    assert spec == {
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "securityContext": {},
        "schedulerName": "default-scheduler",
    }
    assert container["imagePullPolicy"] == "IfNotPresent"
    assert container["terminationMessagePath"] == "/dev/termination-log"


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("nginx", "Always"), ("nginx:latest", "Always"), ("registry:5000/nginx", "Always"),
        ("nginx:1.2", "IfNotPresent"), ("registry:5000/nginx:1.2", "IfNotPresent"),
        ("nginx@sha256:0123", "IfNotPresent"),
    ],
)  # fmt: skip
def test_pull_policy(image: str, policy: str) -> None:
    made = deployment()
    made["spec"]["template"]["spec"]["containers"][0]["image"] = image
    assert pod_spec(made)["containers"][0]["imagePullPolicy"] == policy


def test_a_templates_requests_stay_as_written() -> None:
    limits = {"limits": {"cpu": "1", "memory": "1Gi"}}
    assert pod_spec(with_resources(limits))["containers"][0]["resources"] == limits


def test_a_pods_requests_come_from_its_limits() -> None:
    resources = {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "100m"}}
    template = with_resources(resources)["spec"]["template"]
    pod = read(PODS, "", {"metadata": {"name": "p"}, "spec": template["spec"]})
    requests = pod["spec"]["containers"][0]["resources"]["requests"]
    assert requests == {"cpu": "100m", "memory": "1Gi"}


def test_probes_ports_and_volumes() -> None:
    made = deployment()
    spec = made["spec"]["template"]["spec"]
    spec["containers"][0] |= {
        "ports": [{"containerPort": 80}],
        "readinessProbe": {"httpGet": {"port": 80}},
    }
    spec["volumes"] = [{"name": "scratch"}, {"name": "settings", "configMap": {"name": "c"}}]
    filled = pod_spec(made)
    container = filled["containers"][0]
    assert container["ports"] == [{"containerPort": 80, "protocol": "TCP"}]
    assert container["readinessProbe"] == {
        "httpGet": {"port": 80, "path": "/", "scheme": "HTTP"},
        "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
    }  # fmt: skip
    assert filled["volumes"] == [
        {"name": "scratch", "emptyDir": {}},
        {"name": "settings", "configMap": {"name": "c", "defaultMode": 420}},
    ]


def test_a_webhook_configuration() -> None:
    webhook = {"name": "a.b.c", "clientConfig": {"service": {"name": "s", "namespace": "n"}}, "rules": [{}]}
    obj = read(WEBHOOKS, "", {"metadata": {"name": "x"}, "webhooks": [webhook]})
    filled = obj["webhooks"][0]
    assert filled["failurePolicy"] == "Fail"
    assert filled["matchPolicy"] == "Equivalent"
    assert filled["timeoutSeconds"] == 10
    assert filled["namespaceSelector"] == filled["objectSelector"] == {}
    assert filled["clientConfig"]["service"]["port"] == 443
    assert filled["rules"] == [{"scope": "*"}]


def test_a_namespace_carries_its_name() -> None:
    obj = read(NAMESPACES, "", {"metadata": {"name": "shop"}})
    assert obj["metadata"]["labels"] == {"kubernetes.io/metadata.name": "shop"}
    assert obj["status"] == {"phase": "Active"}


def test_an_autoscaler_has_a_metric() -> None:
    target = {"kind": "Deployment", "name": "web", "apiVersion": "apps/v1"}
    obj = read(AUTOSCALERS, "", {"spec": {"maxReplicas": 3, "scaleTargetRef": target}})
    assert obj["spec"]["minReplicas"] == 1
    assert obj["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"] == 80


def test_filling_in_twice_is_filling_in_once() -> None:
    once = read(DEPLOYMENTS, "", deployment())
    again = read(DEPLOYMENTS, "", once)
    defaulting.deployment(again)
    assert again == once
