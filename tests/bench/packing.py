"""What the governed requests change on the nodes: a company scheduled by its teams' requests, then by ours.

Beside both stands what is foreseen: requests that equal the use they are judged by, which nobody can know.
What spread is left by them is the scheduler's and the pods' own.

A real kube-scheduler places the pods on kwok's nodes; real is too how the requests come about: Prometheus,
collector, derivation, admission's decision. With `KUBEDOOR_TRACES` recorded workloads run beside them.
"""

from __future__ import annotations

import asyncio
import copy
import math
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.collection_child import environment
from bench.packing_nodes import NODE_CPU_M, Fleet, Placement, requested
from bench.results import Result, at_most, seen
from bench.rounds import SHORT
from kubedoor_api.admission.policy import Control
from kubedoor_api.admission.preview import apply
from kubedoor_core.clickhouse import connect
from kubedoor_core.domain.admission.decide import Rules
from kubedoor_core.domain.control import service_from_row
from kubedoor_core.domain.env_policy import AdmissionPolicy
from kubedoor_core.domain.mode import Mode
from kubedoor_core.migrate import migrate
from kubedoor_core.regex import Expression
from kubedoor_core.settings import Settings
from kubedoor_dev.control_plane import programs, running
from kubedoor_dev.demo.stack import Company, plan_company
from kubedoor_dev.metrics import build_blocks, deployment_manifest
from kubedoor_dev.metrics.cadvisor import used_by
from kubedoor_dev.metrics.clock import clock_of
from kubedoor_dev.metrics.model import Floats
from kubedoor_dev.metrics.pods import pods_on
from kubedoor_dev.prometheus import running as serving
from kubedoor_dev.prometheus import start_prometheus
from support.clickhouse import Server

Json = Any
Loads = Mapping[tuple[str, str], list[Floats]]
"""Cores of each pod of a Deployment, at every scrape of its last peak."""
SUITE = "packing"
DATABASE = "packing"
HOT_PCT = 90
SPARE = 1.1
"""A fleet has a tenth more than what is asked for at least, as people keep it."""


def planned() -> Company:
    """Return the company, with SHORT a part of it."""
    whole = plan_company(datetime.now(UTC))
    return Company(whole.services[:10], whole.dates[-2:]) if SHORT else whole


async def control_of(url: str) -> Control:
    """Return the control table as the collector has derived it, all of it governed."""
    async with connect(Settings(clickhouse_url=url, clickhouse_database=DATABASE)) as clickhouse:
        rows = await clickhouse.fetch("SELECT * FROM effective WHERE kind = 'Deployment'")
    every = Expression(".*"), Expression("")
    policy = AdmissionPolicy(Mode.ENFORCE, {}, *every, "kubedoor", Rules())
    return Control({(row["namespace"], row["name"]): service_from_row(row) for row in rows}, policy)


def derived(company: Company, folder: Path) -> Control:
    """Let the collector read the company's peaks from a real Prometheus, and return what it derives."""
    with Server(folder).running() as server:
        settings = Settings(clickhouse_url=server.url, clickhouse_database=DATABASE)
        asyncio.run(migrated(settings))
        with serving(start_prometheus(build_blocks(company.scenario()), folder, None)) as store:
            variables = {**environment(server.url, store.url, DATABASE), "KUBEDOOR_PEAK_HOURS": "10:00-11:30"}
            days = [day.isoformat() for day in company.dates]
            command = [sys.executable, "-m", "bench.collection_child", *days]
            subprocess.run(command, env=variables, check=True, stdout=subprocess.DEVNULL)
        return asyncio.run(control_of(server.url))


async def migrated(settings: Settings) -> None:
    """Make the tables."""
    async with connect(settings) as clickhouse:
        await migrate(clickhouse)


def governed(manifest: Json, control: Control) -> Json:
    """Return a Deployment as admission makes it; its count stays, so that the load is spread alike."""
    decision = control.decide(manifest, Mode.ENFORCE)
    made = apply(manifest, decision.patch) if decision.allowed else manifest
    return {**made, "spec": {**made["spec"], "replicas": manifest["spec"]["replicas"]}}


def foreseen(manifest: Json, loads: Loads) -> Json:
    """Return a Deployment that asks for what its pods are going to use: the best that any requests can do.

    They ask alike, however they are used, as pods of one template must.
    """
    metadata, made = manifest["metadata"], copy.deepcopy(manifest)
    used = np.mean(loads[metadata["namespace"], metadata["name"]], axis=0)
    cpu_m = math.ceil(np.percentile(used, 95) * 1000)
    containers = made["spec"]["template"]["spec"]["containers"]
    for number, container in enumerate(containers):
        resources = container.setdefault("resources", {})
        resources.get("limits", {}).pop("cpu", None)
        resources.setdefault("requests", {})["cpu"] = f"{0 if number else cpu_m}m"
    return made


