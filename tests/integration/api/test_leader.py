"""Who leads: one of several, by a Lease of the cluster; nobody where the cluster says no, and why."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.cluster_configs import cluster_configs
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.leader import election
from kubedoor_api.leader.leadership import Leadership, Standing, lease_namespace
from kubedoor_core.settings import BadSettingError, load
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import LEASES
from support.api import BASE, ENV, Api, Json, api_settings
from support.waiting import until

CALM = {"lease_duration_s": 60, "lease_renew_s": 50, "lease_retry_s": 2}
QUICK = {"lease_duration_s": 3, "lease_renew_s": 2, "lease_retry_s": 1}


@pytest.fixture
def calm(tmp_path: Path, cluster: Cluster) -> ApiSettings:
    """Settings of an instance that looks often, and whose Lease outlasts any pause of a busy machine."""
    kubeconfig = str(cluster.write_kubeconfig(tmp_path / "kubeconfig"))
    clickhouse = {"KUBEDOOR_CLICKHOUSE_URL": "http://127.0.0.1:1"}
    return api_settings(tmp_path, clickhouse, kubeconfig=kubeconfig, own_namespace="kubedoor", **CALM)


@asynccontextmanager
async def instance(settings: ApiSettings, worked: list[str] | None = None) -> AsyncIterator[Leadership]:
    """One that stands for election; who works notes it."""
    clusters = Clusters(cluster_configs(settings.env, settings.kubeconfig, settings.clusters_file))
    made = Leadership(settings, clusters)

    async def work(env: str) -> None:
        if worked is not None:
            worked.append(f"{made.identity} {env}")
        await asyncio.Event().wait()

    task = asyncio.create_task(made.run([work]))
    try:
        yield made
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await clusters.close()


async def leader_of(*instances: Leadership) -> Leadership:
    """Wait until one leads, and see to it that no other does."""

    async def one() -> Leadership | None:
        found = [each for each in instances if each.leading(ENV)]
        assert len(found) <= 1
        return found[0] if found else None

    return await until(one)


def lease(cluster: Cluster) -> dict[str, object]:
    """The Lease's spec."""
    spec: dict[str, object] = cluster.get(Target(LEASES, "kubedoor", "kubedoor-api"))["spec"]
    return spec


async def test_of_two_one_leads_and_the_other_takes_over_when_it_leaves(
    calm: ApiSettings, cluster: Cluster
) -> None:
    worked: list[str] = []
    async with AsyncExitStack() as stays, AsyncExitStack() as leaves:
        first = await leaves.enter_async_context(instance(calm, worked))
        assert await leader_of(first) is first
        second = await stays.enter_async_context(instance(calm, worked))
        standing = await _knows(second, first.identity)
        assert (standing.leading, standing.lease) == (False, "kubedoor/kubedoor-api")
        assert (lease(cluster)["holderIdentity"], lease(cluster)["leaseDurationSeconds"]) == (
            first.identity, CALM["lease_duration_s"],
        )  # fmt: skip
        await leaves.aclose()
        assert not first.leading(ENV)
        assert "holderIdentity" not in lease(cluster)  # given up, so that nobody waits for it to run out
        assert await leader_of(first, second) is second
        assert (worked[0], worked[-1]) == (f"{first.identity} {ENV}", f"{second.identity} {ENV}")


async def _knows(instance: Leadership, holder: str) -> Standing:
    async def told() -> Standing | None:
        standing = instance.standing(ENV)
        return standing if standing.holder == holder else None

    return await until(told)


