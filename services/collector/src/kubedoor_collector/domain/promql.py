"""The texts of the queries. Samples travel per pod, and everything is computed from them here.

A subquery or an aggregation in the store would cost it more: a window's raw samples are the cheapest exact
answer, and only they tell between which scrapes a counter rose.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from kubedoor_collector.domain.autoscalers import NAMES
from kubedoor_collector.domain.samples import LOOKBACK_S, Labels

CPU = "container_cpu_usage_seconds_total"
MEM = "container_memory_working_set_bytes"
EXPORTER = (
    "kube_pod_owner", "kube_replicaset_owner", "kube_pod_container_info", "kube_pod_container_status_running",
    "kube_pod_status_phase", "kube_pod_init_container_info", "kube_pod_init_container_status_running",
)  # fmt: skip
"""What of kube-state-metrics a store may have or lack as a whole."""

PLACE = ("namespace", "pod", "container")
"""The labels that tell where something runs."""

PROFILE_STEP_S = 300
HOUR_S = 3600


@dataclass(frozen=True)
class Names:
    """What a source's labels are called.

    Scraped without `honor_labels`, the place of the exporter itself has the plain names, and what it tells of
    has `exported_namespace` and so on.
    """

    namespace: str = "namespace"
    pod: str = "pod"
    container: str = "container"

    def containers(self) -> tuple[str, ...]:
        """Return the matchers of a container's own rows: a pod and its pause container have some, too."""
        return (f'{self.container}!=""', f'{self.container}!="POD"')


@dataclass(frozen=True)
class Scope:
    """Which namespaces and which cluster are meant, and how their series are labelled.

    :param namespaces: regular expression, RE2; likewise those that are left out, empty for none.
    :param env_label: `key=value` where several clusters share one store, else empty.
    """

    namespaces: str = ".*"
    excluded: str = ""
    env_label: str = ""
    cadvisor: Names = Names()
    exporter: Names = Names()

    @property
    def of_env(self) -> list[str]:
        """The matcher of the env's own series, where several share one store."""
        key, separator, value = self.env_label.partition("=")
        return [f"{key}={_string(value)}"] if separator else []

    def matchers(self, names: Names) -> list[str]:
        """Return the matchers of a series' namespace and cluster."""
        label, every = names.namespace, self.namespaces in ("", ".*")
        named = f'{label}!=""' if every else f"{label}=~{_string(self.namespaces)}"
        excluded = [f"{label}!~{_string(self.excluded)}"] if self.excluded else []
        return [named, *excluded, *self.of_env]


@dataclass(frozen=True)
class Part:
    """Some namespaces of a scope; of a large one some of its pods, by the last character of their names."""

    scope: Scope
    namespaces: tuple[str, ...]
    endings: str = ""

    def cadvisor(self, metric: str, *matchers: str) -> str:
        """Return a selector of one of cAdvisor's metrics."""
        names = self.scope.cadvisor
        return self.series(metric, names, (*names.containers(), *matchers))

    def exporter(self, metric: str, *matchers: str) -> str:
        """Return a selector of one of kube-state-metrics' metrics."""
        return self.series(metric, self.scope.exporter, matchers)

    def series(self, metric: str, names: Names, matchers: Iterable[str]) -> str:
        """Return a selector of a metric whose labels have these names."""
        namespaces = f"{names.namespace}=~{_string('|'.join(self.namespaces))}"
        pods = [f"{names.pod}=~{_string(f'.*[{self.endings}]')}"] if self.endings else []
        return f"{metric}{{{','.join([namespaces, *self.scope.of_env, *pods, *matchers])}}}"


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


def one_series(scope: Scope, metric: str, window_s: int) -> str:
    """Return the query of any one series of a metric: its labels tell what the source calls them."""
    return f"topk(1, last_over_time({metric}{{{','.join(scope.of_env)}}}[{window_s}s]))"


def any_container(scope: Scope, window_s: int, *matchers: str) -> str:
    """Return the query of how many counters there are in any namespace, be they labelled or not."""
    return f"count(last_over_time({CPU}{{{','.join([*scope.of_env, *matchers])}}}[{window_s}s]))"


def names_of(labels: Labels) -> Names:
    """Return what a source calls its labels, from those of one of its series."""
    return Names(*(f"exported_{name}" if f"exported_{name}" in labels else name for name in PLACE))


def plain(labels: Labels) -> Labels:
    """Return a series' labels with the names that they have at their source."""
    renamed = {name: labels[f"exported_{name}"] for name in PLACE if f"exported_{name}" in labels}
    return {**labels, **renamed} if renamed else labels


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
    return [f"{names.pod}=~{_string(every)}"] if every else []


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


def _string(value: str) -> str:
    """Quote a string; PromQL reads JSON's escapes."""
    return json.dumps(value, ensure_ascii=False)
