"""Schedules on the simulated cluster: the real webhook in `enforce`, and instances that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from kubedoor_api.commits.writer import Writer
from kubedoor_api.schedules.models import NewSchedule
from kubedoor_api.schedules.schedule import row_of
from kubedoor_api.schedules.service import timing_asked
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.processes import free_port, stop, wait_for_http
from support.api import BASE, ENV, PASSWORD, SECRET, Api, token, write_htpasswd
from support.operations import count, live, register, run
from support.schedules import CART, made, runs_of, schedule, soon
from support.waiting import until

SCHEDULED = int(os.environ.get("KUBEDOOR_TEST_SCHEDULES", "9"))
"""Schedules that two instances share while their leader is killed."""
Json = dict[str, Any]


async def _ended(api: Api, schedule_id: str) -> Json:
    async def ended() -> Json | None:
        runs = await runs_of(api, schedule_id)
        return runs[0] if runs and runs[0]["finished_at"] else None

    return await until(ended)


async def test_a_schedule_scales_at_its_time_and_admission_agrees(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", replicas=2)
    await run(cluster, "cart")
    assert count(cluster, "cart") == 2
    target = {**CART, "replicas": 5}
    one = await made(enforcing, kind="scale", targets=[target], cron=None, once_at=soon(8), name="evening")
    found = await _ended(enforcing, one["id"])
    assert (found["outcome"], found["operation_state"]) == ("started", "succeeded")
    assert count(cluster, "cart") == 5
    effective = (await enforcing.get(f"{BASE}/services/shop/cart")).json["replicas"]
    assert (effective["effective"], effective["source"]) == (5, "manual")
    operation = (await enforcing.get(f"{BASE}/operations/{found['operation_id']}")).json
    assert (operation["requested_by"], operation["schedule_id"]) == ("schedule evening", one["id"])
    shown = (await enforcing.get(f"{BASE}/schedules/{one['id']}")).json
    assert (shown["state"], shown["next_run"], shown["last_run"]["id"]) == ("finished", None, found["id"])


async def test_run_now_restarts_and_admission_rewrites_resources(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", replicas=2, cpu_m=333)
    await run(cluster, "cart")
    paused = await made(enforcing, enabled=False, targets=None, selector={"namespaces": ["shop"]})
    answer = await enforcing.change("POST", f"{BASE}/schedules/{paused['id']}/run")
    assert (answer.status, answer.json["trigger"], answer.json["by"]) == (202, "hand", "alice")
    found = await _ended(enforcing, paused["id"])
    assert found["operation_state"] == "succeeded"
    container = live(cluster, "cart")["spec"]["template"]["spec"]["containers"][0]
    assert container["resources"]["requests"]["cpu"] == "333m"
    annotations = live(cluster, "cart")["spec"]["template"]["metadata"]["annotations"]
    assert found["operation_id"] in annotations.values()
    matches = (await enforcing.get(f"{BASE}/schedule-matches?namespaces=shop&name=c*")).json
    assert matches == {"items": [{**CART, "kind": "Deployment"}], "total": 1}


@dataclass
class Instance:
    """An API as a process of its own."""

    process: subprocess.Popen[bytes]
    url: str

    async def get(self, path: str) -> Any:
        """Return the JSON of an answer."""
        headers = {"Authorization": f"Bearer {token()}"}
        async with (
            aiohttp.ClientSession(self.url, headers=headers) as session,
            session.get(f"{BASE}/{path}") as response,
        ):
            assert response.status == 200, await response.text()
            return await response.json()

    def kill(self) -> None:
        """End it on the spot."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _start(log: Path, environment: dict[str, str]) -> Instance:
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "kubedoor_api"],
            env={**os.environ, **environment, "KUBEDOOR_LISTEN": f"127.0.0.1:{port}"},
            stdout=out,
            stderr=out,
        )
    return Instance(process, f"http://127.0.0.1:{port}")


