"""How many nodes could go: what is asked, what the cluster tells, and the answer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal, get_args

from pydantic import Field

from kubedoor_api.admission.policy import control_of
from kubedoor_api.admission.preview import apply
from kubedoor_api.advice import queries as advice
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters, no_cluster
from kubedoor_api.kube.nodes import LiveNode, read_node
from kubedoor_api.kube.objects.pods import Pod as PodObject
from kubedoor_api.kube.objects.pods import PodSpec
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.nodes.cluster import Volumes, volumes
from kubedoor_api.settings import store
from kubedoor_api.web.concurrency import Computing
from kubedoor_api.web.endpoint import Context
from kubedoor_api.web.fields import Model, Search
from kubedoor_api.workloads import placing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import CURRENCY, prices_of
from kubedoor_core.domain.mode import Mode
from kubedoor_core.domain.placement.board import Block
from kubedoor_core.domain.placement.bounds import Binding
from kubedoor_core.domain.placement.model import CPU, MEMORY, Node, Pod
from kubedoor_core.domain.placement.neighbours import NeighbourBlock
from kubedoor_core.domain.placement.simulation import GroupResult, Wish, simulate
from kubedoor_core.domain.prices import Prices
from kubedoor_core.errors import BadValueError, UnavailableError
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import bad_field

Key = tuple[str, str]
Requests = Literal["now", "governed", "advised"]
LeftOutWhy = Literal["not_ready", "cordoned", "control_plane", "not_asked"]
LIMIT_S = 60.0
MOST_NAMED = 20
"""Pods of each list that are named; the rest is counted."""


class SimulationRequest(Model):
    """Which requests are packed, and what is to stay free."""

    requests: Requests = "governed"
    """`now`: as pods ask; `governed`: as the control table would make them; `advised`: likewise, with the
    pods gone that advice finds too many"""
    headroom_pct: Annotated[int, Field(ge=0, le=50)] = 10
    """Share of each node's cpu and memory that stays free, per cent"""
    spare_nodes: Annotated[int, Field(ge=0, le=20)] = 1
    """Nodes of each group that stay beside those that are needed, for as many that may be lost"""
    groups: Annotated[tuple[Search, ...], Field(max_length=200)] = ()
    """Only these groups; empty: all"""


class HeldBy(Model):
    """A pod that takes a node of its own though others have room, or that stays where it is."""

    namespace: str
    """Kubernetes namespace"""
    pod: str
    """Name of the pod"""
    why: NeighbourBlock | Literal["no_owner"]
    """`no_owner`: nobody would remake it; otherwise what keeps it off the nodes that have room"""


class NotPlaced(Model):
    """A pod that found no node."""

    namespace: str
    """Kubernetes namespace"""
    pod: str
    """Name of the pod"""
    why: Block | None
    """What stands against it at the most nodes"""


class SimulatedGroup(Model):
    """What a group of like nodes comes to."""

    name: str
    """Instance type or size, zone, taints"""
    nodes: int
    """Nodes that it has"""
    pods: int
    """Pods on them"""
    lower_bound: int
    """Nodes that are needed whatever is done, with the spare ones: no packing does with fewer"""
    packed: int
    """Nodes on which a packing was found that keeps to every rule, with the spare ones"""
    gives_back_least: int
    """Nodes that can go: there is a packing without them"""
    gives_back_most: int
    """No more can go than these"""
    binding: Binding
    """What decides the lower bound: a resource, `apart`: pods that share no node, `held`: pods that stay"""
    keeps: list[str]
    """The nodes that the packing chose, without the spare ones"""
    held_by: list[HeldBy]
    """What holds nodes besides room, some of it"""
    held_by_count: int
    """How many pods do"""
    unplaced: list[NotPlaced]
    """Pods that found no node, some of them: with these nothing can go"""
    unplaced_count: int
    """How many there are"""
    money_month: list[float] | None
    """What the nodes that can go cost a month, at least and at most; null where no price is set"""


class LeftOutNode(Model):
    """A node that is in no group."""

    node: str
    """Name of the node"""
    why: LeftOutWhy
    """`not_ready`, `cordoned`, `control_plane`, or `not_asked`: its group was not named"""


