"""The texts of the queries. The store aggregates; a value per ReplicaSet and container travels.

A *survey* asks once for a whole window. Its figures are exact for a service of one ReplicaSet whose pods
all ran all the time, as most do. For the others *details* are asked for: values at every step, which are put
together here. A subquery costs the store a third of what the same costs at the steps of a range query.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

GENERATED = "bcdfghjklmnpqrstvwxz2456789"
"""The letters and digits that Kubernetes generates names from."""

_SUFFIX = f"[{GENERATED}]{{5}}"
POD_NAME = f"(.+)-{_SUFFIX}|(.{{58}}){_SUFFIX}"
"""A pod's name is its ReplicaSet's and five generated characters. A name of 63 was cut to 58 for them."""

CONTAINERS = ('container!=""', 'container!="POD"')
"""cAdvisor also has a row for the pod as a whole and one for its pause container."""


@dataclass(frozen=True)
class Selection:
    """Which series are meant, and over what window.

    :param env_label: `key=value` where several clusters share one store, else empty.
    :param rate_window_s: how far back a rate looks, so that it sees two scrapes and no more.
    :param step_s: seconds between two evaluations: the scrape interval.
    :param window_s: length of the peak window.
    :param pods: regular expression of pods; empty for all.
    """

    namespaces: str
    env_label: str
    rate_window_s: int
    step_s: int
    window_s: int
    pods: str = ""

    def series(self, metric: str, *matchers: str) -> str:
        """Return a selector of one metric."""
        pods = [f"pod=~{_string(self.pods)}"] if self.pods else []
        every = [_namespace(self.namespaces), *_env(self.env_label), *pods, *matchers]
        return f"{metric}{{{','.join(every)}}}"


def survey_queries(selection: Selection) -> dict[str, str]:
    """Return the queries of a whole window, by name; each is evaluated once, at its end."""
    window = f"[{selection.window_s}s]"
    cpu = selection.series("container_cpu_usage_seconds_total", *CONTAINERS)
    mem = selection.series("container_memory_working_set_bytes", *CONTAINERS)
    present = _per_pod("max", f"count_over_time({selection.series('kube_pod_container_info')}{window})")
    return {
        "cpu_mean": _p95(selection, _per_set("avg", _rate(selection))),
        "mem_mean": _p95(selection, _per_set("avg", _working_set(selection))),
        "cpu_hot": _per_set("max", _p95(selection, _rate(selection))),
        "mem_hot": _per_set("max", f"quantile_over_time(0.95, {mem}{window})"),
        "mem_max": _per_set("max", f"max_over_time({mem}{window})"),
        "cpu_samples": _per_set("sum", _per_pod("max", f"count_over_time({cpu}{window})")),
        "mem_samples": _per_set("sum", _per_pod("max", f"count_over_time({mem}{window})")),
        "present_least": _per_set("min", present),
        "present_most": _per_set("max", present),
        "present_pods": _per_set("count", present),
        "doubles": _per_set("count", f"{_per_pod('count', f'last_over_time({mem}{window})')} > 1"),
        "requests": _resources(selection, "requests"),
        "limits": _resources(selection, "limits"),
        "quota": _per_set("max", _per_pod("max", _quota(selection))),
        "periods": _increase(selection, "container_cpu_cfs_periods_total"),
        "throttled": _increase(selection, "container_cpu_cfs_throttled_periods_total"),
        "restarts": _per_set("sum", _restarts(selection)),
        "oom": _per_set("sum", _oom(selection)),
        "pod_owners": _pod_owners(selection),
        "set_owners": _set_owners(selection),
    }


def detail_curves(selection: Selection) -> dict[str, str]:
    """Return the queries that are evaluated at every step, by name."""
    cpu, mem = _per_pod("max", _rate(selection)), _per_pod("max", _working_set(selection))
    info = selection.series("kube_pod_container_info")
    running = _per_pod("max", f"last_over_time({info}[{selection.step_s}s])")
    return {
        "cpu_sum": _per_set("sum", cpu),
        "cpu_count": _per_set("count", cpu),
        "mem_sum": _per_set("sum", mem),
        "mem_count": _per_set("count", mem),
        "pods": _per_set("count", running),
    }


def detail_values(selection: Selection) -> dict[str, str]:
    """Return the queries that find a pod's own figures also where its containers were started anew."""
    return {
        "cpu_hot": _per_set("max", _p95(selection, _per_pod("max", _rate(selection)))),
        "mem_hot": _per_set("max", _p95(selection, _per_pod("max", _working_set(selection)))),
    }


def pods_of(sets: Iterable[str]) -> str:
    """Return a regular expression of the pods of some ReplicaSets."""
    names = "|".join(name.replace(".", "[.]") for name in sorted(sets))
    return f"({names})-?{_SUFFIX}"


def namespaces_query(selection: Selection) -> str:
    """Return the query that lists the namespaces with containers in the window."""
    info = selection.series("container_memory_working_set_bytes", *CONTAINERS)
    return f"group by (namespace) (last_over_time({info}[{selection.window_s}s]))"


