"""Curves of single pods from a real Prometheus, held against the scenario that it was filled with."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from integration.collector.faulty import Fault, before
from integration.collector.stores import PEAK, ZONE, Loaded, prometheus_with, scenario_of, some_services
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.statistics.pod_metrics import selector, step_s
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.certificates import make_authority
from support.api import ENV, SERVICES, Answer, Api, serving

NAME = "checkout"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """A Prometheus with one service of the company."""
    scenario = scenario_of(some_services(NAME))
    with prometheus_with(scenario, tmp_path_factory.mktemp("prometheus")) as loaded:
        yield loaded


async def test_each_pod_has_its_curve(store: Loaded, clickhouse: ClickHouse, settings: ApiSettings) -> None:
    (service,) = store.scenario.services
    (day,) = store.scenario.dates
    window = PEAK.windows[0].window(day, ZONE)
    path = f"{SERVICES}/{service.namespace}/{service.name}/pods"
    span = {"since": window.start.isoformat(), "until": window.end.isoformat()}
    async with serving(settings.model_copy(update={"prometheus_url": store.url})) as api:
        shown = (await api.get(path, params=span)).json
        pods = {curve["pod"] for curve in shown["curves"]}
        assert pods
        assert all(pod.startswith(f"{service.name}-") for pod in pods)
        for curve in shown["curves"]:
            assert len(curve["cpu_m"]) == len(curve["mem_mib"]) == len(shown["times"])
            assert any(value is not None and value > 0 for value in curve["cpu_m"])
            assert any(value is not None and value > 1 for value in curve["mem_mib"])
        assert (await api.get(path.replace(service.name, "nothing"), params=span)).json["curves"] == []
        assert (await api.get(path)).status == 404
        row = {
            "env": ENV, "namespace": service.namespace, "name": service.name, "container": "app",
            "date": str(day), "window_start": window.start.strftime("%F %T.000"),
            "window_end": window.end.strftime("%F %T.000"), "pod_count": 1,
            "collected_at": "2026-01-01 00:00:00.000",
        }  # fmt: skip
        await clickhouse.insert("resource_daily", [row])
        assert (await api.get(path)).json["curves"] == shown["curves"]


def clusters(folder: Path, **prometheus: object) -> str:
    """A clusters file that says where the series of the env `test` and of `other` are."""
    (folder / "password").write_text("peak:time\n")
    (folder / "token").write_text("token-1\n")
    path = folder / "clusters.yaml"
    path.write_text(json.dumps({name: {"prometheus": prometheus} for name in (ENV, "other")}))
    return str(path)


def guarded(right: str) -> Fault:
    """Answers 401 to whoever does not say the right words."""

    async def guard(request: web.Request) -> web.StreamResponse | None:
        passes = request.headers.get("Authorization", "") == right
        return None if passes else web.Response(status=401, text="Unauthorized")

    return guard


async def curves_of(settings: ApiSettings, store: Loaded, env: str = ENV) -> Answer:
    """What an API with some settings tells of the pods."""
    (service,) = store.scenario.services
    window = PEAK.windows[0].window(store.scenario.dates[0], ZONE)
    path = f"/api/v1/envs/{env}/services/{service.namespace}/{service.name}/pods"
    span = {"since": window.start.isoformat(), "until": window.end.isoformat()}
    async with serving(settings) as api:
        return await api.get(path, params=span)


@pytest.mark.parametrize("way", ["basic", "bearer"])
@pytest.mark.parametrize("env", [ENV, "other"])
async def test_every_env_has_its_store_and_credentials(
    way: str, env: str, store: Loaded, clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path
) -> None:
    header = (
        "Basic " + base64.b64encode(b"kubedoor:peak:time").decode() if way == "basic" else "Bearer token-1"
    )
    secret: dict[str, object]
    if way == "basic":
        secret = {"user": "kubedoor", "password_file": str(tmp_path / "password")}
    else:
        secret = {"token_file": str(tmp_path / "token")}
    async with before(store.url) as guard:
        guard.fault = guarded(header)
        right = clusters(tmp_path, url=guard.url, **secret)
        shown = await curves_of(settings.model_copy(update={"clusters_file": right}), store, env)
        assert shown.status == 200
        assert shown.json["curves"]
        wrong = clusters(tmp_path, url=guard.url)
        refused = await curves_of(settings.model_copy(update={"clusters_file": wrong}), store, env)
        assert (refused.status, "401" in refused.json["detail"]) == (503, True)
        gone = clusters(tmp_path, url=guard.url, token_file=str(tmp_path / "none"))
        unreadable = await curves_of(settings.model_copy(update={"clusters_file": gone}), store, env)
        assert (unreadable.status, "can't be read" in unreadable.json["detail"]) == (503, True)


async def test_the_settings_sign_in_as_the_collectors_do(
    store: Loaded, clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path
) -> None:
    authority = make_authority()
    ca_file, _ = authority.write(tmp_path, "ca")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*authority.server().write(tmp_path))
    async with before(store.url, "/select/0/prometheus", context) as guard:
        guard.fault = guarded("Basic " + base64.b64encode(b"kubedoor:x").decode())
        update = {
            "prometheus_url": guard.url,
            "prometheus_type": "victoria-metrics-cluster",
            "prometheus_user": "kubedoor",
            "prometheus_password": SecretStr("x"),
            "prometheus_ca_file": ca_file,
        }
        assert (await curves_of(settings.model_copy(update=update), store)).json["curves"]
        strange = settings.model_copy(update={**update, "prometheus_ca_file": None})
        assert (await curves_of(strange, store)).status == 503
        assert (await curves_of(settings.model_copy(update=update), store, "other")).status == 409


async def test_envs_that_share_a_store_are_told_apart_by_their_label(
    store: Loaded, clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path
) -> None:
    asked: list[str] = []

    async def look(request: web.Request) -> web.StreamResponse | None:
        asked.append(str((await request.post())["query"]))
        return None

    async with before(store.url) as shared:
        shared.fault = look
        file = clusters(tmp_path, env_label="cluster=b")
        update = {"prometheus_url": shared.url, "clusters_file": file}
        answer = await curves_of(settings.model_copy(update=update), store, "other")
    assert (answer.status, answer.json["curves"]) == (200, [])
    assert all('cluster="b"' in query for query in asked)


def tenant_of(request: web.Request) -> str:
    return request.headers.get("X-Scope-OrgID", "")


async def test_a_tenants_header_is_sent_from_the_settings_and_from_the_clusters_file(
    store: Loaded, clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path
) -> None:
    async def gateway(request: web.Request) -> web.StreamResponse | None:
        return None if tenant_of(request) == "team-a" else web.Response(status=401, text="no org id")

    headers = tmp_path / "headers"
    headers.write_text("X-Scope-OrgID=team-a\n")
    async with before(store.url) as mimir:
        mimir.fault = gateway
        update = {"prometheus_url": mimir.url, "prometheus_headers": SecretStr("X-Scope-OrgID=team-a")}
        assert (await curves_of(settings.model_copy(update=update), store)).json["curves"]
        bare = await curves_of(settings.model_copy(update={"prometheus_url": mimir.url}), store)
        assert (bare.status, "no org id" in bare.json["detail"]) == (503, True)
        file = clusters(tmp_path, url=mimir.url, headers_file=str(headers))
        by_file = settings.model_copy(update={"clusters_file": file})
        assert (await curves_of(by_file, store, "other")).json["curves"]
        headers.write_text("X-Scope-OrgID: s3cret")
        wrong = await curves_of(by_file, store, "other")
        assert (wrong.status, "line 1 is not" in wrong.json["detail"]) == (503, True)
        assert "s3cret" not in wrong.json["detail"]
        headers.write_text("Authorization=Basic s3cret")
        twice = clusters(tmp_path, url=mimir.url, headers_file=str(headers), user="kubedoor")
        both = await curves_of(settings.model_copy(update={"clusters_file": twice}), store, "other")
        assert (both.status, "keep one of them" in both.json["detail"]) == (503, True)


PARTIAL = {"status": "success", "isPartial": True, "data": {"resultType": "matrix", "result": []}}


@pytest.mark.parametrize(
    ("status", "payload", "words"),
    [
        (200, PARTIAL, "partial"),
        (200, {**PARTIAL, "isPartial": False, "warnings": ["results truncated due to limit"]}, "truncated"),
        (422, {"status": "error", "error": "too many samples"}, "HTTP 422: too many samples"),
        (200, {"status": "success", "data": {"result": [{"metric": {}}]}}, "not a matrix"),
    ],
)
async def test_an_answer_that_is_not_whole_is_none(
    status: int,
    payload: object,
    words: str,
    store: Loaded,
    clickhouse: ClickHouse,
    settings: ApiSettings,
) -> None:
    async def spoil(_: web.Request) -> web.StreamResponse:
        return web.json_response(payload, status=status)

    async with before(store.url) as bad:
        bad.fault = spoil
        told = await curves_of(settings.model_copy(update={"prometheus_url": bad.url}), store)
    assert (told.status, told.json["parameters"]) == (503, {"part": "prometheus"})
    assert words in told.json["detail"]


async def test_bad_times_and_no_prometheus(api: Api, settings: ApiSettings) -> None:
    path = f"{SERVICES}/shop/cart/pods"
    assert (await api.get(path)).status == 409
    async with serving(settings.model_copy(update={"prometheus_url": "http://127.0.0.1:1"})) as away:
        for query, field in [
            ("since=2026-01-01T00:00:00Z", "until"),
            ("since=2026-01-01T00:00:00&until=2026-01-02T00:00:00Z", "since"),
            ("since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "until"),
            ("since=2026-01-01T00:00:00Z&until=2026-03-01T00:00:00Z", "until"),
        ]:
            answer = await away.get(f"{path}?{query}")
            assert (answer.status, answer.fields) == (400, {field}), query
        span = "since=2026-01-01T00:00:00Z&until=2026-01-01T01:00:00Z"
        unreachable = await away.get(f"{path}?{span}")
        assert (unreachable.status, unreachable.headers["Retry-After"]) == (503, "2")


def test_names_cannot_leave_their_quotes() -> None:
    selected = selector('a"b\\', 'c"} or up{x="', "cluster=prod")
    assert selected.startswith('{namespace="a\\"b\\\\",pod=~"c\\"\\\\} or up\\\\{x=\\"-[')
    assert selected.endswith('container!="POD",cluster="prod"}')
    assert (step_s(60), step_s(5400), step_s(31 * 86400)) == (15, 18, 8928)