class Simulation(Model):
    """How many nodes could go, by group of like nodes."""

    groups: list[SimulatedGroup]
    """The groups, those of which most can go first"""
    left_out: list[LeftOutNode]
    """Nodes that are in no group; their pods stay where they are"""
    requests: Requests
    """Which requests were packed"""
    headroom_pct: int
    """What stays free on each node, per cent"""
    spare_nodes: int
    """Nodes of each group that stay beside those that are needed"""
    pods: int
    """Pods that are on nodes"""
    pending: int
    """Pods that have no node yet: they are in no group, and not counted"""
    ungoverned: int
    """Pods that are packed as they ask, though `governed` was asked for: of other kinds than Deployments, of
    services that are not registered or not governed, or whose Deployment could not be decided on"""
    gone: int
    """Pods left out, as advice finds them too many"""
    claiming: int
    """Pods with volumes"""
    volumes_known: bool
    """Whether it is known where those can be mounted: pods then stay where theirs can be, and a volume of a
    single node holds it. Otherwise they are taken for their zone's: the api may not list volumes
    (`nodes.control` or `findings.watch` of the chart lets it)"""
    currency: str
    """Of the money"""
    ms: int
    """How long the packing took, milliseconds"""


async def simulation(context: Context, env: str, asked: SimulationRequest) -> Simulation:
    """Ask the cluster, and work it out in a thread.

    :raises Problem: 400 for a group that there is not; 409 without a cluster.
    :raises UnavailableError: the cluster does not tell.
    """
    if env not in context[Clusters].names:
        raise no_cluster(env)
    try:
        async with asyncio.timeout(LIMIT_S):
            clusters = context[Clusters]
            nodes = [read_node(one) for one in await workloads.nodes(clusters, env)]
            pages = workloads.pods_in_pages(clusters, env)
            pods = [pod async for page in pages for pod in page if placing.is_there(pod)]
            where = await volumes(context, env)
            decided = await _decided(context, env) if asked.requests != "now" else {}
    except AskingError as error:
        raise UnavailableError(f"the cluster {env} does not tell its nodes and pods: {error}") from error
    except TimeoutError as error:
        raise UnavailableError(f"the cluster {env} did not tell its pods within {LIMIT_S:.0f} s") from error
    known = {node.group for node in nodes}
    for number, group in enumerate(asked.groups):
        if group not in known:
            raise bad_field(f"groups.{number}", "is no group of this cluster", FieldCode.NO_NODE_GROUP)
    policy = await store.policy(context, env)
    latest = await advice.latest(context[ClickHouse], env) if asked.requests == "advised" else {}
    fewer = {key: int(row["replicas_advised"]) for key, row in latest.items() if row["verdict"] == "fewer"}
    return await context[Computing].run(
        _computed, asked, nodes, pods, where, decided, fewer, prices_of(policy), policy[CURRENCY]
    )


async def _decided(context: Context, env: str) -> dict[Key, PodSpec]:
    """Return the pod spec of each Deployment as admission would make it, where it is governed."""
    control = await control_of(context, env)
    found: dict[Key, PodSpec] = {}
    async for deployment in workloads.every(context[Clusters], env):
        metadata = deployment.get("metadata") or {}
        key = (str(metadata.get("namespace") or ""), str(metadata.get("name") or ""))
        if not control.service(*key):
            continue
        try:
            decision = control.decide(deployment, Mode.ENFORCE)
        except BadValueError:
            continue
        if decision.allowed:
            made = apply(deployment, decision.patch)
            found[key] = made["spec"]["template"]["spec"]
    return found


