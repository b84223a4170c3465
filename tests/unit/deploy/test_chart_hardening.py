"""Each pod of each configuration runs with as little as it can."""

from __future__ import annotations

import pytest

from kubedoor_dev.chart import CHART
from support.rendering import CONFIGURATIONS, environment, objects_of, of_kind, pods, rendered, secret_files

PRE_STOP_S = 5
SECRETS = ("_ACCESS_KEY_ID", "_ACCESS_KEY", "_PASSWORD", "_TOKEN", "_SECRET", "_NOTIFY_URLS")


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_no_pod_is_root_or_gets_more_than_it_needs(configuration: str) -> None:
    for component, pod in pods(configuration):
        assert pod["securityContext"]["runAsNonRoot"] is True, component
        assert configuration == "OpenShift" or pod["securityContext"]["runAsUser"] > 0
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        asked_for = (
            {"hostNetwork"} if (configuration, component) == ("the nodes' network", "webhook") else set()
        )
        assert {"hostNetwork", "hostPID", "hostIPC"} & pod.keys() == asked_for
        paths = [volume["hostPath"]["path"] for volume in pod["volumes"] if "hostPath" in volume]
        assert paths == ["/"] * (component == "node-exporter" and configuration != "an agent")


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_no_pod_gets_variables_of_services(configuration: str) -> None:
    assert all(pod["enableServiceLinks"] is False for _, pod in pods(configuration))


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_who_asks_kubernetes_gets_a_token(configuration: str) -> None:
    """The api, what takes its webhook configuration away at the end, and what finds out what to scrape."""
    with_token = {component for component, pod in pods(configuration) if pod["automountServiceAccountToken"]}
    assert with_token <= {"api", "uninstall", "vmagent", "kube-state-metrics"}


def test_a_nodes_root_is_mounted_for_looking_alone() -> None:
    exporter = dict(pods("a monitoring stack"))["node-exporter"]["containers"][0]
    mounts = {mount["mountPath"]: mount for mount in exporter["volumeMounts"]}
    assert mounts["/host"]["readOnly"] is True


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_container_is_locked_down(configuration: str) -> None:
    for component, pod in pods(configuration):
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, component
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
            assert "memory" in container["resources"]["limits"]
            assert not container["image"].endswith(":latest")


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_server_is_probed(configuration: str) -> None:
    for component, pod in pods(configuration):
        for container in pod["containers"]:
            if component in ("migrate", "backup", "restore", "webhook-test", "uninstall"):
                continue
            scheme = container["readinessProbe"]["httpGet"].get("scheme", "HTTP")
            assert scheme == ("HTTPS" if component == "webhook" else "HTTP")
            assert "livenessProbe" in container


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_secrets_are_only_in_secrets(configuration: str) -> None:
    for component, _ in pods(configuration):
        for name, entry in environment(configuration, component).items():
            if name.endswith(SECRETS):
                assert "secretKeyRef" in entry["valueFrom"], name
    elsewhere = [found for found in objects_of(configuration) if found["kind"] != "Secret"]
    assert "s3cret" not in str(elsewhere)
    assert "s3cret" not in rendered(configuration)["NOTES.txt"]


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_our_services_read_secrets_from_files(configuration: str) -> None:
    """But for one that a given Secret need not have."""
    for component, pod in pods(configuration):
        if component in ("clickhouse", "webhook-test"):
            continue
        entries = pod["containers"][0].get("env", [])
        in_environment = {
            entry["name"]
            for entry in entries
            if "valueFrom" in entry and entry["name"].startswith("KUBEDOOR_")
        }
        given = "Secret sign-in" in rendered(configuration)["NOTES.txt"]
        assert in_environment == ({"KUBEDOOR_PROXY_SECRET"} if given and component == "api" else set())
        if component in ("collector", "webhook", "api", "migrate") and configuration == "minimal":
            assert "KUBEDOOR_CLICKHOUSE_PASSWORD" in dict(secret_files(configuration, component))


def test_no_password_is_in_the_values() -> None:
    text = (CHART / "values.yaml").read_text()
    found = [line.strip() for line in text.splitlines() if line.strip().startswith("password:")]
    assert len(found) == 3
    assert set(found) == {'password: ""'}


def test_the_api_sees_the_authority_of_the_webhook_but_not_its_key() -> None:
    api = dict(pods("minimal"))["api"]
    volume = next(volume for volume in api["volumes"] if volume["name"] == "webhook-ca")
    assert [item["key"] for item in volume["secret"]["items"]] == ["ca.crt"]


def test_the_webhook_outlives_its_drain() -> None:
    for configuration in CONFIGURATIONS:
        pod = dict(pods(configuration)).get("webhook")
        if pod is None:
            continue
        drain_s = float(environment(configuration, "webhook")["KUBEDOOR_DRAIN_SECONDS"]["value"])
        assert pod["terminationGracePeriodSeconds"] >= PRE_STOP_S + drain_s + 30 + 5


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_who_is_called_answers_until_nothing_leads_there_any_more(configuration: str) -> None:
    for component, pod in pods(configuration):
        if component in ("webhook", "api", "console"):
            command = pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]
            assert f"{PRE_STOP_S}" in command[-1]
            assert not {"sh", "bash", "/bin/sh"} & set(command), "no image needs a shell"
            assert pod["terminationGracePeriodSeconds"] > PRE_STOP_S


def test_the_webhook_is_there_when_a_node_is_not() -> None:
    webhook = next(
        found for found in of_kind("minimal", "Deployment") if found["metadata"]["name"] == "kubedoor-webhook"
    )
    pod = webhook["spec"]["template"]["spec"]
    budgets = {each["metadata"]["name"]: each["spec"] for each in of_kind("minimal", "PodDisruptionBudget")}
    budget = budgets["kubedoor-webhook"]
    assert webhook["spec"]["replicas"] == 2
    assert webhook["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert budget["maxUnavailable"] == 1
    assert (
        budget["selector"]["matchLabels"].items() <= webhook["spec"]["template"]["metadata"]["labels"].items()
    )
    assert {rule["topologyKey"] for rule in pod["topologySpreadConstraints"]} == {
        "kubernetes.io/hostname",
        "topology.kubernetes.io/zone",
    }
    assert pod["priorityClassName"] == of_kind("minimal", "PriorityClass")[0]["metadata"]["name"]
