"""How series are selected: which namespaces and pods of which cluster, and what a source calls its labels."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from kubedoor_core.metrics.samples import Labels

CPU = "container_cpu_usage_seconds_total"
MEM = "container_memory_working_set_bytes"

PLACE = ("namespace", "pod", "container")
"""The labels that tell where something runs."""
_EXPORTED = {f"exported_{name}": name for name in PLACE}


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
        return [f"{key}={quoted(value)}"] if separator else []

    def matchers(self, names: Names) -> list[str]:
        """Return the matchers of a series' namespace and cluster."""
        label, every = names.namespace, self.namespaces in ("", ".*")
        named = f'{label}!=""' if every else f"{label}=~{quoted(self.namespaces)}"
        excluded = [f"{label}!~{quoted(self.excluded)}"] if self.excluded else []
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
        namespaces = f"{names.namespace}=~{quoted('|'.join(self.namespaces))}"
        pods = [f"{names.pod}=~{quoted(f'.*[{self.endings}]')}"] if self.endings else []
        return f"{metric}{{{','.join([namespaces, *self.scope.of_env, *pods, *matchers])}}}"


def one_series(scope: Scope, metric: str, window_s: int) -> str:
    """Return the query of any one series of a metric: its labels tell what the source calls them."""
    return f"topk(1, last_over_time({metric}{{{','.join(scope.of_env)}}}[{window_s}s]))"


def names_of(labels: Labels) -> Names:
    """Return what a source calls its labels, from those of one of its series."""
    return Names(*(f"exported_{name}" if f"exported_{name}" in labels else name for name in PLACE))


def plain(labels: Labels) -> Labels:
    """Return a series' labels with the names that they have at their source."""
    if _EXPORTED.keys().isdisjoint(labels):
        return labels
    return {**labels, **{_EXPORTED[name]: value for name, value in labels.items() if name in _EXPORTED}}


def quoted(value: str) -> str:
    """Quote a string; PromQL reads JSON's escapes."""
    return json.dumps(value, ensure_ascii=False)
