"""How long it takes to work out how few nodes hold a cluster's pods, with the rules that real ones have."""

from __future__ import annotations

import time

import numpy as np

from bench.results import Result, seen
from bench.rounds import SHORT
from kubedoor_core.domain.placement.bounds import lower_bound
from kubedoor_core.domain.placement.model import HOST, Node, Pod, PodTerm, Rules, Spread
from kubedoor_core.domain.placement.packing import Task, pack
from kubedoor_core.domain.placement.selecting import Requirement

SUITE = "nodes"
ZONE = "topology.kubernetes.io/zone"
SIZES = ((1000, 50),) if SHORT else ((1000, 50), (5000, 200))
CPU_M, MEM_MIB, SLOTS = 16_000, 64 * 1024, 110
ASKED = 0.55
"""Share of the cpu that is asked for."""


def cluster(pods: int, nodes: int, seed: int = 1) -> tuple[list[Node], list[Pod]]:
    """Return a zone's nodes, with services of all sizes on them: some keep apart, some are spread."""
    rng = np.random.default_rng(seed)
    made = [
        Node(f"node-{n}", {"cpu": CPU_M, "memory": MEM_MIB, "pods": SLOTS}, {HOST: f"node-{n}", ZONE: "a"})
        for n in range(nodes)
    ]
    mean_m = ASKED * CPU_M * nodes / pods
    found: list[Pod] = []
    service = 0
    while len(found) < pods:
        service += 1
        count = min(pods - len(found), int(rng.integers(1, 24)))
        cpu_m = int(min(CPU_M / 4, float(rng.lognormal(0, 0.8)) * mean_m / 1.38))
        needs = {"cpu": cpu_m, "memory": int(cpu_m * rng.uniform(1.5, 4)), "pods": 1}
        rules, labels = _rules(f"app-{service}", float(rng.random())), {"app": f"app-{service}"}
        namespace = f"team-{service % 20}"
        found += [
            Pod(namespace, f"app-{service}-{n}", needs, labels, rules, f"node-{int(rng.integers(nodes))}")
            for n in range(count)
        ]
    return made, found


def _rules(app: str, draw: float) -> Rules:
    term = PodTerm((Requirement("app", "In", (app,)),), None, HOST)
    if draw < 0.1:
        return Rules(anti_affinity=(term,))
    return Rules(spread=(Spread(term, 2, 1),)) if draw < 0.3 else Rules()


def main() -> list[Result]:
    """Return every measured value."""
    rows: list[Result] = []
    for pods, nodes in SIZES:
        made, found = cluster(pods, nodes)
        began = time.perf_counter()
        least, ours = lower_bound(made, found, 0.9), pack(Task(made, found, usable=0.9))
        took_s = time.perf_counter() - began
        what = f"{pods} pods on {nodes} nodes"
        rows += [
            seen(SUITE, f"{what}: time", took_s, "s"),
            seen(SUITE, f"{what}: nodes that are needed at least", least.nodes, ""),
            seen(SUITE, f"{what}: nodes of our packing", len(ours.nodes), ""),
            seen(SUITE, f"{what}: pods without a place", len(ours.unplaced), ""),
        ]
    return rows
