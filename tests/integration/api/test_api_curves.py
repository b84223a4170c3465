"""Curves of single pods from a real Prometheus, held against the scenario that it was filled with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integration.collector.stores import PEAK, SHANGHAI, Loaded, prometheus_with, scenario_of, some_services
from kubedoor_api.curves.promql import selector, step_s
from kubedoor_api.settings import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from support.api import ENV, SERVICES, Api, serving

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
    window = PEAK.windows[0].window(day, SHANGHAI)
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
            "env": ENV, "namespace": service.namespace, "deployment": service.name, "container": "app",
            "date": str(day), "window_start": window.start.strftime("%F %T.000"),
            "window_end": window.end.strftime("%F %T.000"), "pod_count": 1,
            "collected_at": "2026-01-01 00:00:00.000",
        }  # fmt: skip
        await clickhouse.insert("resource_daily", [row])
        assert (await api.get(path)).json["curves"] == shown["curves"]


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
