"""An operation that can't begin, since nobody can hold the Lease, says so itself; and then begins."""

from __future__ import annotations

import json

from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from support.api import Json, serving
from support.operations import OPERATIONS, ask, ended, register, run, targets
from support.waiting import until

WORDS = "may not get leases in namespace kubedoor of the cluster test"


def _messages(text: str) -> list[Json]:
    lines = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
    return [json.loads(line)["operation"] for line in lines]


async def test_it_says_that_the_lease_can_not_be_held_and_begins_when_it_can(
    knowing: ApiSettings, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart")
    await run(cluster, "cart")
    cluster.fault(path="/leases", count=None, status=403, method="GET")
    quick = {"rollout_poll_s": 0.1, "rollout_soak_s": 0.0, "lease_retry_s": 3}
    async with serving(knowing.model_copy(update=quick)) as api:
        identity = await ask(api, "restart", targets("cart"))

        async def told() -> Json | None:
            shown: Json = (await api.get(f"{OPERATIONS}/{identity}")).json
            return shown if shown["waiting_detail"] == WORDS else None

        shown = await until(told)
        told_of = (shown["state"], shown["waiting_reason"], shown["waiting_detail"])
        assert told_of == ("pending", "lease_unavailable", WORDS)
        (item,) = (await api.get(OPERATIONS)).json["items"]
        assert (item["waiting_reason"], item["waiting_detail"]) == ("lease_unavailable", WORDS)
        async with api.client.get(
            f"{OPERATIONS}/{identity}/events", headers={"Authorization": f"Bearer {api.bearer}"}
        ) as stream:
            first = (await stream.content.readuntil(b"\n\n")).decode()
            (begun,) = _messages(first)
            assert begun["waiting_reason"] == "lease_unavailable"
            cluster.faults.clear()
            rest = _messages((await stream.content.read()).decode())
        assert (rest[-1]["state"], rest[-1]["waiting_reason"]) == ("succeeded", "")
        assert (await ended(api, identity))["waiting_reason"] == ""


async def test_a_temporary_scale_says_until_when_it_holds(
    knowing: ApiSettings, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart")
    await run(cluster, "cart")
    quick = {"rollout_poll_s": 0.1, "rollout_soak_s": 0.0}
    async with serving(knowing.model_copy(update=quick)) as api:
        identity = await ask(api, "scale", targets("cart", replicas=3), for_s=3600)
        await ended(api, identity)
        back = (await api.get(f"{OPERATIONS}/{identity}-until")).json
        assert (back["waiting_reason"], back["state"]) == ("not_due", "pending")
        assert back["run_at"][:19] in back["waiting_detail"]
