"""An API on this test's own database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.statistics.score.stored import keeper
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster, Options
from support.api import BASE, PASSWORD, Api, api_settings, serving, write_htpasswd
from support.schedules import FakeClock, parts
from support.terms import START
from support.webhook import Webhook, WebhookThread, until_ready


@pytest.fixture
def settings(clickhouse_settings: dict[str, str], tmp_path: Path) -> ApiSettings:
    """The API's settings."""
    write_htpasswd(tmp_path / "htpasswd", alice=PASSWORD)
    return api_settings(tmp_path, clickhouse_settings)


@pytest.fixture
def unwatched_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    """No leader keeps scores meanwhile: a test does it itself."""
    monkeypatch.setattr(keeper, "PAUSE_S", 86_400)


@pytest.fixture
async def api(clickhouse: ClickHouse, settings: ApiSettings) -> AsyncIterator[Api]:
    """A client of a running API, signed in as an administrator."""
    async with serving(settings) as running:
        yield running


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    """A simulated cluster."""
    made = Cluster(Options(tls=True, namespaces=("shop", "kubedoor")))
    async with made.serve():
        yield made


@pytest.fixture
def webhook(clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path) -> Webhook:
    """A webhook that is not running yet."""
    folder = tmp_path / "webhook"
    folder.mkdir()
    made = WebhookThread(folder, clickhouse_settings)
    (folder / "ca.pem").write_bytes(made.authority.certificate_pem)
    return made


@pytest.fixture
def knowing(settings: ApiSettings, cluster: Cluster, webhook: Webhook, tmp_path: Path) -> ApiSettings:
    """Settings of an API that knows the cluster and where the webhook is."""
    return settings.model_copy(
        update={
            "kubeconfig": str(cluster.write_kubeconfig(tmp_path / "kubeconfig")),
            "webhook_url": webhook.url,
            "webhook_ca_file": str(webhook.folder / "ca.pem"),
            "own_namespace": "kubedoor",
            "webhook_timeout_s": 30,
        }
    )


@pytest.fixture
async def governing(knowing: ApiSettings) -> AsyncIterator[Api]:
    """An API that knows the cluster and where the webhook is."""
    async with serving(knowing) as api:
        yield api


@pytest.fixture
async def enforcing(knowing: ApiSettings, webhook: Webhook) -> AsyncIterator[Api]:
    """An API whose cluster asks the real webhook, in `enforce`; it looks at rollouts often."""
    changed = knowing.model_copy(update={"rollout_poll_s": 0.1, "rollout_soak_s": 0.0})
    with webhook.running():
        async with webhook.session() as session:
            await until_ready(session)
        async with serving(changed) as api:
            version = (await api.get(f"{BASE}/mode")).json["version"]
            answer = await api.change("PUT", f"{BASE}/mode", {"mode": "enforce"}, version=version)
            assert answer.status == 200, answer.text
            yield api


@pytest.fixture
async def context(
    settings: ApiSettings, clickhouse: ClickHouse, cluster: Cluster, tmp_path: Path
) -> AsyncIterator[Context]:
    """What a leader works with: an env with a cluster."""
    kubeconfig = str(cluster.write_kubeconfig(tmp_path / "kubeconfig"))
    async with parts(settings.model_copy(update={"kubeconfig": kubeconfig}), clickhouse) as made:
        yield made


@pytest.fixture
def clock() -> FakeClock:
    """The leaders' clock."""
    return FakeClock(START)


@pytest.fixture
async def draining(knowing: ApiSettings) -> AsyncIterator[Api]:
    """An API that may change nodes."""
    update = {"node_control": True, "rollout_poll_s": 0.1}
    async with serving(knowing.model_copy(update=update)) as api:
        yield api
