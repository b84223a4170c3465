"""The endpoints of all envs at once: figures, services found by name, and how far one is set up."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from kubedoor_api.access.roles import Role, allowed
from kubedoor_api.auth.namespace_scope import sees
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.envs import queries as envs
from kubedoor_api.envs.known import KnownEnv, known_envs
from kubedoor_api.fleet import queries
from kubedoor_api.fleet.board import ClusterView, FleetBoard
from kubedoor_api.fleet.models import Fleet, FleetCluster, FleetEnv, FleetWriter, sums_of, together
from kubedoor_api.fleet.queries import Place, Score, Wrote
from kubedoor_api.kube import rights
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters, ClusterUnavailableError
from kubedoor_api.kube.clusters_file import ClustersFile
from kubedoor_api.leader.leadership import lease_namespace
from kubedoor_api.settings import store
from kubedoor_api.statistics.score.scoring import rounded
from kubedoor_api.statistics.totals.models import Money, Totals
from kubedoor_api.web.endpoint import Call, Caller, Context, endpoint
from kubedoor_api.web.fields import PRINTABLE, EnvPath, Model, ModeName, Nothing, ServiceName, Time
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.mode import Mode
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


class FleetSearch(Model):
    """What is looked for."""

    q: Annotated[str, Field(pattern=PRINTABLE, min_length=1, max_length=253)]
    """Words that namespace and name hold together"""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """Most services to return"""


class FleetService(ServiceName):
    """A registered service of some env."""

    env: str
    """Name of the env"""


class FleetServices(Model):
    """Services that were found, the closest first."""

    items: list[FleetService]
    """The services"""
    more: bool
    """Whether there are more than these"""


@endpoint("GET", "/fleet/services", tag="envs", role=Role.VIEWER)
async def find_services(call: Call[Nothing, FleetSearch, Nothing]) -> FleetServices:
    """Find registered services by name in all envs that you may see.

    Those of that very name first, then those that begin with the words.
    """
    found: list[FleetService] = []
    words = call.query.q.lower().split()
    async for row in queries.found(call.context[ClickHouse], words):
        if not sees(call.caller, row["env"], row["namespace"]):
            continue
        if len(found) == call.query.limit:
            return FleetServices(items=found, more=True)
        found.append(FleetService.model_validate(row))
    return FleetServices(items=found, more=False)


ASK_S = 5.0

StepName = Literal["configured", "reachable", "rights", "collector", "webhook", "mode"]
StepState = Literal["done", "open", "failed"]


class SetupStep(Model):
    """One step of setting up an env."""

    step: StepName
    """`configured`: it is in the clusters file; `reachable`: its API server answers; `rights`: the api's
    account may do all that it needs there; `collector`, `webhook`: they have written rows of it; `mode`:
    admission is not off"""
    state: StepState
    """`open`: not yet, `failed`: it was tried, and `detail` says why not"""
    detail: str
    """What the cluster said, or the rights that are missing, one a line; empty where nothing is wrong"""
    at: Time | None
    """When it was written last, UTC; null for the other steps"""


class EnvSetup(Model):
    """How far an env is set up."""

    env: str
    """Name of the env"""
    mode: ModeName
    """Its admission mode"""
    steps: list[SetupStep]
    """The steps in their order"""


def _step(step: StepName, state: StepState, detail: str = "", at: Time | None = None) -> SetupStep:
    return SetupStep(step=step, state=state, detail=detail, at=at)


async def _of_cluster(context: Context, env: str) -> list[SetupStep]:
    """Return the steps that a cluster is asked about."""
    clusters, settings = context[Clusters], context[ApiSettings]
    if env not in clusters.names:
        return [_step("configured", "open"), _step("reachable", "open"), _step("rights", "open")]
    done = [_step("configured", "done")]
    try:
        lacking = await rights.missing(clusters, env, lease_namespace(settings), settings.lease_name, ASK_S)
    except ClusterUnavailableError as error:
        return [*done, _step("reachable", "failed", str(error)), _step("rights", "open")]
    except ClusterRefusedError as error:
        return [*done, _step("reachable", "done"), _step("rights", "failed", str(error))]
    words = "\n".join(map(str, lacking))
    return [*done, _step("reachable", "done"), _step("rights", "failed" if lacking else "done", words)]


@endpoint("GET", "/envs/{env}/setup", tag="envs", role=Role.VIEWER)
async def get_setup(call: Call[EnvPath, Nothing, Nothing]) -> EnvSetup:
    """Say how far an env is set up, also one that there is not yet.

    Nothing is changed: its cluster is asked whether the api's account has its rights.
    """
    context, env = call.context, call.path.env
    clickhouse = context[ClickHouse]
    collected = (await envs.collected(clickhouse)).get(env)
    decided = (await queries.webhooks(clickhouse)).get(env)
    mode = (await store.policy(context, env)).modes.get("", Mode.OFF)
    return EnvSetup(
        env=env,
        mode=mode.value,
        steps=[
            *await _of_cluster(context, env),
            _step("collector", "done" if collected else "open", at=collected.at if collected else None),
            _step("webhook", "done" if decided else "open", at=decided.at if decided else None),
            _step("mode", "open" if mode is Mode.OFF else "done"),
        ],
    )