def _computed(
    asked: SimulationRequest,
    nodes: Sequence[LiveNode],
    found: Sequence[PodObject],
    where: Volumes,
    decided: Mapping[Key, PodSpec],
    fewer: Mapping[Key, int],
    prices: Prices,
    currency: str,
) -> Simulation:
    began = time.perf_counter()
    pods, ungoverned, gone = _pods(asked, found, where, decided, fewer)
    groups, left_out = _groups(asked, nodes)
    names = {one.node for one in left_out}
    wish = Wish(asked.headroom_pct / 100, asked.spare_nodes)
    results = simulate(groups, [one.node for one in nodes if one.name in names], pods, wish)
    return Simulation(
        groups=sorted(
            (_told(one, prices) for one in results), key=lambda one: (-one.gives_back_least, one.name)
        ),
        left_out=left_out,
        requests=asked.requests,
        headroom_pct=asked.headroom_pct,
        spare_nodes=asked.spare_nodes,
        pods=sum(1 for pod in pods if pod.node),
        pending=sum(1 for pod in pods if not pod.node),
        ungoverned=ungoverned,
        gone=gone,
        claiming=sum(1 for pod in found if placing.claims(pod)),
        volumes_known=where.known,
        currency=currency,
        ms=round(1000 * (time.perf_counter() - began)),
    )


def _pods(
    asked: SimulationRequest,
    found: Sequence[PodObject],
    where: Volumes,
    decided: Mapping[Key, PodSpec],
    fewer: Mapping[Key, int],
) -> tuple[list[Pod], int, int]:
    """Return the pods with the requests that were asked for, how many keep their own, how many are gone."""
    governed = {key: placing.needs_of(spec) for key, spec in decided.items()}
    counted: Counter[Key] = Counter()
    pods: list[Pod] = []
    ungoverned = gone = 0
    for one in found:
        pod, key = placing.read_pod(one, where.terms_of(one)), placing.deployment_of(one)
        if key is not None and key in fewer:
            counted[key] += 1
            if counted[key] > fewer[key]:
                gone += 1
                continue
        if asked.requests != "now":
            needs = governed.get(key) if key is not None else None
            ungoverned += needs is None
            pod = replace(pod, needs=needs) if needs is not None else pod
        pods.append(pod)
    return pods, ungoverned, gone


def _groups(
    asked: SimulationRequest, nodes: Sequence[LiveNode]
) -> tuple[dict[str, list[Node]], list[LeftOutNode]]:
    groups: dict[str, list[Node]] = defaultdict(list)
    left_out: list[LeftOutNode] = []
    for node in sorted(nodes, key=lambda one: one.name):
        why = _left_out(asked, node)
        if why is None:
            groups[node.group].append(node.node)
        else:
            left_out.append(LeftOutNode(node=node.name, why=why))
    return dict(groups), left_out


def _left_out(asked: SimulationRequest, node: LiveNode) -> LeftOutWhy | None:
    if not node.ready:
        return "not_ready"
    if node.cordon is not None:
        return "cordoned"
    if node.control_plane:
        return "control_plane"
    return "not_asked" if asked.groups and node.group not in asked.groups else None


def _told(one: GroupResult, prices: Prices) -> SimulatedGroup:
    return SimulatedGroup(
        name=one.name,
        nodes=len(one.nodes),
        pods=one.pods,
        lower_bound=one.least,
        packed=one.packed,
        gives_back_least=one.gives_back_least,
        gives_back_most=one.gives_back_most,
        binding=one.binding,
        keeps=list(one.keeps),
        held_by=[
            HeldBy(namespace=held.pod.namespace, pod=held.pod.name, why=held.why)
            for held in one.holding[:MOST_NAMED]
            if held.why in HELD_WORDS
        ],
        held_by_count=len(one.holding),
        unplaced=[
            NotPlaced(namespace=left.pod.namespace, pod=left.pod.name, why=left.why)
            for left in one.unplaced[:MOST_NAMED]
        ],
        unplaced_count=len(one.unplaced),
        money_month=_money(one, prices),
    )


HELD_WORDS = {*get_args(NeighbourBlock), "no_owner"}


def _money(one: GroupResult, prices: Prices) -> list[float] | None:
    """Return what the nodes that can go cost: the mean of the group for each."""
    size = len(one.nodes)
    cpu, mem = (sum(node.capacity.get(name, 0) for node in one.nodes) / size for name in (CPU, MEMORY))
    each = prices.money(cpu, mem)
    if each is None:
        return None
    return [round(each * count, 2) for count in (one.gives_back_least, one.gives_back_most)]
