"""Asking JVMs: the ways to one, what is told of each that fails, and who may read what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from kubedoor_api.access.roles import Grant, Right, Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import PODS
from kubedoor_dev.containers.local import unshare
from support.api import Api, serving, token
from support.pod_actions import ACTIONS, body_of, ended, preview_of
from support.pods import run_service
from support.standing_in import JATTACH, THREADS, jvm_image, program
from support.waiting import until

Json = dict[str, Any]
TOOLBOX = "registry.example/jattach:2.2"
pytestmark = pytest.mark.skipif(not unshare(), reason="this machine gives no namespaces")


@pytest.fixture
async def acting(clickhouse: ClickHouse, knowing: ApiSettings) -> AsyncIterator[Api]:
    """An API that may ask JVMs."""
    update = {"pod_actions": "diagnose", "rollout_poll_s": 0.1}
    async with serving(knowing.model_copy(update=update)) as running:
        yield running


def asked(pod: Json, kind: str = "threads", **parameters: Any) -> Json:
    return body_of(kind, pod, parameters)


async def told(api: Api, pod: Json, kind: str = "threads", **parameters: Any) -> Json:
    """Ask, and return the action as it ended."""
    return await ended(api, await api.change("POST", ACTIONS, asked(pod, kind, **parameters)))


async def preview(api: Api, pod: Json, **parameters: Any) -> Json:
    return await preview_of(api, asked(pod, **parameters))


async def previewed(api: Api, pod: Json, jvms: int) -> Json:
    """Return a preview once so many JVMs run."""

    async def run() -> Json | None:
        found = await preview(api, pod)
        return found if len(found["jvms"]) == jvms else None

    return await until(run)


async def test_a_jvm_tells_its_threads_and_a_deadlock(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(tmp_path, "jcmd"), tmp_path):
        before = await previewed(acting, pod, 1)
        [jvm] = before["jvms"]
        assert (jvm["main"], before["container"], before["warnings"]) == ("shop.Cart", "app", [])
        assert (before["confirm"], before["ready_after"]) == ("", 1)
        done = await told(acting, pod)
        assert done["state"] == "done", done
        memory = await told(acting, pod, "native_memory")
        twice = await told(acting, pod, times=2)
    assert (done["jvm"], done["way"], done["ways"]) == (jvm, "jcmd", [])
    assert done["deadlocks"] == [["left", "right"]]
    assert [step["name"] for step in done["steps"]] == ["jvm_found", "answered"]
    file = await acting.get(f"{ACTIONS}/{done['id']}/file")
    assert file.text == THREADS
    name = f"{pod['metadata']['name']}-threads-"
    assert file.headers["Content-Disposition"].startswith(f'attachment; filename="{name}')
    assert done["sha256"] == hashlib.sha256(THREADS.encode()).hexdigest()
    assert (done["bytes"], done["has_file"]) == (len(THREADS.encode()), True)
    assert (memory["state"], memory["reason"]) == ("done", "not_enabled")
    both = (await acting.get(f"{ACTIONS}/{twice['id']}/file")).text
    assert both == f"===== 1 of 2 =====\n{THREADS}\n===== 2 of 2 =====\n{THREADS}"
    listed = (await acting.get(f"{ACTIONS}?kind=threads&limit=1")).json
    assert (listed["total"], listed["items"][0]["id"]) == (2, twice["id"])
    assert "Full thread dump" not in json.dumps(listed)
    rows = await clickhouse.fetch(
        "SELECT action, outcome, after FROM audit_log WHERE position(after, {id:String}) > 0 ORDER BY seq",
        id=done["id"],
    )
    assert [(row["action"], row["outcome"]) for row in rows] == [
        ("createPodAction", "succeeded"), ("podDiagnose", "succeeded"),
    ]  # fmt: skip
    assert "secret" not in json.dumps([done, rows], default=str)


async def test_what_it_said_is_for_those_who_may_ask(acting: Api, cluster: Cluster, tmp_path: Path) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(tmp_path, "jcmd"), tmp_path):
        await previewed(acting, pod, 1)
        done = await told(acting, pod)
    path = f"{ACTIONS}/{done['id']}/file"
    assert (await acting.as_(Role.VIEWER).get(path)).status == 403
    logs_only = Grant(role=Role.OPERATOR, may=frozenset({Right.LOGS}))
    refused = await Api(acting.client, token(logs_only)).get(path)
    assert (refused.status, refused.json["code"]) == (403, "right_missing")
    assert (await acting.as_(Role.OPERATOR, namespace="pay").get(path)).status == 403
    assert (await acting.as_(Role.OPERATOR, namespace="shop").get(path)).status == 200
    begun = await Api(acting.client, token(logs_only)).change("POST", ACTIONS, asked(pod))
    assert (begun.status, begun.json["code"]) == (403, "right_missing")


async def test_without_tools_threads_come_by_a_signal_and_nothing_else_does(
    acting: Api, cluster: Cluster, tmp_path: Path
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(tmp_path), tmp_path):
        await previewed(acting, pod, 1)
        done = await told(acting, pod)
        failed = await told(acting, pod, "histogram")
    assert (done["state"], done["way"], done["deadlocks"]) == ("done", "signal", [["left", "right"]])
    assert [(one["way"], one["reason"]) for one in done["ways"]] == [
        ("jcmd", "not_in_image"), ("toolbox", "off"),
    ]  # fmt: skip
    text = (await acting.get(f"{ACTIONS}/{done['id']}/file")).text
    assert text.startswith("Full thread dump")
    assert "request served" not in text
    assert (failed["state"], failed["reason"]) == ("failed", "not_attachable")
    assert [one["reason"] for one in failed["ways"]] == ["not_in_image", "off", "threads_only"]
    assert "podActions.toolbox is off" in failed["detail"]
    none = await acting.get(f"{ACTIONS}/{failed['id']}/file")
    assert (none.status, none.json["code"]) == (409, "no_file")


async def test_a_toolbox_is_put_beside_it_where_it_is_allowed(
    clickhouse: ClickHouse, knowing: ApiSettings, cluster: Cluster, tmp_path: Path
) -> None:
    program(tmp_path / "jattach", "jattach", JATTACH)
    cluster.containers.images[TOOLBOX] = f"{tmp_path / 'jattach'}:/usr/bin:/bin"
    update = {"pod_actions": "diagnose,toolbox", "toolbox_image": TOOLBOX, "rollout_poll_s": 0.1}
    [pod] = await run_service(cluster, "cart", 1)
    async with (
        serving(knowing.model_copy(update=update)) as acting,
        cluster.container(pod, jvm_image(tmp_path), tmp_path),
    ):
        assert (await previewed(acting, pod, 1))["warnings"] == ["toolbox_stays"]
        done = await told(acting, pod, "histogram")
        text = (await acting.get(f"{ACTIONS}/{done['id']}/file")).text
    assert (done["state"], done["way"], text) == ("done", "toolbox", "GC.class_histogram\n")
    [beside] = cluster.get(Target(PODS, "shop", pod["metadata"]["name"]))["spec"]["ephemeralContainers"]
    assert (beside["image"], beside["targetContainerName"]) == (TOOLBOX, "app")
    assert beside["securityContext"]["capabilities"] == {"drop": ["ALL"]}


async def test_one_of_several_jvms_must_be_chosen(acting: Api, cluster: Cluster, tmp_path: Path) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(tmp_path, "jcmd", jvms=2), tmp_path):
        before = await previewed(acting, pod, 2)
        assert before["warnings"] == ["several_jvms"]
        failed = await told(acting, pod)
        assert (failed["reason"], failed["jvms"]) == ("several_jvms", before["jvms"])
        chosen = next(one for one in before["jvms"] if one["main"] == "Other1")
        done = await told(acting, pod, "flags", pid=chosen["pid"])
        assert (done["state"], done["jvm"]) == ("done", chosen)
        missing = await told(acting, pod, pid=4_000_000)
        assert missing["reason"] == "no_jvm"


async def test_what_is_not_there_is_refused_or_told(acting: Api, cluster: Cluster, tmp_path: Path) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    body = {**asked(pod), "container": "db"}
    refused = await acting.change("POST", ACTIONS, body)
    assert (refused.status, refused.json["code"]) == (409, "no_container")
    other = {**asked(pod), "uid": "another"}
    assert (await acting.change("POST", ACTIONS, other)).json["code"] == "pod_replaced"
    wrong = await acting.change("POST", ACTIONS, asked(pod, "threads", order="at_once"))
    assert wrong.status == 400, wrong.text
    failed = await told(acting, pod)
    assert (failed["state"], failed["reason"]) == ("failed", "cluster_failed"), "its container does not run"
    image = jvm_image(tmp_path)
    async with cluster.container(pod, image.__class__(("/bin/sleep", "600")), tmp_path):
        assert (await preview(acting, pod))["warnings"] == ["no_jvm"]
        assert (await told(acting, pod))["reason"] == "no_jvm"
    empty = tmp_path / "empty"
    empty.mkdir()
    async with cluster.container(pod, image.__class__(("/bin/sleep", "600"), path=str(empty)), tmp_path):
        without = await told(acting, pod)
    assert without["reason"] == "no_jvm"
    assert "neither a shell" in without["detail"]
