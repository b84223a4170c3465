"""Several clusters: each env's own, and one that is away hurts no other."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import ClusterConfig, cluster_configs, read_clusters_file
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.settings import BadSettingError
from kubedoor_dev.certificates import make_authority
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.cluster.resources import WEBHOOKS
from support.api import serving


async def test_each_env_has_its_cluster(
    clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path
) -> None:
    one, two = Cluster(Options(tls=True)), Cluster(Options(tls=True))
    async with one.serve(), two.serve():
        files = {
            name: str(cluster.write_kubeconfig(tmp_path / name))
            for name, cluster in (("one", one), ("two", two))
        }
        (tmp_path / "clusters.yaml").write_text(json.dumps(files))
        update = {"env": "one", "clusters_file": str(tmp_path / "clusters.yaml")}
        async with serving(settings.model_copy(update=update)) as api:
            for env in files:
                assert (await api.get(f"/api/v1/envs/{env}/drift")).status == 200
            two.fault(drop=True, count=None)
            assert (await api.get("/api/v1/envs/two/drift")).status == 503
            assert (await api.get("/api/v1/envs/one/drift")).status == 200
            shown = {env["name"]: env["reachable"] for env in (await api.get("/api/v1/envs")).json["items"]}
            assert shown == {"one": True, "two": False}
            assert (await api.get("/api/v1/envs/three/drift")).status == 409


def test_the_file_takes_paths_and_mappings(tmp_path: Path) -> None:
    path = tmp_path / "clusters.yaml"
    path.write_text("a: /etc/a\nb: in-cluster\nc: {kubeconfig: /etc/c, context: prod}\n")
    assert read_clusters_file(path) == {
        "a": ClusterConfig(kubeconfig="/etc/a"),
        "b": ClusterConfig(),
        "c": ClusterConfig(kubeconfig="/etc/c", context="prod"),
    }
    path.write_text("d: {kubeconfig: /etc/d, webhook_ca_file: /etc/d.crt, webhook_service: ns/hook:443}\n")
    assert read_clusters_file(path)["d"].webhook_ca_file == "/etc/d.crt"
    for text in ("a: 1", "[]", "a: {x: 1}", "{"):
        path.write_text(text)
        with pytest.raises(BadSettingError, match="KUBEDOOR_CLUSTERS_FILE"):
            cluster_configs("env", "", str(path))


async def test_each_cluster_is_told_of_its_own_webhook(
    clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path
) -> None:
    one, two = Cluster(Options(tls=True)), Cluster(Options(tls=True))
    async with one.serve(), two.serve():
        authorities = {name: make_authority().certificate_pem for name in ("one", "two")}
        found: dict[str, dict[str, str]] = {}
        for name, cluster in (("one", one), ("two", two)):
            (tmp_path / f"{name}.crt").write_bytes(authorities[name])
            kubeconfig = str(cluster.write_kubeconfig(tmp_path / name))
            found[name] = {"kubeconfig": kubeconfig, "webhook_ca_file": str(tmp_path / f"{name}.crt")}
        found["two"]["webhook_service"] = "governor/webhook:8443"
        (tmp_path / "clusters.yaml").write_text(json.dumps(found))
        update = {
            "env": "centre",
            "clusters_file": str(tmp_path / "clusters.yaml"),
            "webhook_service": "kubedoor/kubedoor-webhook:443",
            "own_namespace": "kubedoor",
        }
        async with serving(settings.model_copy(update=update)) as api:
            for env in found:
                mode = f"/api/v1/envs/{env}/mode"
                version = (await api.get(mode)).json["version"]
                assert (await api.change("PUT", mode, {"mode": "observe"}, version=version)).status == 200
        for name, cluster, service in (("one", one, "kubedoor-webhook"), ("two", two, "webhook")):
            place = cluster.get(Target(WEBHOOKS, "", "kubedoor"))["webhooks"][0]["clientConfig"]
            assert place["service"]["name"] == service
            assert base64.b64decode(place["caBundle"]) == authorities[name]
