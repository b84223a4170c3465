"""Every pod of the chart is placed, labelled, limited and supplied in one way."""

from __future__ import annotations

from typing import Any, cast
from xml.etree import ElementTree as ET

import helm_python as helm
import pytest
import yaml

from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.nodes.actions.draining import SCRATCH, loses_scratch_only
from kubedoor_dev.chart import CHART, COMPONENTS
from support.rendering import (
    CONFIGURATIONS,
    MINIMAL,
    PLACED,
    Object,
    container,
    environment,
    merged,
    objects_of,
    of_kind,
    pod_template,
    pods,
    templates,
)

ALL = {
    "collector", "webhook", "api", "console", "clickhouse", "migrate", "backup", "webhook-test", "uninstall",
    "restore", "vmagent", "kube-state-metrics", "node-exporter", "victoria-metrics", "vmalert",
    "alertmanager",
}  # fmt: skip
PLACEMENT = ("nodeSelector", "tolerations", "affinity", "topologySpreadConstraints", "priorityClassName")
OWN = {"webhook": {"tolerations", "priorityClassName"}}
"""What a component has of its own in the configuration in which every pod is placed."""
VALUES = {
    "clickhouse": "clickhouse.bundled",
    "webhook-test": "webhookTest",
    "restore": "backup",
    "vmagent": "monitoring.vmagent",
    "kube-state-metrics": "monitoring.kubeStateMetrics",
    "node-exporter": "monitoring.nodeExporter",
    "victoria-metrics": "monitoring.victoriaMetrics",
    "vmalert": "monitoring.vmalert",
    "alertmanager": "monitoring.alertmanager",
}


def metadata(configuration: str) -> dict[str, Object]:
    """Return labels and annotations of each component's pods."""
    found = [
        each if each["kind"] == "Pod" else pod_template(each)
        for each in objects_of(configuration)
        if each["kind"] == "Pod" or pod_template(each)
    ]
    made = [each["metadata"] for each in found if each]
    return {each["labels"]["app.kubernetes.io/component"]: each for each in made}


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_the_empty_dir_tmp_is_mounted_at_tmp_alone(configuration: str) -> None:
    for component, spec in pods(configuration):
        mounts = [each for one in spec["containers"] for each in one.get("volumeMounts") or []]
        assert {one["mountPath"] for one in mounts if one["name"] == SCRATCH} <= {"/tmp"}, component


def in_ours(template: Any) -> Pod:
    """Return a pod of a template, as it would be in KubeDoor's namespace."""
    made: Any = {**template, "metadata": {**template["metadata"], "namespace": "kubedoor"}}
    return cast("Pod", made)


def test_which_pods_lose_nothing_that_is_worth_keeping() -> None:
    found = [template for each in objects_of("minimal") if (template := pod_template(each))]
    lose_nothing = {
        one["metadata"]["labels"]["app.kubernetes.io/component"]
        for one in found
        if loses_scratch_only(in_ours(one), "kubedoor")
    }
    assert {"api", "webhook", "collector", "console"} <= lose_nothing
    assert "clickhouse" not in lose_nothing, "its log is in an emptyDir"


def test_every_pod_of_the_chart_is_among_them() -> None:
    assert set(dict(pods("every pod placed"))) == ALL
    assert {VALUES.get(name, name) for name in ALL} == set(COMPONENTS)


@pytest.mark.parametrize("component", sorted(ALL))
def test_what_is_set_for_all_pods_holds_for_each(component: str) -> None:
    pod = dict(pods("every pod placed"))[component]
    for key in PLACEMENT:
        assert key in OWN.get(component, set()) or pod[key] == PLACED[key], key
    assert metadata("every pod placed")[component]["labels"]["team"] == "platform"
    assert metadata("every pod placed")[component]["annotations"]["example.org/injected"] == "false"
    found = container("every pod placed", component)
    assert found["resources"]["limits"]["cpu"] == "1"
    assert "memory" in found["resources"]["limits"], "its own limit is kept"
    assert environment("every pod placed", component)["EXTRA"] == {"name": "EXTRA", "value": "1"}
    assert PLACED["extraVolumeMounts"][0] in found["volumeMounts"]
    assert PLACED["extraVolumes"][0] in pod["volumes"]