async def test_a_leader_that_can_not_renew_stops_before_another_begins(
    calm: ApiSettings, cluster: Cluster
) -> None:
    async with instance(calm.model_copy(update=QUICK)) as first:
        await leader_of(first)
        cluster.fault(path="/leases", hang=True, count=None)

        async def gone() -> bool:
            return not first.leading(ENV)

        await until(gone)
        cluster.faults.clear()
        await leader_of(first)
        cluster.fault(path="/leases", drop=True, count=None)
        await until(gone)

        async def told() -> bool:
            return "can't be reached" in first.standing(ENV).trouble

        await until(told)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 403, "method": "GET"}, "may not get leases in namespace kubedoor of the cluster test"),
        ({"status": 403, "method": "POST"}, "may not create leases in namespace kubedoor"),
        ({"status": 500}, "500"),
    ],
)
async def test_nobody_leads_where_the_cluster_says_no_and_people_are_told_why(
    calm: ApiSettings, cluster: Cluster, fault: dict[str, object], words: str
) -> None:
    cluster.fault(path="/leases", count=None, **fault)
    async with instance(calm) as first:

        async def told() -> bool:
            return words in first.standing(ENV).trouble

        await until(told)
        assert not first.leading(ENV)
        cluster.faults.clear()
        await leader_of(first)

        async def well() -> bool:
            return not first.standing(ENV).trouble

        await until(well)


async def test_a_namespace_that_is_missing_is_named(calm: ApiSettings) -> None:
    async with instance(calm.model_copy(update={"lease_namespace": "elsewhere"})) as first:

        async def told() -> bool:
            return "no namespace elsewhere in the cluster test" in first.standing(ENV).trouble

        await until(told)


async def test_without_a_cluster_one_instance_is_assumed(calm: ApiSettings) -> None:
    worked: list[str] = []
    async with instance(calm.model_copy(update={"kubeconfig": ""}), worked) as first:
        assert first.leading(ENV)
        assert not first.leading("other")
        assert "no cluster is configured for other" in first.standing("other").trouble

        async def works() -> bool:
            return worked == [f"{first.identity} {ENV}"]

        await until(works)


async def test_work_that_fails_is_begun_again(calm: ApiSettings) -> None:
    begun: list[str] = []
    clusters = Clusters({})

    async def work(env: str) -> None:
        begun.append(env)
        raise RuntimeError("a bug")

    task = asyncio.create_task(Leadership(calm.model_copy(update={"kubeconfig": ""}), clusters).run([work]))

    async def twice() -> bool:
        return len(begun) == 2

    await until(twice)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_the_leader_is_shown(governing: Api, cluster: Cluster) -> None:
    async def led() -> Json | None:
        found: Json = (await governing.get(f"{BASE}/leader")).json
        return found if found["leading"] and not found["trouble"] else None

    shown = await until(led)
    assert (shown["holder"], shown["lease"]) == (shown["instance"], "kubedoor/kubedoor-api")
    assert lease(cluster)["holderIdentity"] == shown["instance"]


@pytest.mark.parametrize("microsecond", [0, 120])
def test_a_whole_second_is_a_time_that_kubernetes_takes(
    monkeypatch: pytest.MonkeyPatch, microsecond: int
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls(2026, 11, 23, 10, 0, 0, microsecond, tz)

    monkeypatch.setattr(election, "datetime", Clock)
    assert re.fullmatch(r"2026-11-23T10:00:00\.[0-9]{6}\+00:00", election.micro_time().isoformat())


def test_the_leases_namespace(calm: ApiSettings, tmp_path: Path) -> None:
    pod = tmp_path / "namespace"
    pod.write_text("mine\n")
    own = calm.model_copy(update={"own_namespace": ""})
    assert lease_namespace(calm) == "kubedoor"
    assert lease_namespace(calm.model_copy(update={"lease_namespace": "locks"})) == "locks"
    assert lease_namespace(own, pod) == "mine"
    assert lease_namespace(own, tmp_path / "none") == "default"


def test_times_that_do_not_fit_stop_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "htpasswd").write_text("")
    for name, value in {
        "ENV": "test", "CLICKHOUSE_URL": "http://127.0.0.1:1", "JWT_SECRET": "x" * 32,
        "HTPASSWD_FILE": str(tmp_path / "htpasswd"), "LEASE_DURATION_S": "10", "LEASE_RENEW_S": "10",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"KUBEDOOR_{name}", value)
    with pytest.raises(
        BadSettingError, match="KUBEDOOR_LEASE_DURATION_S must be above KUBEDOOR_LEASE_RENEW_S"
    ):
        load(ApiSettings)
