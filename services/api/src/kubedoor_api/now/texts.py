"""The texts of an evaluation's queries: at most fourteen, by pod, so that owners are joined here.

Whoever counts a pod twice, as two replicas of Prometheus do, is counted once: the larger of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from kubedoor_api.now.models import QueryName
from kubedoor_core.metrics.autoscalers import NAMES
from kubedoor_core.metrics.counted import Spoken
from kubedoor_core.metrics.resources import resources
from kubedoor_core.metrics.selecting import CPU, MEM, Names, Part, Scope
from kubedoor_core.metrics.thresholds import VOLUME_FILLING
from kubedoor_core.metrics.traffic import promql as traffic
from kubedoor_core.metrics.traffic.dialects import Dialect

MIB = 1_048_576
WHAT = "what"
"""A label of ours: which of several figures an answer's series are."""
SCRAPES = 4
"""Two samples are among so many scrapes' time even where one of them is missing."""
LEAST_RANGE_S = 60

Resource = Literal["cpu", "memory"]


def irate_s(interval_s: int) -> int:
    """Return the range in which the last two samples of a counter are looked for, seconds."""
    return max(LEAST_RANGE_S, SCRAPES * interval_s)


def rate_s(interval_s: int) -> int:
    """Return the range over which requests are counted, seconds."""
    return max(2 * LEAST_RANGE_S, SCRAPES * interval_s)


def queries(scope: Scope, interval_s: int, spoken: Sequence[Spoken[Dialect]]) -> dict[QueryName, str]:
    """Return the queries by name; those of requests are left out where no dialect is known."""
    texts = _Texts(scope, irate_s(interval_s))
    found: dict[QueryName, str] = {
        "cpu": texts.cpu(),
        "memory": texts.memory(),
        "pods": texts.pods(),
        "restarts": texts.restarts(),
        "owners": texts.owners(),
        "replicas": texts.replicas(),
        "requests": texts.requests(),
        "limits": texts.limits(),
        "nodes": texts.nodes(),
        "node_use": texts.node_use(),
        "volumes": texts.volumes(),
        "autoscalers": texts.autoscalers(),
    }
    return found | traffic_queries(scope, spoken, rate_s(interval_s))


def traffic_queries(scope: Scope, spoken: Sequence[Spoken[Dialect]], range_s: int) -> dict[QueryName, str]:
    """Return the queries of what is asked of pods, and how long it takes; none where no dialect is known."""
    part, found = Part(scope, (".+",)), dict[QueryName, str]()
    every = [one for one in spoken if one.dialect.source != "ingress"]
    if every:
        found["traffic"] = traffic.totals(part, every, range_s)
    if latencies := traffic.quantile_by_set(part, every, 0.95, range_s):
        found["latency"] = latencies
    return found


