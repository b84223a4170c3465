"""The endpoints of an env as it is now."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import sees
from kubedoor_api.kube.metrics_store import store_of
from kubedoor_api.now.asking import Evaluation
from kubedoor_api.now.board import EVERY_S, NowBoard
from kubedoor_api.now.models import (
    Now,
    NowCurves,
    NowNamespaces,
    NowNodes,
    NowService,
    NowServices,
    Trouble,
)
from kubedoor_api.now.texts import curves
from kubedoor_api.statistics.pod_metrics import selector, step_s
from kubedoor_api.web.encoded_body import EncodedBody, prepared
from kubedoor_api.web.endpoint import Call, Caller, Stream, endpoint
from kubedoor_api.web.fields import EnvPath, LooseName, Nothing, Page, Search, ServicePath, SortKeys
from kubedoor_api.web.stream import event
from kubedoor_core.prometheus import Matrix, Pool, PrometheusError, PrometheusUnavailableError

NOW = "/envs/{env}/now"
BEAT = ": still here\n\n"
CURVE = timedelta(hours=3)

Names = frozenset[str] | None
"""Namespaces that somebody may see; None: all."""


class NowServiceQuery(Page):
    """Which services, in which order."""

    q: Search = ""
    """Words that namespace and name hold together"""
    namespace: LooseName | None = None
    """Only of this namespace"""
    trouble: Trouble | None = None
    """Only those with this trouble"""
    sort: Annotated[
        str,
        SortKeys("worst", "name", "namespace", "ready", "cpu", "mem", "restarts", "qps", "p95", "errors"),
    ] = "worst"
    """`worst`: those with which most is wrong first; unknown comes last in either direction"""


SORTS: dict[str, Callable[[NowService], str | float | None]] = {
    "name": lambda one: one.name,
    "namespace": lambda one: one.namespace,
    "ready": lambda one: None if one.ready is None or one.asked is None else one.ready - one.asked,
    "cpu": lambda one: one.cpu.used,
    "mem": lambda one: one.mem.used,
    "restarts": lambda one: one.restarts_1h,
    "qps": lambda one: one.qps,
    "p95": lambda one: one.p95_ms,
    "errors": lambda one: one.error_pct,
}


def names_seen(caller: Caller, env: str, evaluation: Evaluation) -> Names:
    """Return which of an env's namespaces somebody may see; None for all, and all that there will be."""
    if sees(caller, env, None):
        return None
    return frozenset(
        one.namespace for one in evaluation.snapshot.namespaces if sees(caller, env, one.namespace)
    )


def now_of(evaluation: Evaluation, names: Names) -> Now:
    """Return the head of an evaluation: its sums, and how it was made."""
    return Now(
        scope=None if names is None else sorted(names),
        at=evaluation.at,
        asked_at=evaluation.asked_at,
        every_s=EVERY_S,
        stale=bool(evaluation.reason),
        reason=evaluation.reason,
        interval_s=evaluation.survey.interval_s,
        queries=list(evaluation.queries),
        tiles=evaluation.snapshot.tiles(names),
    )


@endpoint("GET", NOW, tag="now", role=Role.VIEWER, by_target=True, conflicts=True)
async def get_now(call: Call[EnvPath, Nothing, Nothing]) -> Now:
    """Show an env as it is now, as its store of metrics tells it.

    All of it, or the namespaces that you may see. One evaluation is for all who look: the latest, where it is
    at most a minute old; one that is older than 15 seconds has the next one made, which the stream brings. A
    query that fails makes what depends on it unknown, and a store that does not answer leaves what was known,
    with its age.
    """
    evaluation = await call.context[NowBoard].shown(call.context, call.path.env)
    return now_of(evaluation, names_seen(call.caller, call.path.env, evaluation))


@endpoint(
    "GET",
    NOW + "/stream",
    tag="now",
    role=Role.VIEWER,
    by_target=True,
    conflicts=True,
    media_types=("text/event-stream",),
    event_model=Now,
)
async def follow_now(call: Call[EnvPath, Nothing, Nothing]) -> Stream:
    """Follow an env as it is.

    Server-sent events: `now`, whose data is a `Now`, at once and with each evaluation. Services, namespaces
    and nodes are asked for when one comes. 250 people can follow an env at once.
    """
    board, context, env = call.context[NowBoard], call.context, call.path.env
    await board.shown(context, env)
    viewer = board.viewer(env)
    viewer.__enter__()

    async def close() -> None:
        viewer.__exit__(None, None, None)

    async def events() -> AsyncIterator[str]:
        async for found in board.following(context, env):
            if found is None:
                yield BEAT
            else:
                yield event("now", now_of(found, names_seen(call.caller, env, found)))

    return Stream(events(), close)