@asynccontextmanager
async def instances(
    number: int, folder: Path, clickhouse: dict[str, str], kubeconfig: Path
) -> AsyncIterator[list[Instance]]:
    """Several instances of one API."""
    write_htpasswd(folder / "htpasswd", alice=PASSWORD)  # whose schedules run: nobody else's would
    own = {
        "KUBEDOOR_ENV": ENV, "KUBEDOOR_JWT_SECRET": SECRET, "KUBEDOOR_KUBECONFIG": str(kubeconfig),
        "KUBEDOOR_HTPASSWD_FILE": str(folder / "htpasswd"), "KUBEDOOR_OWN_NAMESPACE": "kubedoor",
        "KUBEDOOR_LEASE_DURATION_S": "3", "KUBEDOOR_LEASE_RENEW_S": "2", "KUBEDOOR_LEASE_RETRY_S": "1",
        "KUBEDOOR_ROLLOUT_POLL_S": "0.2", "KUBEDOOR_ROLLOUT_SOAK_S": "0", "KUBEDOOR_LOG_FORMAT": "json",
    }  # fmt: skip
    started: list[Instance] = []
    try:
        started.extend(_start(folder / f"log-{index}", {**clickhouse, **own}) for index in range(number))
        for index, each in enumerate(started):
            wait_for_http(f"{each.url}/healthz", each.process, folder / f"log-{index}")
        yield started
    finally:
        for each in started:
            stop(each.process)


async def _leader(every: list[Instance]) -> Instance:
    async def found() -> Instance | None:
        for each in every:
            if (await each.get("leader"))["leading"]:
                return each
        return None

    return await until(found)


async def _store(clickhouse: ClickHouse, names: list[str]) -> dict[str, str]:
    """Make a schedule for each service, all at once: due within three seconds, one after another."""
    now, rows, ids = datetime.now(UTC), [], {}
    for number, name in enumerate(names):
        ids[name] = uuid.uuid4().hex
        due = now + timedelta(seconds=2 + 3 * number / len(names))
        asked = schedule(targets=[{"namespace": "shop", "name": name}], name=name, cron=None)
        new = NewSchedule.model_validate({**asked, "once_at": due.isoformat(timespec="milliseconds")})
        rows.append(row_of(ids[name], ENV, new, timing_asked(new, now), now))

    async def prepare() -> list[Row]:
        return rows

    await Writer(clickhouse).commit("schedule", "alice", prepare)
    return ids


async def test_the_leader_is_killed_and_everything_due_runs_once(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], cluster: Cluster, tmp_path: Path
) -> None:
    """A third of the schedules begin before the kill, the others are due around it or while nobody leads."""
    names = [f"web-{number}" for number in range(SCHEDULED)]
    await register(clickhouse, *names, replicas=1)
    await run(cluster, *names, replicas=1)
    kubeconfig = cluster.write_kubeconfig(tmp_path / "kubeconfig")
    async with instances(2, tmp_path, clickhouse_settings, kubeconfig) as both:
        leader = await _leader(both)
        other = next(each for each in both if each is not leader)
        ids = await _store(clickhouse, names)

        async def under_way() -> bool:
            rows = await clickhouse.fetch("SELECT DISTINCT run_id FROM schedule_run")
            return len(rows) >= SCHEDULED // 3

        await until(under_way)
        leader.kill()

        async def all_done() -> bool:
            rows = await clickhouse.fetch(
                "SELECT id FROM operation FINAL WHERE state NOT IN ('pending', 'running')"
            )
            return len(rows) == SCHEDULED

        await until(all_done, 240)
        assert await _leader([other]) is other
        for name, schedule_id in ids.items():
            found = (await other.get(f"schedules/{schedule_id}/runs"))["items"]
            assert [(one["outcome"], one["operation_state"]) for one in found] == [("started", "succeeded")]
            annotations = live(cluster, name)["spec"]["template"]["metadata"]["annotations"]
            assert found[0]["operation_id"] in annotations.values()
            assert live(cluster, name)["metadata"]["generation"] == 2  # restarted once
    rows = await clickhouse.fetch(
        "SELECT schedule_id, count() AS n FROM operation FINAL GROUP BY schedule_id"
    )
    assert {row["schedule_id"]: row["n"] for row in rows} == dict.fromkeys(ids.values(), 1)
