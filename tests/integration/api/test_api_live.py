"""Preview and drift: the same decision that the webhook takes, about manifests and about what runs."""

from __future__ import annotations

import itertools
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from aiohttp import web

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import DEPLOYMENTS
from support.api import BASE, ENV, SERVICES, Api, serving
from support.rows import containers, control_row, set_mode
from support.webhook import Webhook

PREVIEW = f"{BASE}/preview"


def manifest(name: str = "cart", replicas: int = 10, namespace: str | None = "shop") -> dict[str, Any]:
    """A Deployment that asks for too much."""
    labels = {"app": name}
    resources = {"requests": {"cpu": "4", "memory": "8Gi"}, "limits": {"cpu": "8"}}
    container = {"name": "app", "image": "registry.example/app:1", "resources": resources}
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


async def run(cluster: Cluster, **options: Any) -> None:
    """Make a Deployment run."""
    obj = manifest(**options)
    await cluster.create(Target(DEPLOYMENTS, obj["metadata"]["namespace"], obj["metadata"]["name"]), obj)


async def register(clickhouse: ClickHouse, *names: str) -> None:
    """Register services that are allowed three pods of 250m."""
    values = containers(app=(250, 1000, 512, 1024))
    rows = [control_row(ENV, "shop", name, replicas_manual=3, **values) for name in names]
    await clickhouse.insert("control", rows)


@asynccontextmanager
async def tls_server(webhook: Webhook) -> AsyncIterator[None]:
    """Answer "ready" at the webhook's address, with whatever certificate lies in its folder."""

    async def ready(_: web.Request) -> web.Response:
        return web.Response(text="ready")

    app = web.Application()
    app.router.add_get("/readyz", ready)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(webhook.folder / "tls.crt", webhook.folder / "tls.key")
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", webhook.port, ssl_context=context).start()
        yield
    finally:
        await runner.cleanup()


async def test_a_manifest_comes_out_as_it_would_be_admitted(api: Api, clickhouse: ClickHouse) -> None:
    await register(clickhouse, "cart")
    for text in (yaml.safe_dump(manifest()), json.dumps(manifest())):
        shown = (await api.as_(Role.VIEWER).change("POST", PREVIEW, {"manifest": text})).json
        assert (shown["result"], shown["rule"], shown["current_mode"]) == ("patched", 5, "off")
        count = {"container": "", "resource": "replicas", "kind": "", "source": "manual"}
        assert {**count, "before": "10", "after": "3"} in shown["changes"]
        admitted = yaml.safe_load(shown["admitted"])
        assert admitted["spec"]["replicas"] == 3
        resources = admitted["spec"]["template"]["spec"]["containers"][0]["resources"]
        assert resources["limits"]["cpu"] in {"1", "1000m"}
        assert "replicas 10 -> 3 (manual)" in shown["warnings"]
        again = await api.change("POST", PREVIEW, {"manifest": shown["admitted"]})
        assert (again.json["result"], again.json["patch"]) == ("unchanged", [])


async def test_modes_and_unregistered_services(api: Api, clickhouse: ClickHouse) -> None:
    await set_mode(clickhouse, ENV, "observe")
    text = json.dumps(manifest("new", namespace=None))
    shown = (await api.change("POST", PREVIEW, {"manifest": text, "namespace": "shop"})).json
    assert (shown["allowed"], shown["registered"], shown["current_mode"]) == (False, False, "observe")
    assert "not registered" in shown["message"]
    observed = (await api.change("POST", PREVIEW, {"manifest": text, "mode": "observe"})).json
    assert (observed["result"], observed["namespace"]) == ("would_deny", "default")


async def test_what_is_no_deployment_is_refused(api: Api) -> None:
    pairs = itertools.pairwise("abcdefghijklmnop")
    bomb = "a: &a [x]\n" + "".join(f"{b}: &{b} [*{a},*{a},*{a},*{a}]\n" for a, b in pairs)
    bad = ["", "{", "a: [", "kind: Pod", bomb, "[" * 5000, "\x00", "!!python/object:os.system x"]
    for text in [
        *bad,
        "--- 1\n--- 2\n",
        "a: 2026-99-99",
        "a: .nan",
        json.dumps({**manifest(), "metadata": []}),
    ]:
        answer = await api.change("POST", PREVIEW, {"manifest": text})
        assert answer.status == 400, text[:40]
        assert answer.fields == {"manifest"}
    assert (await api.change("POST", PREVIEW, {})).fields == {"manifest"}
    assert (await api.change("POST", PREVIEW, {"namespace": "shop", "name": "cart"})).status == 409


