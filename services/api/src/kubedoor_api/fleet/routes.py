"""The endpoint of all envs at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kubedoor_api.access.roles import Role, allowed
from kubedoor_api.auth.namespace_scope import sees
from kubedoor_api.envs.known import KnownEnv, known_envs
from kubedoor_api.fleet import queries
from kubedoor_api.fleet.board import ClusterView, FleetBoard
from kubedoor_api.fleet.models import Fleet, FleetCluster, FleetEnv, FleetWriter
from kubedoor_api.fleet.queries import Place, Score, Wrote
from kubedoor_api.fleet.sums import sums_of, together
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.clusters_file import ClustersFile
from kubedoor_api.statistics.score.scoring import rounded
from kubedoor_api.statistics.totals.models import Money, Totals
from kubedoor_api.web.endpoint import Call, Caller, endpoint
from kubedoor_api.web.fields import Nothing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.score import grade_of

T = TypeVar("T")
Seen = Mapping[str, Sequence[T]]
"""By env, the figures of the namespaces that somebody may see."""


@dataclass(frozen=True)
class Figures:
    """What the tables tell of all envs."""

    totals: Seen[Totals]
    scores: Seen[Score]
    alerts: Seen[int]
    findings: Seen[int]
    collectors: Mapping[str, Wrote]
    webhooks: Mapping[str, Wrote]


def seen_of(caller: Caller, figures: Mapping[Place, T]) -> Seen[T]:
    """Return figures by env; what is in no namespace is for those who may see the whole env."""
    found: dict[str, list[T]] = defaultdict(list)
    for (env, namespace), figure in figures.items():
        if sees(caller, env, namespace or None):
            found[env].append(figure)
    return found


def _writer(wrote: Wrote | None) -> FleetWriter | None:
    return FleetWriter(at=wrote.at, version=wrote.version) if wrote else None


def _env(caller: Caller, env: KnownEnv, view: ClusterView | None, figures: Figures) -> FleetEnv:
    whole, name = sees(caller, env.name, None), env.name
    totals = together(figures.totals.get(name, ())) if env.latest else None
    parts = figures.scores.get(name, ())
    cost = sum(part.cost for part in parts)
    score = sum(part.points for part in parts) / cost if cost else None
    shown = view or ClusterView()
    states = {None: "unknown", True: "reachable", False: "unreachable"}
    return FleetEnv(
        name=name,
        mode=env.mode.value,
        partial=not whole,
        cluster=FleetCluster.model_validate(
            {
                "state": states[shown.reachable] if view else "none",
                "since": shown.since,
                "reason": shown.reason,
                "answered_at": shown.answered_at,
                "asking": shown.asking,
                "nodes": shown.nodes if whole else None,
                "nodes_reason": shown.nodes_reason if whole else "",
                "certificate": shown.certificate,
            }
        ),
        date=env.latest.day if env.latest else None,
        collected_at=env.latest.at if env.latest else None,
        registered=env.registered,
        totals=totals,
        money=Money.of(totals, env.policy) if totals else None,
        score=rounded(score),
        grade=None if score is None else grade_of(score),
        alerts=sum(figures.alerts.get(name, ())),
        findings=sum(figures.findings.get(name, ())),
        collector=_writer(figures.collectors.get(name)),
        webhook=_writer(figures.webhooks.get(name)),
    )


@endpoint("GET", "/fleet", tag="envs", role=Role.VIEWER)
async def get_fleet(call: Call[Nothing, Nothing, Nothing]) -> Fleet:
    """Show all envs that you may see, a row each, and their sums.

    Each with the figures of its own latest peak, of all of it or of the namespaces that you may see. The
    clusters are asked every fifteen seconds while somebody looks, each by itself: one that does not answer
    within a second is shown as it was, and after three it is unreachable.
    """
    context, caller = call.context, call.caller
    reached = [
        env for env in context[Clusters].names if any(grant.reaches(env) for grant in caller.principal.grants)
    ]

    async def told() -> tuple[list[KnownEnv], Figures]:
        envs = await known_envs(context, caller)
        clickhouse = context[ClickHouse]
        days = {env.name: env.latest.day for env in envs if env.latest}
        totals, scores, alerts, findings, collectors, webhooks = await asyncio.gather(
            queries.totals(clickhouse, days),
            queries.scores(clickhouse, days),
            queries.firing(clickhouse),
            queries.open_findings(clickhouse),
            queries.collectors(clickhouse),
            queries.webhooks(clickhouse),
        )
        return envs, Figures(
            seen_of(caller, totals),
            seen_of(caller, scores),
            seen_of(caller, alerts),
            seen_of(caller, findings),
            collectors,
            webhooks,
        )

    views, (envs, figures) = await asyncio.gather(context[FleetBoard].views(context, reached), told())
    items = [_env(caller, env, views.get(env.name), figures) for env in envs]
    administers = allowed(caller.principal.grants, Role.ADMIN, None, None)
    trouble = context[ClustersFile].trouble if administers else ""
    return Fleet(file_trouble=trouble, sums=sums_of(items), items=items)
