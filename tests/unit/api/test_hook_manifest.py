"""The MutatingWebhookConfiguration from the settings, and laid over one that stands."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.cluster_configs import read_clusters_file
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.webhook_configuration import (
    configured,
    kept_up,
    manifest,
    merge,
    reachable_from_here,
    service_address,
)
from kubedoor_core.domain.admission.decide import Rules
from kubedoor_core.domain.env_policy import AdmissionPolicy
from kubedoor_core.regex import Expression
from support.api import api_settings

CLICKHOUSE = {"KUBEDOOR_CLICKHOUSE_URL": "http://127.0.0.1:1"}


def settings(folder: Path, **more: Any) -> ApiSettings:
    return api_settings(folder, CLICKHOUSE, **more)


EVERYWHERE = AdmissionPolicy(None, {}, Expression(".*"), Expression(""), "kubedoor", Rules())


def made(own: ApiSettings, policy: AdmissionPolicy = EVERYWHERE) -> dict[str, Any]:
    return manifest(own, policy)


def hook(folder: Path, **more: Any) -> dict[str, Any]:
    (found,) = made(settings(folder, **more))["webhooks"]
    return dict(found)


def test_it_is_reached_by_service_or_by_address(tmp_path: Path) -> None:
    assert not configured(settings(tmp_path))
    by_service = settings(tmp_path, webhook_service="kubedoor/webhook:8443")
    assert hook(tmp_path, webhook_service="kubedoor/webhook:8443")["clientConfig"] == {
        "service": {"namespace": "kubedoor", "name": "webhook", "path": "/mutate", "port": 8443}
    }
    assert service_address(by_service) == "https://webhook.kubedoor.svc:8443"
    assert reachable_from_here(by_service, "test")
    assert not reachable_from_here(by_service, "another")
    assert hook(tmp_path, webhook_service="kubedoor/webhook")["clientConfig"]["service"]["port"] == 443
    for url in ("https://h:1", "https://h:1/", "https://h:1/mutate"):
        assert hook(tmp_path, webhook_url=url)["clientConfig"] == {"url": "https://h:1/mutate"}
        assert service_address(settings(tmp_path, webhook_url=url)) == "https://h:1"


def test_the_address_has_the_first_secret(tmp_path: Path) -> None:
    secret = {"mutate_secret": "a-secret-of-17-ch, the-one-before-it"}
    own = settings(tmp_path, webhook_url="https://h:1/mutate", **secret)
    assert kept_up(made(own))[:2] == ("https://h:1/mutate/a-secret-of-17-ch", "")
    assert service_address(own) == "https://h:1"
    by_service = settings(tmp_path, webhook_service="kubedoor/webhook", **secret)
    assert kept_up(made(by_service))[:2] == ("", "/mutate/a-secret-of-17-ch")
    assert kept_up({}) == ("", "", "")


@pytest.mark.parametrize("secret", ["short", "has/a/slash/in/the/middle", "a-secret-of-17-ch,", "ä" * 20])
def test_a_secret_that_fits_no_path_is_refused_at_start(tmp_path: Path, secret: str) -> None:
    with pytest.raises(ValidationError):
        settings(tmp_path, mutate_secret=secret)


def test_another_cluster_has_a_secret_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "clusters.yaml"
    file.write_text("test: {}\neast: {mutate_secret: the-secret-of-east}\nwest: {}\n")
    clusters = Clusters(read_clusters_file(file))
    own = settings(tmp_path, webhook_url="https://h", mutate_secret="the-secret-of-test")
    found = {env: clusters.settings_of(env, own).mutate_secrets for env in ("test", "east", "west")}
    assert found == {"test": ("the-secret-of-test",), "east": ("the-secret-of-east",), "west": ()}


def test_it_never_covers_kube_system_and_our_own(tmp_path: Path) -> None:
    further = '{"matchLabels": {"governed": "yes"}, "matchExpressions": [{"key": "a", "operator": "Exists"}]}'
    found = hook(
        tmp_path, webhook_url="https://h", own_namespace="kubedoor", webhook_namespace_selector=further
    )
    never = {
        "key": "kubernetes.io/metadata.name",
        "operator": "NotIn",
        "values": ["kube-system", "kubedoor"],
    }
    opted_out = {"key": "kubedoor.io/admission", "operator": "NotIn", "values": ["ignored"]}
    assert found["namespaceSelector"] == {
        "matchLabels": {"governed": "yes"},
        "matchExpressions": [never, opted_out, {"key": "a", "operator": "Exists"}],
    }
    assert (found["failurePolicy"], found["timeoutSeconds"]) == ("Ignore", 5)


def test_the_cluster_asks_about_governed_namespaces_only(tmp_path: Path) -> None:
    own = settings(tmp_path, webhook_url="https://h")
    assert made(own)["webhooks"][0]["matchConditions"] == []
    policy = replace(
        EVERYWHERE, namespaces=Expression(r"shop|pay-\d+"), namespaces_excluded=Expression('a"b')
    )
    conditions = made(own, policy)["webhooks"][0]["matchConditions"]
    assert [one["expression"] for one in conditions] == [
        r'request.namespace.matches("^(?:shop|pay-\\d+)$")',
        r'!request.namespace.matches("^(?:a\"b)$")',
    ]
    assert kept_up(made(own, policy)) != kept_up(made(own))


def test_the_ca_comes_from_a_file_or_from_cert_manager(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"pem")
    own = hook(tmp_path, webhook_url="https://h", webhook_ca_file=str(tmp_path / "ca.pem"))
    assert base64.b64decode(own["clientConfig"]["caBundle"]) == b"pem"
    wanted = made(settings(tmp_path, webhook_url="https://h", webhook_cert_manager="kubedoor/cert"))
    assert wanted["metadata"]["annotations"]["cert-manager.io/inject-ca-from"] == "kubedoor/cert"
    standing = {
        "metadata": {"resourceVersion": "7", "annotations": {"note": "theirs"}},
        "webhooks": [{"clientConfig": {"caBundle": "injected"}}],
    }
    merged = merge(wanted, standing)
    assert merged["metadata"]["resourceVersion"] == "7"
    assert merged["metadata"]["annotations"]["note"] == "theirs"
    assert merged["webhooks"][0]["clientConfig"]["caBundle"] == "injected"


@pytest.mark.parametrize("selector", ["{", "[]", '{"matchLabel": {}}'])
def test_a_selector_that_is_none_is_refused_at_start(tmp_path: Path, selector: str) -> None:
    with pytest.raises(ValidationError):
        settings(tmp_path, webhook_namespace_selector=selector)