@pytest.mark.parametrize("component", sorted(ALL))
def test_each_component_may_have_its_own(component: str) -> None:
    own: Object = {
        **PLACED,
        "nodeSelector": {"own": "yes"},
        "resources": {"limits": {"cpu": "2"}},
        "containerSecurityContext": {"readOnlyRootFilesystem": False},
    }
    own.pop("priorityClassName")
    group: Object = own
    for name in reversed(VALUES.get(component, component).split(".")):
        group = {name: group}
    values = merged(
        merged(
            MINIMAL,
            {
                "backup": {"enabled": True},
                "pods": {"nodeSelector": {"all": "x"}},
                "prometheus": {"url": ""},
                "monitoring": {"stack": "full"},
            },
        ),
        group,
    )
    made = [each for text in templates(values).values() for each in _workloads(text)]
    for made_for, pod in made:
        name = component if VALUES.get(made_for, made_for) == VALUES.get(component, component) else made_for
        expected = {"all": "x", "own": "yes"} if name == component else {"all": "x"}
        assert pod["nodeSelector"] == expected, name
        assert ("cpu" in pod["containers"][0]["resources"]["limits"]) == (name == component), name
        context = pod["containers"][0]["securityContext"]
        assert context["readOnlyRootFilesystem"] is (name != component), name


def _workloads(text: str) -> list[tuple[str, Object]]:
    if "apiVersion" not in text:
        return []
    found = [each for each in yaml.safe_load_all(text) if isinstance(each, dict)]
    made = [each if each["kind"] == "Pod" else pod_template(each) for each in found]
    return [
        (each["metadata"]["labels"]["app.kubernetes.io/component"], each["spec"]) for each in made if each
    ]


def test_a_label_of_ones_own_changes_no_selector() -> None:
    values = {"pods": {"podLabels": {"app.kubernetes.io/component": "mine", "tier": "0"}}}
    text = templates(merged(MINIMAL, values))["webhook-deployment.yaml"]
    deployment = yaml.safe_load(text)
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert labels["tier"] == "0"


def test_openshift_gives_the_ids() -> None:
    for component, pod in pods("OpenShift"):
        assert not {"runAsUser", "runAsGroup", "fsGroup"} & pod["securityContext"].keys(), component
        assert pod["securityContext"]["runAsNonRoot"] is True


def test_security_contexts_may_be_unset() -> None:
    values = {"pods": {"userIds": False, "podSecurityContext": None, "containerSecurityContext": None}}
    made = [each for text in templates(merged(MINIMAL, values)).values() for each in _workloads(text)]
    assert len(made) > 5
    for name, pod in made:
        assert "securityContext" not in pod, name
        assert "securityContext" not in pod["containers"][0], name


def test_every_image_comes_from_the_mirror() -> None:
    images = {pod["containers"][0]["image"] for _, pod in pods("a mirror")}
    assert len(images) == 5
    mirror = "registry.example.org:5000/mirror/"
    assert all(image.startswith((f"{mirror}kubedoor/kubedoor-", f"{mirror}clickhouse/")) for image in images)
    assert container("a mirror", "webhook")["image"].endswith(f"@sha256:{'0' * 64}")
    assert "@" not in container("a mirror", "api")["image"]


def test_a_mirror_of_an_image_without_registry() -> None:
    values = {"imageRegistry": "r.example.org", "image": {"registry": "kubedoor"}}
    text = templates(merged(MINIMAL, values))["webhook-deployment.yaml"]
    assert "image: r.example.org/kubedoor/kubedoor-webhook:" in text


def test_the_webhook_on_the_nodes_network() -> None:
    pod = dict(pods("the nodes' network"))["webhook"]
    assert pod["hostNetwork"] is True
    assert pod["dnsPolicy"] == "ClusterFirstWithHostNet"
    deployments = {
        each["metadata"]["name"]: each["spec"] for each in of_kind("the nodes' network", "Deployment")
    }
    strategy = deployments["kubedoor-webhook"]["strategy"]["rollingUpdate"]
    assert strategy == {"maxUnavailable": 1, "maxSurge": 0}, "two can't have one port of a node"
    assert [name for name, each in pods("the nodes' network") if "hostNetwork" in each] == ["webhook"]


