"""The one switch: the stored mode and the configuration in the cluster stay safe in every order."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from kubedoor_api.admission import mode as modes
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import webhook_configuration as hook_module
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.webhook_configuration import bring_up_to_date
from kubedoor_core.domain.env_policy import AdmissionPolicy
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.resources import WEBHOOKS
from support.api import BASE, Api, serving
from support.waiting import until
from support.webhook import Webhook, until_ready

MODE = f"{BASE}/mode"
HOOK = Target(WEBHOOKS, "", "kubedoor")
KUBE_PATH = "mutatingwebhookconfigurations"


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
        {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", "kubedoor"]},
        {"key": "kubedoor.io/admission", "operator": "NotIn", "values": ["ignored"]},
    ]
    assert webhook["failurePolicy"] == "Ignore"
    assert webhook["clientConfig"]["url"].endswith("/mutate")
    assert [(rule["operations"], rule["resources"]) for rule in webhook["rules"]] == [
        (["CREATE", "UPDATE"], ["deployments"]),
        (["UPDATE"], ["deployments/scale"]),
    ]
    assert hook_of(cluster) is not None
    off = (await switch(governing, "off")).json
    assert (off["mode"], off["hook"]["state"]) == ("off", "absent")
    assert hook_of(cluster) is None


async def test_a_cluster_that_is_away_leaves_the_mode_as_it_was(governing: Api, cluster: Cluster) -> None:
    fault = cluster.fault(status=500, path=KUBE_PATH, count=1000)
    answer = await switch(governing, "observe")
    assert answer.status in {502, 503}
    assert "stays as it was" in answer.json["detail"]
    assert (await governing.get(MODE)).json["mode"] == "off"
    fault.count = 0
    assert (await switch(governing, "observe")).status == 200
    cluster.fault(status=500, path=KUBE_PATH, count=1000)
    off = await switch(governing, "off")
    assert (off.status, off.json["mode"], off.json["hook"]["state"]) == (200, "off", "unknown")


async def test_a_stale_switch_touches_nothing(governing: Api, cluster: Cluster) -> None:
    await switch(governing, "observe")
    stale = await governing.change("PUT", MODE, {"mode": "off"}, version="0")
    assert stale.status == 412
    assert stale.json["current"]["mode"] == "observe"
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


async def test_enforcing_takes_a_webhook_that_answers(
    governing: Api, cluster: Cluster, webhook: Webhook
) -> None:
    refused = await switch(governing, "enforce")
    assert (refused.status, "does not answer" in refused.json["detail"]) == (409, True)
    assert hook_of(cluster) is None
    with webhook.running():
        async with webhook.session() as session:
            await until_ready(session)
        assert (await switch(governing, "enforce")).json["mode"] == "enforce"
    assert hook_of(cluster) is not None


async def _address(cluster: Cluster) -> str:
    hook = hook_of(cluster)
    return hook["webhooks"][0]["clientConfig"]["url"] if hook else ""


async def test_the_configuration_has_the_secret_and_follows_it_when_it_changes(
    knowing: ApiSettings, cluster: Cluster
) -> None:
    first = knowing.model_copy(update={"mutate_secret": SecretStr("the-first-secret-of-all")})
    async with serving(first) as api:
        assert (await switch(api, "observe")).status == 200
        assert (await _address(cluster)).endswith("/mutate/the-first-secret-of-all")
    second = knowing.model_copy(
        update={"mutate_secret": SecretStr("the-second-secret,the-first-secret-of-all")}
    )

    async def followed() -> bool:
        return (await _address(cluster)).endswith("/mutate/the-second-secret")

    async with serving(second) as api:
        await until(followed)
        assert (await api.get(MODE)).json["hook"]["state"] == "present"
        assert "secret" not in (await api.get(MODE)).text


async def test_a_configuration_that_somebody_deleted_is_not_made_anew(
    knowing: ApiSettings, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[bool] = []

    async def look(clusters: Clusters, env: str, settings: ApiSettings, policy: AdmissionPolicy) -> bool:
        looked.append(await bring_up_to_date(clusters, env, settings, policy))
        return looked[-1]

    async def has_looked() -> bool:
        return len(looked) >= 2

    monkeypatch.setattr(hook_module, "bring_up_to_date", look)
    monkeypatch.setattr(modes, "LOOK_PAUSE_S", 0.01)
    async with serving(knowing):
        await until(has_looked)
    assert hook_of(cluster) is None
    assert not any(looked)
