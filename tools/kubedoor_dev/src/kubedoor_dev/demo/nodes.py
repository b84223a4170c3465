"""What the nodes of the demo did at its peaks: its store of metrics tells of pods alone.

All that the company's pods used and asked for lies on the nodes of the simulated cluster: requests evenly,
and use not, as it is where requests are guessed.
"""

from __future__ import annotations

import aiohttp

from kubedoor_dev.cluster.cluster import Options
from kubedoor_dev.cluster.nodes import node
from kubedoor_dev.cluster.quantities import parse
from kubedoor_dev.demo.clients import StepFailedError
from kubedoor_dev.demo.talk import step
from kubedoor_dev.metrics.ksm import MIB

SHARES = (0.55, 0.27, 0.18)
"""Of the use, node by node."""
DATABASE = "kubedoor"
STATEMENT = """
INSERT INTO {database}.node_daily
    (env, node, date, source, cpu_alloc_m, mem_alloc_mib, pods_alloc, p95_cpu_m, p95_mem_mib, max_mem_mib,
     requested_cpu_m, requested_mem_mib, pods, ready_pct, coverage, collected_at)
SELECT env, {{node:String}}, date, 'node_exporter',
    {{cpu_alloc_m:Float64}}, {{mem_alloc_mib:Float64}}, {{pods_alloc:Float64}},
    {{share:Float64}} * sum(p95_cpu_m * pod_count), {{share:Float64}} * sum(p95_mem_mib * pod_count),
    {{share:Float64}} * sum(max_mem_mib * pod_count),
    sum(request_cpu_m * pod_count) / {{nodes:Float64}}, sum(request_mem_mib * pod_count) / {{nodes:Float64}},
    max(pod_count), 100, 1, now64(3)
FROM {database}.resource_daily FINAL WHERE env = {{env:String}} AND NOT deleted GROUP BY env, date
"""


async def tell_nodes(clickhouse_url: str, env: str) -> None:
    """Write a row of each node and collected day.

    :raises StepFailedError: ClickHouse does not take them.
    """
    sizes = sorted(Options().nodes.items())
    with step(f"telling what the {len(sizes)} nodes did at those peaks"):
        async with aiohttp.ClientSession() as session:
            for (name, size), share in zip(sizes, SHARES, strict=True):
                given = node(name, size)["status"]["allocatable"]
                parameters = {
                    "env": env, "node": name, "share": share, "nodes": len(sizes),
                    "cpu_alloc_m": _number(given["cpu"]) * 1000,
                    "mem_alloc_mib": _number(given["memory"]) / MIB, "pods_alloc": size.pods,
                }  # fmt: skip
                asked = {f"param_{key}": str(value) for key, value in parameters.items()}
                text = STATEMENT.format(database=DATABASE)
                async with session.post(clickhouse_url, params=asked, data=text) as answer:
                    if answer.status != 200:
                        raise StepFailedError(f"the rows of {name}: {await answer.text()}")


def _number(text: str) -> float:
    return float(parse(text).value)