def one_namespace(selection: Selection, namespace: str) -> Selection:
    """Return the same of one namespace. Names of namespaces hold letters, digits and hyphens alone."""
    return replace(selection, namespaces=re.sub(r"[^a-z0-9-]", ".", namespace))


def _rate(selection: Selection) -> str:
    """Return the use in cores between the last two scrapes.

    `rate` would extrapolate to the ends of its range, and halve the first figure of a container whose
    counter has just begun at zero.
    """
    total = selection.series("container_cpu_usage_seconds_total", *CONTAINERS)
    return f"irate({total}[{selection.rate_window_s}s])"


def _working_set(selection: Selection) -> str:
    mem = selection.series("container_memory_working_set_bytes", *CONTAINERS)
    return f"last_over_time({mem}[{selection.step_s}s])"


def _p95(selection: Selection, expression: str) -> str:
    """Return the P95 over the window's steps.

    A second less than the window: the steps are the same whether a subquery's left end is open or not.
    Steps with NaN or an infinity are left out.
    """
    return f"quantile_over_time(0.95, ({expression} < +Inf)[{selection.window_s - 1}s:{selection.step_s}s])"


def _per_pod(how: str, expression: str) -> str:
    """Make one series of a container's: two Prometheus replicas, or a restart, leave several."""
    return f"{how} by (namespace, pod, container) ({expression})"


def _per_set(how: str, expression: str, *labels: str) -> str:
    by = ", ".join(("namespace", "rs", "container", *labels))
    return f"{how} by ({by}) ({_with_set(expression)})"


def _with_set(expression: str) -> str:
    return f'label_replace({expression}, "rs", "$1$2", "pod", "{POD_NAME}")'


def _resources(selection: Selection, kind: str) -> str:
    """Return requests or limits. Older exporters have a metric per resource, with the unit in its name."""
    name, window = f"kube_pod_container_resource_{kind}", f"[{selection.window_s}s]"
    newer = f"last_over_time({selection.series(name)}{window})"
    cpu = f"last_over_time({selection.series(f'{name}_cpu_cores')}{window})"
    mem = f"last_over_time({selection.series(f'{name}_memory_bytes')}{window})"
    every = f"{newer} or {_resource(cpu, 'cpu')} or {_resource(mem, 'memory')}"
    return _per_set("max", every, "resource", "unit")


def _resource(expression: str, resource: str) -> str:
    return f'label_replace({expression}, "resource", "{resource}", "", "")'


def _quota(selection: Selection) -> str:
    """Return the cpu limit in cores as the kernel has it."""
    window = f"[{selection.window_s}s]"
    quota, period = (
        f"last_over_time({selection.series(f'container_spec_cpu_{name}', *CONTAINERS)}{window})"
        for name in ("quota", "period")
    )
    on = "on (namespace, pod, container)"
    quota, period = _per_pod("max", f"{quota} > 0"), _per_pod("max", period)
    return f"({quota} / {on} {period}) or {on} ({quota} / 100000)"


def _increase(selection: Selection, metric: str) -> str:
    counter = selection.series(metric, *CONTAINERS)
    # The incarnations of a container add up; two replicas of the store do not.
    by = "by (namespace, pod, container, id, name)"
    once = f"max {by} (increase({counter}[{selection.window_s}s]))"
    return _per_set("sum", once)


def _restarts(selection: Selection) -> str:
    counter, window = selection.series("kube_pod_container_status_restarts_total"), f"[{selection.window_s}s]"
    most = _per_pod("max", f"max_over_time({counter}{window})")
    return f"({most} - {_per_pod('min', f'min_over_time({counter}{window})')})"


def _oom(selection: Selection) -> str:
    """Return the restarts of the containers whose last end was for want of memory."""
    metric = "kube_pod_container_status_last_terminated_reason"
    reason = selection.series(metric, 'reason="OOMKilled"')
    killed = _per_pod("max", f"max_over_time({reason}[{selection.window_s}s]) == 1")
    return f"({_restarts(selection)} and on (namespace, pod, container) {killed})"


def _pod_owners(selection: Selection) -> str:
    owners = f"last_over_time({selection.series('kube_pod_owner')}[{selection.window_s}s])"
    return f"group by (namespace, rs, owner_kind, owner_name) ({_with_set(owners)})"


def _set_owners(selection: Selection) -> str:
    owners = f"last_over_time({selection.series('kube_replicaset_owner')}[{selection.window_s}s])"
    return f"group by (namespace, replicaset, owner_kind, owner_name) ({owners})"


def _namespace(regex: str) -> str:
    return 'namespace!=""' if regex in ("", ".*") else f"namespace=~{_string(regex)}"


def _env(label: str) -> list[str]:
    key, separator, value = label.partition("=")
    return [f"{key}={_string(value)}"] if separator else []


def _string(value: str) -> str:
    """Quote a string; PromQL reads JSON's escapes."""
    return json.dumps(value, ensure_ascii=False)