@endpoint(
    "GET", NOW + "/services", tag="now", role=Role.VIEWER, by_target=True, conflicts=True, answers=NowServices
)
async def list_now_services(call: Call[EnvPath, NowServiceQuery, Nothing]) -> EncodedBody:
    """List services as they are now, those with which most is wrong first."""
    query = call.query
    evaluation = await call.context[NowBoard].shown(call.context, call.path.env)
    names = names_seen(call.caller, call.path.env, evaluation)
    words = query.q.lower().split()
    matching = [
        one
        for one in evaluation.snapshot.services
        if (names is None or one.namespace in names)
        and query.namespace in (None, one.namespace)
        and all(word in f"{one.namespace}/{one.name}".lower() for word in words)
    ]
    found = [one for one in matching if query.trouble is None or query.trouble in one.troubles]
    items = _sorted(found, query.sort)[query.offset : query.offset + query.limit]
    return prepared(
        NowServices(
            at=evaluation.at,
            total=len(found),
            troubles=Counter(trouble for one in matching for trouble in one.troubles),
            items=items,
        )
    )


def _sorted(found: list[NowService], sort: str) -> list[NowService]:
    """Return services in an order; they come in that of what is worst."""
    down, column = sort.startswith("-"), sort.removeprefix("-")
    if column == "worst":
        return found[::-1] if down else found
    value = SORTS[column]
    known = [one for one in found if value(one) is not None]
    unknown = [one for one in found if value(one) is None]
    return [*sorted(known, key=lambda one: (value(one), one.key), reverse=down), *unknown]


@endpoint("GET", NOW + "/namespaces", tag="now", role=Role.VIEWER, by_target=True, conflicts=True)
async def list_now_namespaces(call: Call[EnvPath, Nothing, Nothing]) -> NowNamespaces:
    """List namespaces as they are now."""
    evaluation = await call.context[NowBoard].shown(call.context, call.path.env)
    names = names_seen(call.caller, call.path.env, evaluation)
    every = evaluation.snapshot.namespaces
    return NowNamespaces(
        at=evaluation.at, items=[one for one in every if names is None or one.namespace in names]
    )


@endpoint("GET", NOW + "/nodes", tag="now", role=Role.VIEWER, conflicts=True)
async def list_now_nodes(call: Call[EnvPath, Nothing, Nothing]) -> NowNodes:
    """List nodes as they are now; for those who see the whole env."""
    evaluation = await call.context[NowBoard].shown(call.context, call.path.env)
    return NowNodes(at=evaluation.at, items=list(evaluation.snapshot.nodes))


@endpoint("GET", NOW + "/services/{namespace}/{name}/curves", tag="now", role=Role.VIEWER, conflicts=True)
async def get_now_curves(call: Call[ServicePath, Nothing, Nothing]) -> NowCurves:
    """Show what a service used over the last three hours, all its pods together."""
    path = call.path
    store = store_of(call.context, path.env)
    step = step_s(CURVE.total_seconds())
    texts = curves(selector(path.namespace, path.name, store.env_label, path.kind), step)
    prometheus = await call.context[Pool].client(store)
    try:
        until = await prometheus.now()
        cpu, mem = await asyncio.gather(
            *(prometheus.range(texts[name], until - CURVE, until, step) for name in ("cpu", "mem"))
        )
    except PrometheusError as error:
        raise PrometheusUnavailableError(f"Prometheus did not answer the query: {error}") from error
    seconds = range(int((until - CURVE).timestamp()), int(until.timestamp()) + 1, step)
    return NowCurves(
        step_s=step,
        times=[datetime.fromtimestamp(at, UTC) for at in seconds],
        cpu_m=_at(cpu, seconds),
        mem_mib=_at(mem, seconds),
    )


def _at(matrix: Matrix, seconds: range) -> list[float | None]:
    steps = matrix[0].steps if matrix else {}
    return [steps.get(at) for at in seconds]
