"""Puts together what the collection, the store of metrics and the cluster tell of nodes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.nodes import LiveNode, read_node
from kubedoor_api.kube.retry import AskingError, for_people
from kubedoor_api.nodes import queries
from kubedoor_api.nodes.models import (
    NodeBalance,
    NodeCordon,
    NodeDay,
    NodeImbalance,
    NodeReason,
    NodeResource,
    NodeSummary,
    NodeTaint,
)
from kubedoor_api.now.board import NowBoard
from kubedoor_api.now.models import NowNode, NowNodeUse
from kubedoor_api.now.nodes import whole
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import prices_of
from kubedoor_core.domain.nodes import Load, Room, imbalance, stranded
from kubedoor_core.domain.placement.model import CPU, MEMORY, SLOTS
from kubedoor_core.domain.prices import Prices
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

Then = tuple[float | None, float | None, float | None]
"""Of the last peak: P95, requested, allocatable."""
NEVER: Then = (None, None, None)


@dataclass(frozen=True)
class Told:
    """What a cluster tells of its nodes, or why it does not."""

    nodes: Mapping[str, LiveNode] = field(default_factory=dict)
    reason: NodeReason = ""
    detail: str = ""


@dataclass(frozen=True)
class NowTold:
    """What is used now, or why that is not known."""

    nodes: Mapping[str, NowNode] = field(default_factory=dict)
    at: datetime | None = None
    reason: str = ""
    code: ProblemCode | None = None


@dataclass(frozen=True)
class Seen:
    """All that is known of an env's nodes."""

    days: Mapping[str, NodeDay]
    live: Told
    now: NowTold
    prices: Prices

    def summaries(self) -> list[NodeSummary]:
        """Return the nodes that there are: those of the cluster, else of the store, else of the last day."""
        names = self.live.nodes or self.now.nodes or self.days
        return [self._summary(name) for name in sorted(names)]

    def _summary(self, name: str) -> NodeSummary:
        live, now, day = self.live.nodes.get(name), self.now.nodes.get(name), self.days.get(name)
        cpu_then = (day.p95_cpu_m, day.requested_cpu_m, day.cpu_alloc_m) if day else NEVER
        mem_then = (day.p95_mem_mib, day.requested_mem_mib, day.mem_alloc_mib) if day else NEVER
        cpu = _resource(CPU, live, now.cpu if now else None, cpu_then)
        mem = _resource(MEMORY, live, now.mem if now else None, mem_then)
        slots = live.node.capacity.get(SLOTS) if live else now.pods_most if now else None
        return NodeSummary(
            node=name,
            group=live.group if live else "",
            zone=live.zone if live else "",
            ready=live.ready if live else now.ready if now else None,
            cordoned=live.cordon is not None if live else now.cordoned if now else None,
            cordon=NodeCordon(**asdict(live.cordon)) if live and live.cordon else None,
            taints=[NodeTaint.of(one) for one in live.taints] if live else [],
            pressure=list(live.pressure) if live else now.pressure if now else [],
            created_at=live.created_at if live else None,
            control_plane=live.control_plane if live else False,
            pods=now.pods if now else whole(day.pods if day else None),
            pods_most=slots if slots is not None else whole(day.pods_alloc if day else None),
            cpu=cpu,
            mem=mem,
            money_month=self.prices.money(cpu.allocatable or 0.0, mem.allocatable or 0.0),
        )

    def balances(self) -> tuple[NodeBalance, NodeBalance]:
        """Return how cpu and memory lay on the nodes at the last peak."""
        days = self.days
        lost = stranded(
            Room(cpu_m, mem_mib, cpu_m - one.requested_cpu_m, mem_mib - one.requested_mem_mib)
            for one in days.values()
            for cpu_m, mem_mib in [(one.cpu_alloc_m or 0.0, one.mem_alloc_mib or 0.0)]
            if one.requested_cpu_m is not None and one.requested_mem_mib is not None
        )
        cpu = (
            [Load(name, one.p95_cpu_m, one.cpu_alloc_m) for name, one in days.items()],
            [Load(name, one.requested_cpu_m, one.cpu_alloc_m) for name, one in days.items()],
        )
        mem = (
            [Load(name, one.p95_mem_mib, one.mem_alloc_mib) for name, one in days.items()],
            [Load(name, one.requested_mem_mib, one.mem_alloc_mib) for name, one in days.items()],
        )
        return _balance(*cpu, lost[0]), _balance(*mem, lost[1])


def _balance(used: Sequence[Load], requested: Sequence[Load], lost: float) -> NodeBalance:
    return NodeBalance(
        used=_imbalance(used),
        requested=_imbalance(requested),
        used_pct=_share(used),
        requested_pct=_share(requested),
        stranded=lost,
    )


def _imbalance(loads: Sequence[Load]) -> NodeImbalance | None:
    found = imbalance(loads)
    return NodeImbalance(**asdict(found)) if found else None


def _share(loads: Sequence[Load]) -> float | None:
    """Return what is used of all that there is, of the nodes of which both are known."""
    known = [one for one in loads if one.pct is not None]
    whole = sum(one.allocatable or 0.0 for one in known)
    return 100 * sum(one.used or 0.0 for one in known) / whole if whole else None


def _resource(
    name: str,
    live: LiveNode | None,
    now: NowNodeUse | None,
    then: Then,
) -> NodeResource:
    p95, requested, allocatable = then
    may = live.node.capacity.get(name) if live else now.allocatable if now else None
    return NodeResource(
        p95=p95,
        used=now.used if now else None,
        requested=now.requested if now and now.requested is not None else requested,
        allocatable=may if may is not None else allocatable,
    )


async def see(context: Context, env: str) -> Seen:
    """Return all that is known of an env's nodes; what does not answer is told with its reason."""
    days, live, now, policy = await asyncio.gather(
        queries.latest(context[ClickHouse], env),
        told(context, env),
        _now(context, env),
        store.policy(context, env),
    )
    return Seen(days, live, now, prices_of(policy))


async def told(context: Context, env: str) -> Told:
    """Ask the cluster for its nodes."""
    if env not in context[Clusters].names:
        detail = f"No cluster is configured for {env}: set KUBECONFIG or CLUSTERS_FILE"
        return Told(reason="no_cluster", detail=detail)
    try:
        async with for_people(env):
            found = await workloads.nodes(context[Clusters], env)
    except AskingError as error:
        return Told(reason=error.reason, detail=str(error))
    return Told({node.name: node for node in map(read_node, found)})


async def _now(context: Context, env: str) -> NowTold:
    try:
        found = await context[NowBoard].latest(context, env)
    except Problem as problem:  # no store is configured
        return NowTold(reason=problem.detail, code=problem.code)
    nodes = {one.node: one for one in found.snapshot.nodes}
    return NowTold(nodes, found.at, found.reason)
