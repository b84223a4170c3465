"""What an env's leader does to know its surroundings: watch the cluster, and write only what has changed.

The tables are read before each write, so that a row that the webhook has written meanwhile, or one that was
lost, is put right; a cluster that can't be asked takes nothing away.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from kubedoor_api.kube import surroundings as kube
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import ObjectKey, key_of
from kubedoor_api.kube.objects.cluster import ResourceQuota
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.kube.surroundings import LookedAtName, WatchedName, WatchExpiredError
from kubedoor_api.surroundings import queries
from kubedoor_api.surroundings.objects import (
    BoundsRow,
    autoscaler_of,
    bounds_of,
    by_workload,
    changed_bounds,
    spec_of,
)
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.autoscaler import changes
from kubedoor_core.domain.autoscaler_events import events_of, unlisted
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import Trouble, get_logger

V = TypeVar("V")

AUTHOR = "api"
GATHER_S = 0.2
"""So long is waited for more after a change: many come together."""
LOOK_PAUSE_S = 30.0
"""How often the tables are looked at although nothing has changed."""
RETRY_S = 10.0
TELL_AGAIN_S = 86_400.0
WRITE_RETRY_S = 1.0

log = get_logger(__name__)


class Watched(Generic[V]):
    """The objects of one resource, as they are now.

    :ivar trouble: why they can't be asked for; empty if they can.
    :ivar found: what was read of each; None: they could not be asked for.
    """

    def __init__(
        self,
        resource: WatchedName | LookedAtName,
        read: Callable[[Any], V],
        told: asyncio.Event,
    ) -> None:
        self.resource: WatchedName | LookedAtName = resource
        self.found: dict[ObjectKey, V] | None = None
        self._read = read
        self._told = told
        self.trouble = ""
        self._forbidden = False
        self._told_s = float("-inf")

    async def run(self, clusters: Clusters, env: str) -> None:
        """List and watch for as long as this instance leads."""
        while True:
            try:
                await self._follow(clusters, env)
            except WatchExpiredError:
                continue
            except KubeDoorError as error:
                self._forbidden = isinstance(error, AskingError) and error.reason == "forbidden"
                if str(error) != self.trouble:
                    log.warning(
                        "surroundings.not_watched", env=env, resource=self.resource, reason=str(error)
                    )
                self.trouble, self.found = str(error), None
                self._told.set()
            await asyncio.sleep(RETRY_S)

    async def _follow(self, clusters: Clusters, env: str) -> None:
        found, version = await kube.listed(
            clusters, env, self.resource, lambda item: (key_of(item), self._read(item))
        )
        self.found = now = dict(found)
        self._told.set()
        if self.trouble:
            log.info("surroundings.watching", env=env, resource=self.resource)
        self.trouble, self._forbidden = "", False
        while True:
            async for change in kube.followed(clusters, env, self.resource, version):
                version = change.version or version
                if change.type == "BOOKMARK":
                    continue
                if change.type == "DELETED":
                    now.pop(key_of(change.object), None)
                else:
                    now[key_of(change.object)] = self._read(change.object)
                self._told.set()

    def tells(self) -> bool:
        """Tell whether a right is missing of which people have not been told; once a day is enough."""
        now_s = time.monotonic()
        if not self._forbidden or now_s - self._told_s < TELL_AGAIN_S:
            return False
        self._told_s = now_s
        return True


class QuotaWatches(dict[str, Watched[ResourceQuota]]):
    """The ResourceQuotas of each env that this instance leads, as they came, for others too."""


async def watch_surroundings(context: Context, env: str) -> None:
    """Keep what is stored of an env's autoscalers, LimitRanges and quotas as its cluster has them."""
    clusters = context[Clusters]
    if env not in clusters.names:
        await asyncio.Event().wait()
    told = asyncio.Event()
    autoscalers = Watched("horizontalpodautoscalers", autoscaler_of, told)
    limit_ranges = Watched("limitranges", spec_of, told)
    quotas = Watched[ResourceQuota]("resourcequotas", lambda quota: quota, told)
    context[QuotaWatches][env] = quotas
    try:
        async with asyncio.TaskGroup() as group:
            for one in (autoscalers, limit_ranges, quotas):
                group.create_task(one.run(clusters, env))
            trouble = Trouble(log, "surroundings.not_written", env=env)
            while True:
                told.clear()
                try:
                    await _write(context[ClickHouse], env, autoscalers, limit_ranges, quotas)
                    trouble.note("")
                except KubeDoorError as error:
                    trouble.note(str(error))
                    await asyncio.sleep(WRITE_RETRY_S)
                    continue
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_PAUSE_S):
                        await told.wait()
                    await asyncio.sleep(GATHER_S)
    finally:
        context[QuotaWatches].pop(env, None)  # another instance leads


async def _write(
    clickhouse: ClickHouse,
    env: str,
    autoscalers: Watched[Any],
    limit_ranges: Watched[Any],
    quotas: Watched[Any],
) -> None:
    now = datetime.now(UTC)
    found = None if autoscalers.found is None else by_workload(autoscalers.found.values())
    rows = changes(await queries.autoscalers(clickhouse, env), found, now)
    await queries.insert(clickhouse, "autoscaler", [row.columns(env, now, AUTHOR) for row in rows])
    await queries.insert(clickhouse, "event", events_of(env, rows, now, AUTHOR))
    troubles = [(one.resource, one.trouble) for one in (autoscalers, limit_ranges, quotas) if one.tells()]
    await queries.insert(clickhouse, "event", [unlisted(env, *trouble, now) for trouble in troubles])
    bounds = list[BoundsRow]()
    if limit_ranges.found is not None and quotas.found is not None:
        standing = await queries.bounds(clickhouse, env)
        specs = {key: spec_of(quota) for key, quota in quotas.found.items()}
        bounds = changed_bounds(standing, bounds_of(limit_ranges.found, specs))
    await queries.insert(clickhouse, "limit_range", [row.columns(env, now, AUTHOR) for row in bounds])
    if rows or bounds:
        log.info("surroundings.written", env=env, autoscalers=len(rows), namespaces=len(bounds))
