"""The texts of the queries. Samples travel per pod, and everything is computed from them here.

A subquery or an aggregation in the store would cost it more: a window's raw samples are the cheapest exact
answer, and only they tell between which scrapes a counter rose.
"""

from __future__ import annotations

from collections.abc import Iterable

from kubedoor_core.metrics.autoscalers import NAMES
from kubedoor_core.metrics.samples import LOOKBACK_S
from kubedoor_core.metrics.selecting import CPU, MEM, Names, Part, Scope, quoted

EXPORTER = (
    "kube_pod_owner", "kube_replicaset_owner", "kube_pod_container_info", "kube_pod_container_status_running",
    "kube_pod_status_phase", "kube_pod_init_container_info", "kube_pod_init_container_status_running",
)  # fmt: skip
"""What of kube-state-metrics a store may have or lack as a whole."""

PROFILE_STEP_S = 300
HOUR_S = 3600


def sizes(scope: Scope, metric: str, window_s: int) -> str:
    """Return the query of how many samples of one of cAdvisor's metrics each namespace has in a window."""
    matchers = ",".join([*scope.matchers(scope.cadvisor), *scope.cadvisor.containers()])
    return f"sum by ({scope.cadvisor.namespace}) (count_over_time({metric}{{{matchers}}}[{window_s}s]))"


def told(scope: Scope, window_s: int) -> str:
    """Return the query of which of kube-state-metrics' metrics the store has of this cluster."""
    matchers = ",".join([f'__name__=~"{"|".join(EXPORTER)}"', *scope.of_env])
    return f"count by (__name__) (last_over_time({{{matchers}}}[{window_s}s]))"


def exporter_namespaces(scope: Scope, window_s: int) -> str:
    """Return the query of how many containers kube-state-metrics tells of in each namespace."""
    info = f"kube_pod_container_info{{{','.join(scope.matchers(scope.exporter))}}}"
    return f"count by ({scope.exporter.namespace}) (last_over_time({info}[{window_s}s]))"


def autoscalers(scope: Scope, window_s: int) -> str:
    """Return the query of what each autoscaler scales, by which targets, and between which counts."""
    what = "info|spec_target_metric|spec_min_replicas|spec_max_replicas"
    name = f'__name__=~"({"|".join(NAMES)})_({what})"'
    return f"last_over_time({{{','.join([name, *scope.matchers(scope.exporter)])}}}[{window_s}s])"


def any_container(scope: Scope, window_s: int, *matchers: str) -> str:
    """Return the query of how many counters there are in any namespace, be they labelled or not."""
    return f"count(last_over_time({CPU}{{{','.join([*scope.of_env, *matchers])}}}[{window_s}s]))"


def cpu_samples(part: Part, window_s: int) -> str:
    """Return the query of the counters' samples themselves."""
    return f"{part.cadvisor(CPU)}[{window_s}s]"


def window_curves(part: Part) -> dict[str, str]:
    """Return the queries that are evaluated at every minute of a window, by name.

    How long a sample stands for what comes after it is said: VictoriaMetrics guesses it from a series'
    samples, and Prometheus can be told another look-back.
    """
    return {"memory": f"last_over_time({part.cadvisor(MEM)}[{LOOKBACK_S:.0f}s])", **running_curves(part)}


def running_curves(part: Part) -> dict[str, str]:
    """Return the queries of which pods and containers run."""
    return {
        "running": part.exporter("kube_pod_container_status_running"),
        "init_running": part.exporter("kube_pod_init_container_status_running"),
        "phase": part.exporter("kube_pod_status_phase", 'phase="Running"'),
    }