def test_services_of_two_families() -> None:
    services = of_kind("two families of addresses", "Service")
    assert len(services) == 5
    for service in services:
        assert service["spec"]["ipFamilyPolicy"] == "PreferDualStack"
        assert service["spec"]["ipFamilies"] == ["IPv6", "IPv4"]
    for component, port in (("collector", 8080), ("api", 8080), ("webhook", 8443)):
        listen = environment("two families of addresses", component)["KUBEDOOR_LISTEN"]["value"]
        assert listen == f"[::]:{port}"
    (nginx,) = [
        each["data"]["nginx.conf"]
        for each in of_kind("two families of addresses", "ConfigMap")
        if "nginx.conf" in each["data"]
    ]
    assert "listen [::]:8080 ipv6only=off;" in nginx


def test_accounts_that_are_given_are_used_and_get_the_rights() -> None:
    configuration = "accounts and annotations of one's own"
    made = {each["metadata"]["name"]: each for each in of_kind(configuration, "ServiceAccount")}
    assert made.keys() == {"kubedoor-webhook", "kubedoor-console", "kubedoor-clickhouse"}
    assert made["kubedoor-webhook"]["metadata"]["annotations"] == {"a/b": "c"}
    accounts = {name: pod["serviceAccountName"] for name, pod in pods(configuration)}
    assert (accounts["api"], accounts["uninstall"], accounts["collector"]) == ("given", "given", "given")
    bindings = of_kind(configuration, "ClusterRoleBinding") + of_kind(configuration, "RoleBinding")
    assert {subject["name"] for binding in bindings for subject in binding["subjects"]} == {"given"}


def test_every_service_may_be_annotated() -> None:
    for service in of_kind("accounts and annotations of one's own", "Service"):
        assert service["metadata"]["annotations"] == {"a/b": "c"}, service["metadata"]["name"]


def test_only_what_tells_the_outside_goes_through_the_proxy() -> None:
    configuration = "accounts and annotations of one's own"
    found = environment(configuration, "api")
    assert found["HTTPS_PROXY"]["value"] == "http://proxy.example.org:3128"
    exceptions = found["NO_PROXY"]["value"].split(",")
    assert {"$(KUBERNETES_SERVICE_HOST)", ".svc", "chat.example.org"} <= set(exceptions)
    assert "" not in exceptions
    assert [name for name, _ in pods(configuration) if "HTTPS_PROXY" in environment(configuration, name)] == [
        "api"
    ]


def test_clickhouses_logs_about_itself_do_not_fill_its_volume() -> None:
    maps = {each["metadata"]["name"]: each["data"] for each in of_kind("minimal", "ConfigMap")}
    tree = ET.fromstring(maps["kubedoor-clickhouse-config"]["kubedoor.xml"])
    logs = {each.tag: each for each in tree if each.tag.endswith("_log")}
    assert {"trace_log", "metric_log", "asynchronous_metric_log", "text_log", "part_log"} <= logs.keys()
    assert [name for name, each in logs.items() if "remove" not in each.attrib] == ["query_log"]
    assert logs["query_log"].findtext("ttl") == "event_date + INTERVAL 7 DAY DELETE"
    size, count = (tree.findtext(f"logger/{name}") for name in ("size", "count"))
    pod = dict(pods("minimal"))["clickhouse"]
    volume = next(each for each in pod["volumes"] if each["name"] == "log")
    assert volume["emptyDir"]["sizeLimit"] == "2Gi"
    assert (size, count) == ("100M", "3"), "two logs of this size leave room in the volume"
    mounts = {each["mountPath"]: each["name"] for each in container("minimal", "clickhouse")["volumeMounts"]}
    assert mounts["/etc/clickhouse-server/config.d/kubedoor.xml"] == "configuration"


def test_clickhouses_log_of_queries_may_be_off() -> None:
    values = {"clickhouse": {"bundled": {"queryLogDays": 0}}}
    text = templates(merged(MINIMAL, values))["clickhouse-configmap.yaml"]
    assert '<query_log remove="1"/>' in text


def test_the_notes_of_an_upgrade_are_true() -> None:
    with helm.Chart.load(CHART) as chart:
        texts = chart.render(MINIMAL, name="kubedoor", namespace="kubedoor", is_upgrade=True)
    notes = next(text for path, text in texts.items() if path.endswith("NOTES.txt"))
    assert "Admission is off" not in notes
    assert "Admission stays as it was" in notes
    assert "helm uninstall kubedoor" in notes
