"""The monitoring stack that the chart brings along: who runs, who may ask whom, and where alerts go."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from support.rendering import MINIMAL, environment, merged, objects, of_kind, pods, templates

AGENT = {"vmagent", "kube-state-metrics", "node-exporter"}
FULL = AGENT | {"victoria-metrics", "vmalert", "alertmanager"}
STACK = "a monitoring stack"


def configuration_of(configuration: str, component: str, file: str) -> dict[str, Any]:
    """Return a file of a component's ConfigMap."""
    found = {one["metadata"]["name"]: one["data"] for one in of_kind(configuration, "ConfigMap")}
    document: dict[str, Any] = yaml.safe_load(found[f"kubedoor-{component}"][file])
    return document


@pytest.mark.parametrize(
    ("configuration", "running"),
    [("minimal", set()), ("an agent", AGENT), (STACK, FULL)],
    ids=["none", "agent", "full"],
)
def test_what_is_asked_for_runs(configuration: str, running: set[str]) -> None:
    assert {component for component, _ in pods(configuration)} & FULL == running


def test_kubedoor_reads_the_store_that_came_along() -> None:
    for component in ("api", "collector"):
        told = environment(STACK, component)
        assert told["KUBEDOOR_PROMETHEUS_URL"]["value"].endswith("-victoria-metrics.kubedoor.svc:8428")
        assert told["KUBEDOOR_PROMETHEUS_TYPE"]["value"] == "victoria-metrics-single"
        assert told["KUBEDOOR_PROMETHEUS_ENV_LABEL"]["value"] == "env=test"


def test_every_sample_bears_its_env() -> None:
    for configuration in (STACK, "an agent"):
        told = configuration_of(configuration, "vmagent", "prometheus.yaml")
        assert told["global"]["external_labels"] == {"env": "test"}


def test_an_agent_writes_to_the_given_address_with_its_token() -> None:
    arguments = dict(pods("an agent"))["vmagent"]["containers"][0]["args"]
    assert "-remoteWrite.url=https://metrics.example.org/api/v1/write" in arguments
    assert "-remoteWrite.bearerTokenFile=/etc/remote-write/token" in arguments


def test_kubelets_are_verified_where_that_is_asked_for() -> None:
    for configuration, verified in ((STACK, False), ("an agent", True)):
        jobs = configuration_of(configuration, "vmagent", "prometheus.yaml")["scrape_configs"]
        settings = [job["tls_config"] for job in jobs if job["job_name"] in ("cadvisor", "kubelet")]
        assert all(("ca_file" in one) == verified for one in settings)
        assert all(one.get("insecure_skip_verify", False) != verified for one in settings)


def test_alerts_of_each_env_go_to_that_env() -> None:
    told = configuration_of(STACK, "alertmanager", "alertmanager.yaml")
    urls = {
        one["name"]: [hook["url"] for hook in one.get("webhook_configs", [])] for one in told["receivers"]
    }
    sent_to = "http://kubedoor-console.kubedoor.svc:80/api/v1/envs/{}/alerts/alertmanager"
    assert urls == {f"kubedoor-{env}": [sent_to.format(env)] for env in ("test", "far")}
    assert told["route"]["receiver"] == "kubedoor-test"
    assert [(one["receiver"], one["matchers"]) for one in told["route"]["routes"]] == [
        ("kubedoor-far", ['env="far"'])
    ]


def test_without_a_token_alerts_stay_in_alertmanager() -> None:
    told = configuration_of("every pod placed", "alertmanager", "alertmanager.yaml")
    assert told["receivers"] == [{"name": "kubedoor-test"}]


def test_somebodys_own_routes_take_the_place_of_ours() -> None:
    configuration = "a monitoring stack with its own routes"
    names = {one["metadata"]["name"] for one in of_kind(configuration, "ConfigMap")}
    assert "kubedoor-alertmanager" not in names
    volumes = dict(pods(configuration))["alertmanager"]["volumes"]
    assert {"routes"} == {one["secret"]["secretName"] for one in volumes if "secret" in one}


def test_rules_are_about_what_the_release_has() -> None:
    groups = {
        configuration: {
            group["name"] for group in configuration_of(configuration, "vmalert", "kubedoor.yaml")["groups"]
        }
        for configuration in (STACK, "a monitoring stack with its own routes")
    }
    every = {"kubedoor-webhook", "kubedoor-api", "kubedoor-collector", "kubedoor-migrate", "kubedoor-backup"}
    assert groups[STACK] == every
    assert groups["a monitoring stack with its own routes"] == every - {"kubedoor-webhook", "kubedoor-backup"}


def test_nobody_may_list_secrets() -> None:
    values = merged(MINIMAL, {"prometheus": {"url": ""}, "monitoring": {"stack": "full"}})
    roles = [
        one
        for one in objects(templates(values))
        if one["kind"] == "ClusterRole"
        and one["metadata"]["labels"]["app.kubernetes.io/component"] in ("vmagent", "kube-state-metrics")
    ]
    assert len(roles) == 2
    for rule in (rule for role in roles for rule in role["rules"]):
        assert not {"secrets", "configmaps", "nodes/proxy", "*"} & set(rule["resources"])
        assert set(rule["verbs"]) <= {"get", "list", "watch"}


def test_kube_state_metrics_may_list_what_it_tells_of() -> None:
    arguments = dict(pods(STACK))["kube-state-metrics"]["containers"][0]["args"]
    told = next(one for one in arguments if one.startswith("--resources=")).partition("=")[2].split(",")
    role = next(
        one
        for one in of_kind(STACK, "ClusterRole")
        if one["metadata"]["name"].endswith("-kube-state-metrics")
    )
    assert sorted(told) == sorted(name for rule in role["rules"] for name in rule["resources"])


def reached_by(component: str) -> set[str]:
    """Return which components may reach another one."""
    policy = next(
        one for one in of_kind(STACK, "NetworkPolicy") if one["metadata"]["name"] == f"kubedoor-{component}"
    )
    peers = [peer for rule in policy["spec"].get("ingress", []) for peer in rule.get("from", [{}])]
    return {
        peer.get("podSelector", {}).get("matchLabels", {}).get("app.kubernetes.io/component", "others")
        for peer in peers
    }


def test_each_part_is_reached_by_whom_it_concerns_alone() -> None:
    assert reached_by("vmagent") == reached_by("vmalert") == set()
    assert reached_by("kube-state-metrics") == reached_by("node-exporter") == {"vmagent"}
    assert reached_by("victoria-metrics") == {"vmagent", "vmalert", "api", "collector", "others"}
    assert reached_by("alertmanager") == {"vmalert"}
    assert "vmagent" in reached_by("api") & reached_by("collector") & reached_by("webhook")
