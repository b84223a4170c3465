"""An API that is killed in the middle of an operation goes on when it is back: each service once."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from support.api_process import ApiProcess
from support.operations import count, live, register, run, states, targets
from support.waiting import until

Json = dict[str, Any]

KILLS = int(os.environ.get("KUBEDOOR_TEST_OPERATION_KILLS", "2"))
"""How often the API is killed in each operation."""
SERVICES = 50
EDITS = """
SELECT name, uniqExact(version) AS versions FROM control_history
WHERE operation_id = {id:String} GROUP BY name
"""


def patches(cluster: Cluster) -> int:
    """How many patches of Deployments were answered well."""
    return sum(
        call.verb == "patch" and call.resource.startswith("deployments") and call.status == 200
        for call in cluster.calls
    )


async def killed_again_and_again(api: ApiProcess, cluster: Cluster, chance: random.Random) -> None:
    """Kill the API at moments between the first patch and the last, and start it again each time."""
    for moment in sorted(chance.sample(range(SERVICES), KILLS)):

        async def reached(moment: int = moment) -> bool:
            return patches(cluster) > moment

        await until(reached)
        await api.kill()
        await api.start()


async def ended(api: ApiProcess, identity: str) -> Json:
    """Wait until the operation has ended."""

    async def look() -> Json | None:
        shown = await api.ask("GET", f"/operations/{identity}")
        return shown if shown["state"] not in {"pending", "running"} else None

    return await until(look, 180)


@pytest.mark.parametrize("kind", ["restart", "scale"])
async def test_each_service_is_touched_once(
    kind: str,
    cluster: Cluster,
    clickhouse: ClickHouse,
    clickhouse_settings: dict[str, str],
    tmp_path: Path,
) -> None:
    names = [f"service-{number:02}" for number in range(SERVICES)]
    await register(clickhouse, *names)
    await run(cluster, *names)
    kubeconfig = str(cluster.write_kubeconfig(tmp_path / "kubeconfig"))
    api = ApiProcess(tmp_path, {**clickhouse_settings, "KUBEDOOR_KUBECONFIG": kubeconfig})
    await api.start()
    try:
        more: Json = {"replicas": 3} if kind == "scale" else {}
        body = {"kind": kind, "targets": targets(*names, **more)}
        identity = (await api.ask("POST", "/operations", body))["id"]
        await killed_again_and_again(api, cluster, random.Random())
        shown = await ended(api, identity)
    finally:
        await api.stop()
    assert (shown["state"], shown["counts"]["succeeded"]) == ("succeeded", SERVICES), shown
    assert set(states(shown)) == set(names)
    # A Deployment's generation grows with each change of its spec: the first is its making, the second ours.
    assert {live(cluster, name)["metadata"]["generation"] for name in names} == {2}
    if kind == "scale":
        assert {count(cluster, name) for name in names} == {3}
        edits = await clickhouse.fetch(EDITS, id=identity)
        assert {(row["name"], row["versions"]) for row in edits} == {(name, 1) for name in names}
    print(f"{kind}: {patches(cluster)} patches for {SERVICES} services, {KILLS} kills")
