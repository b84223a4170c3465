"""Heap dumps in tests: an API that may make them, how one is asked for, and how its file is taken."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from kubedoor_api.config.environment import ApiSettings
from support.api import Api, serving
from support.pod_actions import ACTIONS, body_of, ended, preview_of
from support.waiting import until

Json = dict[str, Any]
GROUPS = "diagnose,isolate,delete"
MADE = os.urandom(3_000_000)
"""What the stand-in of a JVM writes."""


@asynccontextmanager
async def able(knowing: ApiSettings, **settings: Any) -> AsyncIterator[Api]:
    """Serve an API that may act on pods."""
    update = {"pod_actions": GROUPS, "rollout_poll_s": 0.1, **settings}
    async with serving(knowing.model_copy(update=update)) as running:
        yield running


@contextmanager
def container_folder(parent: Path, heap: bytes) -> Iterator[Path]:
    """A container's folder, which is its working directory too; nothing of ours may be left in it.

    :param heap: what the stand-in of its JVM writes.
    """
    made = parent / "container"
    made.mkdir()
    (made / "heap.bin").write_bytes(heap)
    yield made
    assert list(made.glob("kubedoor-*")) == [], "something was left in the pod"


def asked(pod: Json, confirm: bool = False, **parameters: Any) -> Json:
    """Return what asks for a heap dump."""
    named = {"confirm": pod["metadata"]["name"]} if confirm else {}
    return {**body_of("heap_dump", pod, parameters), **named}


async def jvm_there(api: Api, pod: Json) -> Json:
    """Return a preview once the JVM runs."""

    async def look() -> Json | None:
        found = await preview_of(api, body_of("heap_dump", pod, {"isolate_first": False}))
        return found if found["jvms"] else None

    found: Json = await until(look)
    return found


async def dumped(api: Api, pod: Json) -> Json:
    """Dump the heap of a pod that serves."""
    found = await ended(api, await api.change("POST", ACTIONS, asked(pod, confirm=True, isolate_first=False)))
    assert found["state"] == "done", (found["reason"], found["detail"])
    return found


async def taken(api: Api, action: Json) -> tuple[int, bytes]:
    """Download the file of an action: the status, and what came."""
    headers = {"Authorization": f"Bearer {api.bearer}"}
    async with api.client.get(f"{ACTIONS}/{action['id']}/file", headers=headers) as answer:
        return answer.status, await answer.read()


def files_in(folder: Path) -> list[Path]:
    """The files that JVMs wrote in a container's folder."""
    return list(folder.glob("kubedoor-*/*"))