def loads_of(company: Company) -> Loads:
    """Return what each pod uses in the last peak."""
    scenario, found = company.scenario(), {}
    clock = clock_of(scenario, scenario.dates[-1])
    for service in company.deployments:
        pods = [
            pod for pod in pods_on(service, clock.index, clock.day) if not pod.failed and pod.to_min is None
        ]
        found[service.namespace, service.name] = [
            np.sum([used_by(scenario, service, pod, one, clock)[0] for one in service.containers], axis=0)
            for pod in pods
        ]
    return found


def utilisation(placement: Placement, loads: Loads) -> Floats:
    """Return how much of each node's cpu is really used, by node and scrape, in percent."""
    nodes = {name: number for number, name in enumerate(placement.nodes)}
    some = next(one for pods in loads.values() for one in pods)
    used = np.zeros((len(nodes), some.size))
    for (namespace, name), places in placement.by_deployment.items():
        for node, cores in zip(places, loads[namespace, name], strict=False):
            used[nodes[node]] += cores
    return used / (NODE_CPU_M / 1000) * 100


@dataclass(frozen=True)
class Spread:
    """How the real load of the last peak lies on a fleet's nodes: each one's P95, in percent of its cpu."""

    used: Floats

    @property
    def imbalance(self) -> float:
        """The standard deviation over the nodes, in points."""
        return float(self.used.std())

    @property
    def hot(self) -> int:
        """How many nodes are used to more than `HOT_PCT`."""
        return int((self.used > HOT_PCT).sum())

    def rows(self, where: str) -> list[Result]:
        """Return what is told of it."""
        return [
            seen(
                SUITE,
                f"{where}: real cpu load of a node at the peak, standard deviation",
                self.imbalance,
                "points",
            ),
            seen(SUITE, f"{where}: the worst node's", float(self.used.max()), "%"),
            seen(SUITE, f"{where}: nodes above {HOT_PCT} %", self.hot, ""),
        ]


def spread(placement: Placement, loads: Loads) -> Spread:
    """Return how a placement's load lies."""
    return Spread(np.percentile(utilisation(placement, loads), 95, axis=1))


def compare(fleet: Fleet, teams: list[Json], ours: list[Json], loads: Loads) -> list[Result]:
    """Schedule each on as many nodes as it needs, then all on the same fleets."""
    both = {"teams'": teams, "ours": ours, "foreseen": [foreseen(one, loads) for one in ours]}
    grown = {whose: fleet.grow(made) for whose, made in both.items()}
    needed = {whose: len(one.nodes) for whose, one in grown.items()}
    same, fewer = math.ceil(max(needed.values()) * SPARE), needed["ours"]
    rows = [
        seen(SUITE, "pods", sum(int(one["spec"]["replicas"]) for one in teams), ""),
        *(
            seen(SUITE, f"{whose}: cpu that is requested", requested(made)[0] / 1000, "cores")
            for whose, made in both.items()
        ),
        seen(SUITE, "cpu that is really used, mean of the last peak", mean_cores(loads), "cores"),
        *(
            seen(SUITE, f"{whose}: nodes until no pod is pending", count, "")
            for whose, count in needed.items()
        ),
        seen(SUITE, "nodes, ours / teams'", needed["ours"] / needed["teams'"], "x"),
    ]
    spreads = {whose: spread(fleet.place(made, same), loads) for whose, made in both.items()}
    for whose, made in both.items():
        rows += spreads[whose].rows(f"{whose}, {same} nodes")
        rows += spread(grown[whose], loads).rows(f"{whose}, the {needed[whose]} nodes that it needs")
        rows.append(
            seen(SUITE, f"{whose}: pods pending on {fewer} nodes", fleet.place(made, fewer).pending, "")
        )
    ratio = spreads["ours"].imbalance / spreads["teams'"].imbalance
    hot = spreads["ours"].hot + spread(grown["ours"], loads).hot
    return [
        *rows,
        at_most(SUITE, f"standard deviation on {same} nodes, ours / teams'", ratio, "x", 0.5),
        at_most(SUITE, f"ours: nodes above {HOT_PCT} % on either fleet", hot, "", 0),
    ]


def mean_cores(loads: Loads) -> float:
    """Return what all pods use together."""
    return float(sum(one.mean() for pods in loads.values() for one in pods))


def main() -> list[Result]:
    """Return every measured value."""
    company = planned()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        control = derived(company, folder)
        teams = [deployment_manifest(one) for one in company.deployments]
        ours = [governed(one, control) for one in teams]
        with running(programs(), folder / "plane") as plane:
            return compare(Fleet(plane), teams, ours, loads_of(company))
