"""Where the samples come from: paths, credentials, certificates, and queries that are too much for one."""

from __future__ import annotations

import base64
import ssl
from pathlib import Path

import pytest
from aiohttp import web

from integration.collector.faulty import before
from integration.collector.reference import differences, expected_rows
from integration.collector.stores import (
    Loaded,
    OpenCollector,
    collected,
    prometheus_with,
    scenario_of,
    some_services,
)
from integration.prometheus.gateways import nginx_before
from kubedoor_collector.prometheus import QueryTooHeavyError
from kubedoor_core.metrics.selecting import CPU
from kubedoor_dev.certificates import make_authority
from kubedoor_dev.metrics import company


async def test_a_victoria_metrics_cluster(victoria_store: Loaded, collector: OpenCollector) -> None:
    """Its API lies below a tenant's path, and is asked to refuse rather than to leave something out."""
    day = victoria_store.scenario.dates[6]

    async def look(request: web.Request) -> web.StreamResponse | None:
        assert (await request.post())["deny_partial_response"] == "1"
        return None

    async with before(victoria_store.url, "/select/0/prometheus") as store:
        store.fault = look
        async with collector(store.url, prometheus_type="victoria-metrics-cluster") as one:
            expected = expected_rows(victoria_store.scenario, day)
            assert differences(await collected(one, day), expected) == []


@pytest.mark.parametrize(
    ("settings", "header"),
    [
        (
            {"prometheus_user": "kubedoor", "prometheus_password": "peak:time"},
            "Basic " + base64.b64encode(b"kubedoor:peak:time").decode(),
        ),
        ({"prometheus_token": "token-1"}, "Bearer token-1"),
    ],
)
async def test_credentials(
    settings: dict[str, str], header: str, company_store: Loaded, collector: OpenCollector
) -> None:
    day = company_store.scenario.dates[0]

    async def guard(request: web.Request) -> web.StreamResponse | None:
        right = request.headers.get("Authorization") == header
        return None if right else web.Response(status=401, text="Unauthorized")

    async with before(company_store.url) as store:
        store.fault = guard
        async with collector(store.url, **settings) as one:
            assert await collected(one, day)
        async with collector(store.url) as one:
            assert "HTTP 401" in str(await one.source.prometheus.ping())


async def test_a_ca_of_ones_own(company_store: Loaded, collector: OpenCollector, tmp_path: Path) -> None:
    authority = make_authority()
    ca_file, _ = authority.write(tmp_path, "ca")
    server_files = authority.server().write(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*server_files)
    async with before(company_store.url, context=context) as store:
        async with collector(store.url, prometheus_ca_file=ca_file) as one:
            assert await one.source.prometheus.ping() is None
        async with collector(store.url) as one:
            assert "certificate" in str(await one.source.prometheus.ping()).lower()


async def test_many_long_namespaces_behind_a_gateway_with_its_defaults(
    company_store: Loaded, collector: OpenCollector, tmp_path: Path
) -> None:
    """Sixty names of twenty-five characters, several times in a query: no address takes that."""
    day = company_store.scenario.dates[0]
    namespaces = "|".join(["(?:.*)", *(f"a-namespace-of-ours-{number:05}" for number in range(60))])
    with nginx_before(company_store.url, tmp_path / "nginx") as url:
        async with collector(f"{url}/tenants", namespaces=namespaces) as one:
            assert "no org id" in str(await one.source.prometheus.ping())
        tenant = {"prometheus_headers": "X-Scope-OrgID=team-a"}
        async with collector(f"{url}/tenants", namespaces=namespaces, **tenant) as one:
            rows = await collected(one, day)
    assert differences(rows, expected_rows(company_store.scenario, day)) == []


async def test_too_much_for_one_query_is_split(collector: OpenCollector, tmp_path: Path) -> None:
    """This Prometheus refuses any query that touches more samples than a few of a namespace's pods have."""
    scenario = scenario_of(company())
    (day,) = scenario.dates
    with prometheus_with(scenario, tmp_path, "--query.max-samples=9000") as loaded:
        async with collector(loaded.url) as one:
            window = scenario.peak.windows[0].window(day, scenario.zone)
            with pytest.raises(QueryTooHeavyError):
                await one.source.prometheus.samples(f"{CPU}[{window.seconds}s]", window.end)
            assert differences(await collected(one, day), expected_rows(scenario, day)) == []


async def test_too_much_even_for_the_smallest_query_fails_the_day(
    collector: OpenCollector, tmp_path: Path
) -> None:
    scenario = scenario_of(some_services("cart", "checkout"))
    with prometheus_with(scenario, tmp_path, "--query.max-samples=20") as loaded:
        async with collector(loaded.url) as one:
            with pytest.raises(QueryTooHeavyError, match="too many samples"):
                await collected(one, scenario.dates[0])