async def test_drift_and_readiness_of_a_cluster(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "absent")
    await run(cluster, name="cart")
    await run(cluster, name="unknown", replicas=1)
    await run(cluster, name="coredns", namespace="kube-system")
    drift = (await governing.get(f"{BASE}/drift")).json
    assert (drift["total"], drift["checked"]) == (3, 2)
    assert [(item["name"], item["state"]) for item in drift["items"]] == [
        ("absent", "missing"),
        ("cart", "drifted"),
        ("unknown", "unregistered"),
    ]
    assert "replicas" in {change["resource"] for change in drift["items"][1]["changes"]}
    assert (await governing.get(f"{BASE}/drift?state=missing")).json["total"] == 1
    live = await governing.change("POST", PREVIEW, {"namespace": "shop", "name": "cart"})
    assert live.json["result"] == "patched"
    gone = await governing.change("POST", PREVIEW, {"namespace": "shop", "name": "absent"})
    assert gone.status == 404
    ready = (await governing.get(f"{BASE}/mode/readiness")).json
    assert (ready["webhook_answers"], ready["unregistered"], ready["would_change"]) == (
        False,
        ["shop/unknown"],
        1,
    )
    assert (ready["certificate"]["state"], ready["certificate"]["days_left"]) == ("unread", None)


@pytest.mark.parametrize(
    ("begun_days", "valid_days", "state", "answers", "days_left"),
    [(0, 90, "valid", True, 89), (0, 10, "soon", True, 9), (20, 10, "expired", False, -11)],
)
async def test_readiness_tells_how_long_the_webhooks_certificate_is_valid(
    governing: Api,
    webhook: Webhook,
    begun_days: int,
    valid_days: int,
    state: str,
    answers: bool,
    days_left: int,
) -> None:
    start, valid = datetime.now(UTC) - timedelta(days=begun_days), timedelta(days=valid_days)
    webhook.authority.server(valid=valid, start=start).write(webhook.folder)
    async with tls_server(webhook):
        ready = (await governing.get(f"{BASE}/mode/readiness")).json
    shown = ready["certificate"]
    assert (shown["state"], shown["days_left"], ready["webhook_answers"]) == (state, days_left, answers)
    assert datetime.fromisoformat(shown["valid_until"]) == (start + valid).replace(microsecond=0)
    assert f"{start + valid:%Y-%m-%d}" in shown["detail"]


async def test_readiness_without_a_place_of_the_webhook_says_so(
    knowing: ApiSettings, clickhouse: ClickHouse
) -> None:
    async with serving(knowing.model_copy(update={"webhook_url": ""})) as api:
        ready = (await api.get(f"{BASE}/mode/readiness")).json
    assert (ready["webhook_answers"], ready["certificate"]["state"]) == (None, "unknown")


async def test_a_cluster_that_is_away_hurts_only_itself(governing: Api, cluster: Cluster) -> None:
    cluster.fault(drop=True, count=None)
    away = await governing.get(f"{BASE}/drift")
    assert (away.status, away.headers["Retry-After"]) == (503, "2")
    assert (await governing.get(SERVICES)).status == 200
    envs = (await governing.get("/api/v1/envs")).json["items"]
    assert [(env["name"], env["reachable"]) for env in envs] == [(ENV, False)]


async def test_what_admission_decided(api: Api, clickhouse: ClickHouse) -> None:
    now = datetime.now(UTC)
    change = {
        "container": "", "resource": "replicas", "kind": "", "before": "10", "after": "3", "source": "manual",
    }  # fmt: skip
    row = {
        "at": timestamp(now - timedelta(hours=1)), "env": ENV, "namespace": "shop", "name": "cart",
        "uid": "u1", "user": "ci", "operation": "CREATE", "resource": "deployments", "rule": 5,
        "mode": "enforce", "outcome": "patched", "before": '{"replicas":"10"}', "after": '{"replicas":"3"}',
        "patch": "", "warnings": ["replicas 10 -> 3"], "instance": "w", "changes": json.dumps([change]),
        "notes": "[]",
    }  # fmt: skip
    other = {**row, "uid": "u2", "outcome": "denied", "name": "new", "at": timestamp(now)}
    await clickhouse.insert("admission_log", [row, other])
    page = (await api.get(f"{BASE}/admissions")).json
    assert [item["outcome"] for item in page["items"]] == ["denied", "patched"]
    patched = page["items"][1]
    assert (patched["changes"], patched["notes"], patched["patch"], page["total"]) == ([change], [], None, 2)
    assert (await api.get(f"{BASE}/admissions?outcome=denied")).json["total"] == 1
    assert (await api.get(f"{BASE}/admissions?q=cart")).json["total"] == 1
    assert (await api.get(f"{BASE}/admissions?q=cart&offset=7")).json["total"] == 1


@pytest.mark.parametrize("path", ["/drift", "/mode/readiness"])
async def test_a_cluster_that_refuses_is_quoted(governing: Api, cluster: Cluster, path: str) -> None:
    cluster.fault(method="GET", path="/deployments", status=403, count=None)
    answer = await governing.get(BASE + path)
    assert (answer.status, answer.json["code"]) == (502, "cluster_refused"), answer.text
    assert "refused" in answer.json["detail"]
