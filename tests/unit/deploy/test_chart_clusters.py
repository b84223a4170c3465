"""Several clusters: one api and console for all, collector and webhook in each; how they find each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.cluster_configs import read_clusters_file
from kubedoor_api.kube.webhook_configuration import manifest
from kubedoor_core.domain.admission.decide import Rules
from kubedoor_core.domain.env_policy import AdmissionPolicy
from kubedoor_core.regex import Expression
from kubedoor_dev.demo.paths import CHECKOUT
from support.rendering import MINIMAL, Object, merged, objects, templates

SHARED = {"clickhouse": {"mode": "external", "url": "https://ch.example.org", "existingSecret": "ch"}}
MEMBER = {**SHARED, "api": {"enabled": False, "remoteAccount": True}, "console": {"enabled": False}}
CENTRE = {
    **SHARED,
    "env": "centre",
    "prometheus": {"url": ""},
    "collector": {"enabled": False},
    "webhook": {"enabled": False},
    "api": {"clustersSecret": "clusters"},
}
MEMBERS = ("east", "west")


def release(values: Object) -> list[Object]:
    """Return the objects of one cluster's release."""
    return objects(templates(merged(MINIMAL, values)))


RELEASES = {"centre": release(CENTRE), **{env: release({**MEMBER, "env": env}) for env in MEMBERS}}


def found(cluster: str, kind: str, name: str = "") -> Object:
    """Return one object of a cluster."""
    (one,) = [
        each for each in RELEASES[cluster]
        if each["kind"] == kind and each["metadata"]["name"].endswith(name)
    ]  # fmt: skip
    return one


def env_of(cluster: str, component: str) -> dict[str, Any]:
    """Return the variables of a Deployment's container."""
    pod = found(cluster, "Deployment", component)["spec"]["template"]["spec"]
    return {entry["name"]: entry.get("value") for entry in pod["containers"][0]["env"]}


def test_each_part_runs_where_it_belongs() -> None:
    def deployments(cluster: str) -> set[str]:
        names = [each["metadata"]["name"] for each in RELEASES[cluster] if each["kind"] == "Deployment"]
        return {name.removeprefix("kubedoor-") for name in names}

    assert deployments("centre") == {"api", "console"}
    for member in MEMBERS:
        assert deployments(member) == {"collector", "webhook"}


def test_all_share_one_state_and_each_cluster_has_its_name() -> None:
    parts = [
        ("centre", "-api"),
        *((member, part) for member in MEMBERS for part in ("-collector", "-webhook")),
    ]
    seen = [env_of(*part) for part in parts]
    for name in ("KUBEDOOR_CLICKHOUSE_URL", "KUBEDOOR_CLICKHOUSE_DATABASE", "KUBEDOOR_CLICKHOUSE_USER"):
        assert len({each[name] for each in seen}) == 1
    assert [each["KUBEDOOR_ENV"] for each in seen] == ["centre", "east", "east", "west", "west"]


def test_every_release_brings_the_schema_up_before_anything_else() -> None:
    for cluster in RELEASES:
        annotations = found(cluster, "Job", "-migrate")["metadata"]["annotations"]
        assert annotations["helm.sh/hook"] == "pre-install,pre-upgrade", cluster


def test_the_centre_has_no_rights_of_its_own_and_each_member_an_account_for_it() -> None:
    assert not [each for each in RELEASES["centre"] if each["kind"] in ("ClusterRole", "ClusterRoleBinding")]
    for member in MEMBERS:
        account = found(member, "ServiceAccount", "-api")
        (subject,) = found(member, "ClusterRoleBinding")["subjects"]
        assert subject["name"] == account["metadata"]["name"]
        token = found(member, "Secret", "-api-token")
        assert token["type"] == "kubernetes.io/service-account-token"
        assert token["metadata"]["annotations"]["kubernetes.io/service-account.name"] == subject["name"]
    own = release({**CENTRE, "api": {"clustersSecret": "clusters", "ownCluster": True}})
    assert [each for each in own if each["kind"] == "ClusterRole"]
    assert not [each for each in own if each["metadata"]["name"].endswith("api-token")]


def test_the_rights_are_the_same_wherever_the_api_runs() -> None:
    alone = [each for each in release({}) if each["kind"] == "ClusterRole"]
    assert found("east", "ClusterRole")["rules"] == alone[0]["rules"]


POLICY = AdmissionPolicy(None, {}, Expression(".*"), Expression(""), "kubedoor", Rules())


@pytest.mark.parametrize("member", MEMBERS)
def test_the_centre_tells_a_cluster_where_its_webhook_is(member: str) -> None:
    mounts = {
        mount["mountPath"]: mount["name"]
        for mount in found("centre", "Deployment", "-api")["spec"]["template"]["spec"]["containers"][0][
            "volumeMounts"
        ]
    }
    variables = env_of("centre", "-api")
    folder = variables["KUBEDOOR_CLUSTERS_FILE"].rpartition("/")[0]
    assert mounts[folder] == "clusters"
    assert "KUBEDOOR_WEBHOOK_CA_FILE" not in variables
    service = variables["KUBEDOOR_WEBHOOK_SERVICE"]
    settings = ApiSettings.model_construct(
        own_namespace=variables["KUBEDOOR_OWN_NAMESPACE"], webhook_service=service, webhook_timeout_s=5
    )
    place = manifest(settings, POLICY)["webhooks"][0]["clientConfig"]["service"]
    webhook = found(member, "Service", "-webhook")
    assert (place["namespace"], place["name"]) == (
        webhook["metadata"]["namespace"],
        webhook["metadata"]["name"],
    )
    assert place["port"] == webhook["spec"]["ports"][0]["port"]


def test_the_document_says_what_the_clusters_file_takes(tmp_path: Path) -> None:
    text = (CHECKOUT / "deploy" / "helm" / "clusters.example.yaml").read_text()
    (tmp_path / "clusters.yaml").write_text(text)
    clusters = read_clusters_file(tmp_path / "clusters.yaml")
    assert set(MEMBERS) <= clusters.keys()
    for env in MEMBERS:
        assert clusters[env].kubeconfig == f"/etc/kubedoor/clusters/{env}.kubeconfig"
        assert clusters[env].webhook_ca_file == f"/etc/kubedoor/clusters/{env}.crt"
    files = set(re.findall(r"/etc/kubedoor/clusters/(\S+)", text))
    assert all(f"--from-file={name}" in text for name in files)
    assert yaml.safe_load(text).keys() == clusters.keys()


def test_the_consoles_commands_name_the_secrets_that_a_member_has() -> None:
    commands = (CHECKOUT / "frontend/src/features/fleet/setup/commands.ts").read_text()
    mounted = {
        volume["secret"]["secretName"]
        for volume in found("east", "Deployment", "webhook")["spec"]["template"]["spec"]["volumes"]
        if "secret" in volume
    }
    token = found("east", "Secret", "api-token")["metadata"]["name"]
    named = set(re.findall(r"secret\('([\w-]+)', 'ca", commands))
    assert named == {token, "kubedoor-webhook-tls"}
    assert "kubedoor-webhook-tls" in mounted
