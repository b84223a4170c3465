"""Each object of each configuration is one that Kubernetes takes, and belongs to the release."""

from __future__ import annotations

import json
from functools import cache

import helm_python as helm
import kubernetes_validate
import pytest

from kubedoor_dev.chart import CHART
from support.rendering import CONFIGURATIONS, MINIMAL, objects, objects_of, of_kind, pods, rendered, templates

VERSIONS = ("1.28", "1.37")
OF_OPERATORS = {"cert-manager.io/v1", "monitoring.coreos.com/v1", "gateway.networking.k8s.io/v1"}


@cache
def validate(document: str, version: str) -> None:
    """Hold an object against the schema of a version, once: most are the same in every configuration."""
    kubernetes_validate.validate(json.loads(document), version, strict=True)


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_kubernetes_takes_every_object(configuration: str) -> None:
    for found in objects_of(configuration):
        if found["apiVersion"] in OF_OPERATORS:
            continue
        for version in VERSIONS:
            validate(json.dumps(found), version)


def test_the_validation_would_notice_a_misspelt_field() -> None:
    found = objects(rendered("minimal"))[0]
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**found, "specc": {}}, VERSIONS[0], strict=True)


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_no_two_objects_have_one_name(configuration: str) -> None:
    found = [(each["kind"], each["metadata"]["name"]) for each in objects_of(configuration)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_object_says_what_it_belongs_to(configuration: str) -> None:
    for found in objects_of(configuration):
        labels = found["metadata"]["labels"]
        assert labels["app.kubernetes.io/part-of"] == "kubedoor"
        assert labels["app.kubernetes.io/instance"] == "kubedoor"


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_installing_switches_no_admission_on(configuration: str) -> None:
    kinds = {found["kind"] for found in objects_of(configuration)}
    assert not {kind for kind in kinds if "Webhook" in kind or "AdmissionPolicy" in kind}
    assert "KUBEDOOR_MODE" not in "".join(rendered(configuration).values())


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_templates_are_named_by_component_and_kind(configuration: str) -> None:
    components = {
        "api",
        "backup",
        "clickhouse",
        "collector",
        "console",
        "grafana",
        "migrate",
        "monitoring",
        "webhook",
    }
    for name, text in rendered(configuration).items():
        if objects({name: text}) and name != "networkpolicy.yaml":
            assert name.partition("-")[0] in components, name


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_what_pods_refer_to_is_in_the_release_or_was_given(configuration: str) -> None:
    given = {"ch", "sign-in", "prometheus", "chat", "webhook-pair", "clusters", "directory", "prometheus-ca"}
    given |= {"api-server-ca", "grafana-key", "tenant", "store", "ai", "ca", "metrics", "ingest", "routes"}
    made = {(each["kind"], each["metadata"]["name"]) for each in objects_of(configuration)}
    certificates = {each["spec"]["secretName"] for each in of_kind(configuration, "Certificate")}
    for _, pod in pods(configuration):
        entries = [entry for each in pod["containers"] for entry in each.get("env", [])]
        names = [entry["valueFrom"]["secretKeyRef"]["name"] for entry in entries if "valueFrom" in entry]
        names += [volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume]
        for name in names:
            assert ("Secret", name) in made or name in given | certificates, name
        for volume in pod["volumes"]:
            if claim := volume.get("persistentVolumeClaim"):
                name = claim["claimName"]
                assert ("PersistentVolumeClaim", name) in made or name == "archive"
            if "configMap" in volume:
                assert ("ConfigMap", volume["configMap"]["name"]) in made
        account = pod["serviceAccountName"]
        assert account in ("default", "given") or ("ServiceAccount", account) in made


def test_helm_has_no_complaint() -> None:
    found = helm.lint(str(CHART), MINIMAL, strict=True, namespace="kubedoor")
    assert found["errors"] == []
    assert found["messages"] == []


def test_names_stay_within_what_kubernetes_allows() -> None:
    values = {"env": "e", "prometheus": {"url": "http://p"}, "fullnameOverride": "x" * 63}
    assert all(len(found["metadata"]["name"]) <= 63 for found in objects(templates(values)))
