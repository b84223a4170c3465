"""The one switch: the stored mode and the configuration in the cluster stay safe in every order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from kubedoor_api.settings import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.resources import WEBHOOKS
from support.api import BASE, Api, serving

MODE = f"{BASE}/mode"
HOOK = Target(WEBHOOKS, "", "kubedoor")
KUBE_PATH = "mutatingwebhookconfigurations"


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    """A simulated cluster."""
    made = Cluster(Options(tls=True))
    async with made.serve():
        yield made


@pytest.fixture
async def governing(
    clickhouse: ClickHouse, settings: ApiSettings, cluster: Cluster, tmp_path: Path
) -> AsyncIterator[Api]:
    """An API that knows the cluster and where the webhook is."""
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    changed = settings.model_copy(
        update={
            "kubeconfig": str(cluster.write_kubeconfig(tmp_path / "kubeconfig")),
            "webhook_url": "https://127.0.0.1:1",
            "webhook_ca_file": str(tmp_path / "ca.pem"),
            "own_namespace": "kubedoor",
        }
    )
    async with serving(changed) as api:
        yield api


def hook_of(cluster: Cluster) -> dict[str, Any] | None:
    """What stands in the cluster."""
    try:
        return cluster.get(HOOK)
    except ApiError:
        return None


async def switch(api: Api, mode: str) -> Any:
    """Switch on the version that stands."""
    version = (await api.get(MODE)).json["version"]
    return await api.change("PUT", MODE, {"mode": mode}, version=version)


async def test_a_new_installation_is_off_and_asks_nothing_of_the_cluster(
    governing: Api, cluster: Cluster
) -> None:
    shown = (await governing.get(MODE)).json
    assert (shown["mode"], shown["version"], shown["hook"]["state"]) == ("off", "0", "absent")
    assert hook_of(cluster) is None


async def test_switching_makes_changes_and_removes_the_configuration(
    governing: Api, cluster: Cluster
) -> None:
    answer = await switch(governing, "observe")
    assert (answer.status, answer.json["hook"]["state"]) == (200, "present")
    hook = hook_of(cluster)
    assert hook is not None
    (webhook,) = hook["webhooks"]
    assert webhook["namespaceSelector"]["matchExpressions"] == [
        {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", "kubedoor"]}
    ]
    assert webhook["failurePolicy"] == "Ignore"
    assert webhook["clientConfig"]["url"] == "https://127.0.0.1:1/mutate"
    assert [(rule["operations"], rule["resources"]) for rule in webhook["rules"]] == [
        (["CREATE", "UPDATE"], ["deployments"]),
        (["UPDATE"], ["deployments/scale"]),
    ]
    assert (await switch(governing, "enforce")).json["mode"] == "enforce"
    assert hook_of(cluster) is not None
    off = (await switch(governing, "off")).json
    assert (off["mode"], off["hook"]["state"]) == ("off", "absent")
    assert hook_of(cluster) is None


async def test_a_cluster_that_is_away_leaves_the_mode_as_it_was(governing: Api, cluster: Cluster) -> None:
    fault = cluster.fault(status=500, path=KUBE_PATH, count=1000)
    answer = await switch(governing, "enforce")
    assert answer.status in {502, 503}
    assert "stays as it was" in answer.json["detail"]
    assert (await governing.get(MODE)).json["mode"] == "off"
    fault.count = 0
    assert (await switch(governing, "enforce")).status == 200
    cluster.fault(status=500, path=KUBE_PATH, count=1000)
    off = await switch(governing, "off")
    assert (off.status, off.json["mode"], off.json["hook"]["state"]) == (200, "off", "unknown")


async def test_a_stale_switch_touches_nothing(governing: Api, cluster: Cluster) -> None:
    await switch(governing, "enforce")
    stale = await governing.change("PUT", MODE, {"mode": "off"}, version="0")
    assert stale.status == 412
    assert stale.json["current"]["mode"] == "enforce"
    assert hook_of(cluster) is not None


async def test_a_namespace_has_its_own_mode_until_it_is_cleared(governing: Api) -> None:
    path = f"{BASE}/namespaces/shop/mode"
    given = (await governing.change("PUT", path, {"mode": "observe"}, version="0")).json
    assert [(own["namespace"], own["mode"]) for own in given["namespaces"]] == [("shop", "observe")]
    assert (await governing.change("DELETE", path, version="0")).status == 412
    version = given["namespaces"][0]["version"]
    assert (await governing.change("DELETE", path, version=version)).json["namespaces"] == []


async def test_without_a_cluster_the_mode_is_stored_and_said_to_be_unmanaged(api: Api) -> None:
    answer = await switch(api, "enforce")
    assert (answer.status, answer.json["hook"]["state"]) == (200, "unmanaged")