def window_values(part: Part, window_s: int) -> dict[str, str]:
    """Return the queries that are evaluated once, at a window's end, by name."""
    last = f"[{window_s}s]"
    return {
        "memory_max": f"max_over_time({part.cadvisor(MEM)}{last})",
        "quota": f"last_over_time({part.cadvisor('container_spec_cpu_quota')}{last})",
        "period": f"last_over_time({part.cadvisor('container_spec_cpu_period')}{last})",
        "periods": f"increase({part.cadvisor('container_cpu_cfs_periods_total')}{last})",
        "throttled": f"increase({part.cadvisor('container_cpu_cfs_throttled_periods_total')}{last})",
        "requests": _resources(part, "kube_pod_container_resource_requests", last),
        "limits": _resources(part, "kube_pod_container_resource_limits", last),
        "init_requests": _resources(part, "kube_pod_init_container_resource_requests", last),
        "init_limits": _resources(part, "kube_pod_init_container_resource_limits", last),
        "info": f"last_over_time({part.exporter('kube_pod_container_info')}{last})",
        "init_info": f"last_over_time({part.exporter('kube_pod_init_container_info')}{last})",
        "restarts": _of_both(
            part, "status_restarts_total", f"max_over_time({{0}}{last}) - min_over_time({{0}}{last})"
        ),
        "oom": _of_both(
            part, "status_last_terminated_reason", f"max_over_time({{0}}{last})", 'reason="OOMKilled"'
        ),
        **owners(part, window_s),
    }


def owners(part: Part, window_s: int) -> dict[str, str]:
    """Return the queries of who owns pods and ReplicaSets."""
    last = f"[{window_s}s]"
    return {
        "pod_owners": f"last_over_time({part.exporter('kube_pod_owner')}{last})",
        "set_owners": f"last_over_time({_whole(part).exporter('kube_replicaset_owner')}{last})",
    }


def profile_curves(part: Part) -> dict[str, str]:
    """Return the queries that are evaluated at every five minutes of a day, by name."""
    return {"cpu": part.cadvisor(CPU), **running_curves(part)}


def profile_times(part: Part, pods: Iterable[str] = ()) -> str:
    """Return the query of when the counters were last scraped, at every five minutes of a part of a day.

    :param pods: only of these, where there are any.
    """
    return f"timestamp({part.cadvisor(CPU, *_of_pods(part.scope.cadvisor, pods))})"


def profile_counts(part: Part) -> str:
    """Return the query of how often the counters were scraped in each five minutes of a day.

    A millisecond less: a range with a closed left end, as in Prometheus 2, counts that of an edge twice.
    """
    return f"count_over_time({part.cadvisor(CPU)}[{PROFILE_STEP_S * 1000 - 1}ms])"


def _of_pods(names: Names, pods: Iterable[str]) -> list[str]:
    every = "|".join(pod.replace(".", "[.]") for pod in sorted(pods))
    return [f"{names.pod}=~{quoted(every)}"] if every else []


def profile_memory(part: Part) -> str:
    """Return the query of the largest working set, at every full hour of a day."""
    return f"max_over_time({part.cadvisor(MEM)}[{HOUR_S}s])"


def _whole(part: Part) -> Part:
    """Return a part's namespaces with all that is in them: ReplicaSets have no pod's name."""
    return Part(part.scope, part.namespaces)


def _of_both(part: Part, name: str, query: str, *matchers: str) -> str:
    """Return a query of containers and of init containers, among which are native sidecars."""
    kinds = ("kube_pod_container", "kube_pod_init_container")
    return " or ".join(f"({query.format(part.exporter(f'{kind}_{name}', *matchers))})" for kind in kinds)


def _resources(part: Part, name: str, last: str) -> str:
    """Return requests or limits. Older exporters have a metric per resource, with the unit in its name."""
    newer = f"last_over_time({part.exporter(name)}{last})"
    older = (
        f"label_replace(last_over_time({part.exporter(f'{name}_{unit}')}{last})"
        f', "resource", "{resource}", "", "")'
        for resource, unit in (("cpu", "cpu_cores"), ("memory", "memory_bytes"))
    )
    return " or ".join((newer, *older))
