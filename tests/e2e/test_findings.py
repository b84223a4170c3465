"""Twenty things and more go wrong at once on a real control plane: each is one finding, its cause first.

Kubernetes' part is real: scheduler, controllers, quotas, LimitRanges, taints, a node whose kubelet is gone.
What containers die of is told by kwok, or by the test in a kubelet's place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.support.installation import DATABASE, Installation
from e2e.support.local_node import local_node
from e2e.support.troubles import TROUBLES, Trouble
from e2e.support.troubles.of_nodes import AWAY, SERVICES
from e2e.support.troubles.of_room import NODES
from e2e.support.troubles.scenes import Scenes, of_trouble, tell_how_soon
from e2e.support.troubles.trouble import IMAGE
from kubedoor_core.clickhouse import connect
from kubedoor_core.settings import Settings
from kubedoor_dev.containers.local import Image

Json = dict[str, Any]
TO_GO = (AWAY, *(one["metadata"]["name"] for one in NODES))


def sleeping(folder: Path, port: int) -> Image:
    """Return a container that does nothing."""
    return Image(("/bin/sleep", "infinity"))


async def all_wrong(installation: Installation, clickhouse_server: str, folder: Path) -> list[Json]:
    """Let it all go wrong, and return what is found."""
    settings = Settings(clickhouse_url=clickhouse_server, clickhouse_database=DATABASE)
    async with connect(settings) as clickhouse, installation.api() as api:
        if (await api.get("/mode"))["mode"] == "off":
            await api.switch("observe")
        scenes = Scenes(installation, api, clickhouse, TROUBLES)
        try:
            with local_node(installation.plane, AWAY, 1, folder, {IMAGE: sleeping}):
                await scenes.well()
            await scenes.make()
            return await scenes.found()
        finally:
            scenes.remove()


@pytest.fixture(scope="module")
def findings(
    installation: Installation, clickhouse_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Json]]:
    """All that was found."""
    installation.create(*NODES)
    yield asyncio.run(all_wrong(installation, clickhouse_server, tmp_path_factory.mktemp(AWAY)))
    installation.plane.kubectl("delete", "node", *TO_GO, "--wait=false")


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.name)
def test_it_is_found_with_the_right_cause_first(findings: list[Json], trouble: Trouble) -> None:
    [found], expected = of_trouble(trouble, findings), trouble.found
    assert found["container"] == expected.container
    shown = found["evidence"][0]["parameters"] if found["evidence"] else {}
    assert {name: shown.get(name) for name in expected.shown} == expected.shown, found
    likely = [one for one in found["changes"] if one["explains"]]
    if expected.cause is None:
        assert likely == [], found
        return
    cause, (code, aspect) = found["changes"][0], expected.cause
    assert cause["explains"], found
    assert cause["code"] == code, found
    assert aspect in [one["name"] for one in cause["aspects"]], found


def test_nothing_else_is_found(findings: list[Json]) -> None:
    expected = [one["id"] for trouble in TROUBLES for one in of_trouble(trouble, findings)]
    assert [one for one in findings if one["id"] not in expected] == []
    assert len(set(expected)) == len(TROUBLES)
    tell_how_soon(findings)


def test_a_node_that_dies_names_the_services_that_were_there(findings: list[Json]) -> None:
    [away] = [one for one in findings if one["name"] == AWAY]
    assert {one["name"] for one in away["affected"]} == set(SERVICES)


SAID = {
    "no-cpu": "FailedScheduling", "quota": "FailedCreate", "limit-range": "FailedCreate",
    "node-away": "NodeNotReady", "crashes": "BackOff",
}  # fmt: skip


@pytest.mark.parametrize(("name", "reason"), SAID.items())
def test_what_the_cluster_says_of_it_itself_is_evidence(findings: list[Json], name: str, reason: str) -> None:
    [trouble] = [one for one in TROUBLES if one.name == name]
    [found] = of_trouble(trouble, findings)
    events = [one["parameters"]["reason"] for one in found["evidence"] if one["code"] == "event"]
    assert reason in events, found


def test_a_limit_that_we_lowered_is_told_with_both_values(findings: list[Json]) -> None:
    for name in ("limit-edited", "limit-derived"):
        [found] = [one for one in findings if one["namespace"] == f"trouble-{name}"]
        [aspect] = [one for one in found["changes"][0]["aspects"] if one["name"] == "limit_mem_mib lowered"]
        assert (aspect["before"], aspect["after"], aspect["container"]) == (512, 384, "app")
