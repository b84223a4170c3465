"""Several clusters: each env's own, and one that is away hurts no other."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path

import pytest

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import clusters_file
from kubedoor_api.kube.cluster_configs import ClusterConfig, cluster_configs, read_clusters_file
from kubedoor_api.leader import leadership
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.settings import BadSettingError
from kubedoor_dev.certificates import make_authority
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.cluster.resources import WEBHOOKS
from support.api import Api, serving
from support.waiting import until


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


async def _leads(api: Api, env: str) -> bool:
    leading: bool = (await api.get(f"/api/v1/envs/{env}/leader")).json["leading"]
    return leading


async def _follows(api: Api, env: str) -> bool:
    return not await _leads(api, env)


async def _answers(api: Api, env: str, status: int) -> bool:
    return (await api.get(f"/api/v1/envs/{env}/drift")).status == status


async def _warned(api: Api, words: str) -> bool:
    ready = await api.get("/readyz")
    assert ready.status == 200
    return words in str(ready.json.get("warnings", ""))


async def test_the_file_is_read_again_when_it_changes(
    clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (clusters_file, leadership):
        monkeypatch.setattr(module, "LOOK_PAUSE_S", 0.05)
    file = tmp_path / "clusters.yaml"
    made = {env: Cluster(Options(tls=True, namespaces=("kubedoor",))) for env in ("one", "two", "three")}
    async with made["one"].serve(), made["two"].serve(), made["three"].serve():
        kubeconfigs = {env: str(cluster.write_kubeconfig(tmp_path / env)) for env, cluster in made.items()}

        def write(*envs: str) -> None:
            file.write_text(json.dumps({env: kubeconfigs[env] for env in envs}))

        write("one")
        update = {"env": "one", "clusters_file": str(file), "own_namespace": "kubedoor"}
        async with serving(settings.model_copy(update=update)) as api:
            await until(lambda: _leads(api, "one"))
            assert await _answers(api, "two", 409)
            write("one", "two")
            await until(lambda: _answers(api, "two", 200))
            await until(lambda: _leads(api, "two"))
            file.write_text("one: [a secret that nobody is to read")
            await until(lambda: _warned(api, "KUBEDOOR_CLUSTERS_FILE: line 1"))
            assert not await _warned(api, "secret")
            fleet = (await api.get("/api/v1/fleet")).json
            assert "the clusters of before hold" in fleet["file_trouble"]
            assert await _answers(api, "two", 200)
            file.write_text("{}")
            await until(lambda: _warned(api, "names no cluster"))
            assert await _leads(api, "one")
            shutil.copy(kubeconfigs["three"], kubeconfigs["two"])  # as when a token is rotated
            write("one", "two")
            before = len(made["three"].calls)
            await until(lambda: _answers(api, "two", 200))

            async def asked() -> bool:
                await _answers(api, "two", 200)
                return len(made["three"].calls) > before

            await until(asked)  # a new kubeconfig is enough for that: the file may not have been read yet

            async def mended() -> bool:
                return not await _warned(api, "KUBEDOOR_CLUSTERS_FILE")

            await until(mended)
            write("one")
            await until(lambda: _answers(api, "two", 409))
            await until(lambda: _follows(api, "two"))
            await until(lambda: _leads(api, "one"))


def test_what_is_wrong_is_told_without_what_the_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "clusters.yaml"
    for text in (
        "a: {kubeconfig: /etc/a, mutate_secret: 'not / for a path'}",
        "a: {kubeconfig: /etc/a, mutate_secret: not-for-a-log, x: not-for-a-log}",
        "a: {mutate_secret: not-for-a-log",
    ):
        path.write_text(text)
        with pytest.raises(BadSettingError) as raised:
            read_clusters_file(path)
        assert "not-for-a-log" not in str(raised.value)
        assert "for a path" not in str(raised.value)