class _Texts:
    def __init__(self, scope: Scope, range_s: int) -> None:
        self._scope = scope
        self._range_s = range_s
        self._pod = _by(scope.exporter, "pod")
        self._container = _by(scope.exporter, "pod", "container")

    def _cadvisor(self, metric: str) -> str:
        names = self._scope.cadvisor
        return _selector(metric, [*self._scope.matchers(names), *names.containers()])

    def _exporter(self, metric: str, *matchers: str) -> str:
        return _selector(metric, [*self._scope.matchers(self._scope.exporter), *matchers])

    def _of_env(self, metric: str, *matchers: str) -> str:
        return _selector(metric, [*self._scope.of_env, *matchers])

    def _of_containers(self, value: str) -> str:
        names = self._scope.cadvisor
        pod, container = _by(names, "pod"), _by(names, "pod", "container")
        return f"sum by ({pod}) (max by ({container}) ({value}))"

    def cpu(self) -> str:
        return f"1000 * {self._of_containers(f'irate({self._cadvisor(CPU)}[{self._range_s}s])')}"

    def memory(self) -> str:
        return f"{self._of_containers(self._cadvisor(MEM))} / {MIB}"

    def pods(self) -> str:
        names = ("kube_pod_container_status_waiting_reason", "kube_pod_init_container_status_waiting_reason")
        phase = f"max by ({self._pod}, phase) ({self._exporter('kube_pod_status_phase')} == 1)"
        waiting = " or ".join(
            f"max by ({self._container}, reason) ({self._exporter(name)} == 1)" for name in names
        )
        return f"{phase} or {waiting}"

    def restarts(self) -> str:
        counter = self._exporter("kube_pod_container_status_restarts_total")
        rise = f"max_over_time({counter}[1h]) - min_over_time({counter}[1h])"
        return f"sum by ({self._pod}) (max by ({self._container}) ({rise}) > 0) or count({counter})"

    def owners(self) -> str:
        owner = "owner_kind, owner_name, owner_is_controller"
        pods = f"max by ({self._pod}, {owner}) ({self._exporter('kube_pod_owner')})"
        space = self._scope.exporter.namespace
        gone = f"{self._exporter('kube_replicaset_spec_replicas')} == 0"
        sets = f"{self._exporter('kube_replicaset_owner')} unless on ({space}, replicaset) ({gone})"
        return f"{pods} or max by ({space}, replicaset, {owner}) ({sets})"

    def replicas(self) -> str:
        space = self._scope.exporter.namespace
        every = [
            ("deployment", "asked", "kube_deployment_spec_replicas"),
            ("deployment", "ready", "kube_deployment_status_replicas_available"),
            ("statefulset", "asked", "kube_statefulset_replicas"),
            ("statefulset", "ready", "kube_statefulset_status_replicas_ready"),
            ("daemonset", "asked", "kube_daemonset_status_desired_number_scheduled"),
            ("daemonset", "ready", "kube_daemonset_status_number_ready"),
        ]
        return " or ".join(
            _tagged(f"max by ({space}, {kind}) ({self._exporter(metric)})", what)
            for kind, what, metric in every
        )

    def _resources(self, kind: str, *matchers: str) -> str:
        return resources(kind, self._exporter, self._container, *matchers)

    def _by_pod(self, kind: str) -> str:
        value = f"max by ({self._container}, node, resource) ({self._resources(kind)}) > 0"
        return f"sum by ({self._pod}, node, resource) ({value})"

    def requests(self) -> str:
        return self._by_pod("requests")

    def limits(self) -> str:
        info = self._exporter("kube_pod_container_info")
        resources: tuple[Resource, ...] = ("cpu", "memory")

        def without(resource: Resource) -> str:
            matcher = f'resource="{resource}"'
            limited = f"({self._resources('limits', matcher)}) > 0"
            return f"count by ({self._pod}) ({info} unless on ({self._container}) ({limited}))"

        unlimited = " or ".join(_tagged(without(one), one, "unlimited") for one in resources)
        return f"{self._by_pod('limits')} or {unlimited}"

    def nodes(self) -> str:
        allocatable = self._of_env("kube_node_status_allocatable", 'resource=~"cpu|memory|pods"')
        true = self._of_env("kube_node_status_condition", 'status="true"')
        cordoned = self._of_env("kube_node_spec_unschedulable")
        return " or ".join(
            [
                f"max by (node, resource) ({allocatable})",
                f"max by (node, condition) ({true} == 1)",
                _tagged(f"max by (node) ({cordoned} == 1)", "cordoned"),
            ]
        )

    def node_use(self) -> str:
        """Return use by node or by the address of what was scraped, and which node has which address."""
        root, of = 'id="/"', "sum by (node, instance)"
        idle = self._of_env("node_cpu_seconds_total", 'mode="idle"')
        total, free = (self._of_env(f"node_memory_{name}_bytes") for name in ("MemTotal", "MemAvailable"))
        once = f"max by (node, instance, cpu) (irate({idle}[{self._range_s}s]))"
        return " or ".join(
            [
                _tagged(
                    f"1000 * max by (node, instance) (irate({self._of_env(CPU, root)}[{self._range_s}s]))",
                    "kubelet_cpu",
                ),
                _tagged(f"max by (node, instance) ({self._of_env(MEM, root)}) / {MIB}", "kubelet_memory"),
                _tagged(f"1000 * (count by (node, instance) ({once}) - {of} ({once}))", "exporter_cpu"),
                _tagged(f"max by (node, instance) ({total} - {free}) / {MIB}", "exporter_memory"),
                f"max by (node, internal_ip) ({self._of_env('kube_node_info')})",
                f"max by (instance, nodename) ({self._of_env('node_uname_info')})",
            ]
        )

    def volumes(self) -> str:
        names = self._scope.cadvisor
        used, capacity = (
            _selector(f"kubelet_volume_stats_{name}_bytes", self._scope.matchers(names))
            for name in ("used", "capacity")
        )
        share = f"max by ({names.namespace}, persistentvolumeclaim) (100 * {used} / {capacity})"
        told = f"count(max by ({names.namespace}, persistentvolumeclaim) ({used}))"
        return f"{share} >= {100 * VOLUME_FILLING:g} or {told}"

    def autoscalers(self) -> str:
        what = "info|spec_max_replicas|status_current_replicas"
        name = f'__name__=~"({"|".join(NAMES)})_({what})"'
        return f"{{{','.join([name, *self._scope.matchers(self._scope.exporter)])}}}"


def curves(selected: str, step: int) -> dict[Literal["cpu", "mem"], str]:
    """Return the queries of a service's use over time, all its pods together.

    :param selected: the selector of its containers.
    """
    range_s = max(4 * step, 2 * LEAST_RANGE_S)
    return {
        "cpu": f"1000 * sum(max by (pod, container) (rate({CPU}{selected}[{range_s}s])))",
        "mem": f"sum(max by (pod, container) ({MEM}{selected})) / {MIB}",
    }


def _by(names: Names, *labels: Literal["pod", "container"]) -> str:
    return ", ".join([names.namespace, *(getattr(names, label) for label in labels)])


def _selector(metric: str, matchers: Iterable[str]) -> str:
    return f"{metric}{{{','.join(matchers)}}}"


def _tagged(query: str, value: str, label: str = WHAT) -> str:
    return f'label_replace({query}, "{label}", "{value}", "", "")'
