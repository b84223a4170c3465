"""A leader that is killed between the list of events and their watch: the next one loses and doubles none."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from support.api_process import ApiProcess
from support.kube_events import legacy, tell
from support.waiting import until

Json = dict[str, Any]
BEFORE, BETWEEN = 200, 20
"""More than are written at once, so that it is killed before all that it has listed stand in the table."""


def happened(cluster: Cluster, name: str, count: int = 1) -> str:
    """Let the cluster tell an event, and return its uid."""
    return tell(cluster, legacy(name, count, now=datetime.now(UTC)))


async def shown(api: ApiProcess) -> dict[str, int]:
    """Every event with its count, as the console sees them."""
    page = await api.ask("GET", "/events?limit=1000")
    counts = {item["uid"]: item["count"] for item in page["items"]}
    assert len(counts) == len(page["items"]) <= page["total"], "one row for each"
    assert page["dropped"] == 0
    return counts


async def test_none_is_lost_and_none_is_there_twice(
    cluster: Cluster, clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    told = {happened(cluster, f"before{number}"): 1 for number in range(BEFORE)}
    events = "/api/v1/events"
    cluster.fault(path=events)  # nothing befalls the list
    watch = cluster.fault(path=events, hang=True)
    kubeconfig = str(cluster.write_kubeconfig(tmp_path / "kubeconfig"))
    environment = {"KUBEDOOR_KUBECONFIG": kubeconfig, "KUBEDOOR_KEEP_EVENTS": "true"}
    api = ApiProcess(tmp_path, {**clickhouse_settings, **environment})
    await api.start()
    try:

        async def between() -> bool:
            return watch.hits == 1 and len(await shown(api)) > 0

        await until(between)
        told |= {happened(cluster, f"between{number}"): 1 for number in range(BETWEEN)}
        told[happened(cluster, "before0", 5)] = 5
        written = len(await shown(api))
        await api.kill()
        assert written < len(told), "it had more to write when it was killed"
        told[happened(cluster, "nobody-leads")] = 1
        await api.start()

        async def all_there() -> bool:
            return await shown(api) == told

        await until(all_there)
        told[happened(cluster, "before1", 3)] = 3
        told[happened(cluster, "after")] = 1
        await until(all_there)
    finally:
        await api.stop()
    rows = await clickhouse.fetch("SELECT uid, count, count() AS n FROM kube_event FINAL GROUP BY uid, count")
    assert {row["n"] for row in rows} == {1}
