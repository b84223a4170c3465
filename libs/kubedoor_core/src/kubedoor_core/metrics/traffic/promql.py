"""The texts of the queries about requests: each asks for all dialects that a store has at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from kubedoor_core.domain.generated_names import POD_NAME
from kubedoor_core.metrics.counted import WHAT, Matchers, Spoken, tagged, union
from kubedoor_core.metrics.selecting import Part, quoted
from kubedoor_core.metrics.traffic.dialects import INGRESS, Dialect

__all__ = ["WHAT", "added_up", "failures", "latencies", "rates", "series", "totals"]

Speaking = Spoken[Dialect]
SET = "replica_set"
"""A label of ours: a ReplicaSet, as a pod's name tells it."""


def rates(part: Part, every: Iterable[Speaking], range_s: int) -> str:
    """Return the query of requests per second by pod, at every step."""
    return union(
        tagged(added_up(one, f"rate({series(part, one, one.dialect.requests)}[{range_s}s])"), one.key)
        for one in every
    )


def totals(part: Part, every: Iterable[Speaking], window_s: int) -> str:
    """Return the query of how many requests there were in the window by pod, and how many failed.

    Of a dialect without histograms also its quantiles, the largest of a pod's methods.
    """
    return union(text for one in every for text in _totals(part, one, window_s))


def _totals(part: Part, one: Speaking, window_s: int) -> Iterator[str]:
    dialect, last = one.dialect, f"[{window_s}s]"
    requests = f"increase({series(part, one, dialect.requests)}{last})"
    yield tagged(added_up(one, requests), one.key, "requests")
    yield tagged(added_up(one, failures(part, one, "increase", window_s)), one.key, "errors")
    for name, metric in dialect.quantiles.items():
        mean = f"avg_over_time({series(part, one, metric)}{last})"
        yield tagged(added_up(one, mean, how="max"), one.key, name)


def latencies(part: Part, every: Sequence[Speaking], window_s: int) -> str:
    """Return the query of how many requests of the window took how long at most, by pod."""
    return union(
        tagged(
            added_up(one, f"increase({series(part, one, one.dialect.buckets)}[{window_s}s])", by=("le",)),
            one.key,
        )
        for one in every
        if one.dialect.buckets
    )


def quantile_by_set(part: Part, every: Sequence[Speaking], q: float, range_s: int) -> str:
    """Return the query of within which time a share of requests was answered, by workload or ReplicaSet.

    Buckets of a ReplicaSet's pods are alike, and are added up in the store. The label that tells a pod holds
    its ReplicaSet's name, or its own where it is of none.

    :return: empty where no dialect has histograms.
    """
    return union(tagged(_quantile(part, one, q, range_s), one.key) for one in every if one.dialect.buckets)


def _quantile(part: Part, one: Speaking, q: float, range_s: int) -> str:
    buckets = added_up(one, f"rate({series(part, one, one.dialect.buckets)}[{range_s}s])", by=("le",))
    unit, pod = f"{one.dialect.unit_ms:g}", one.labelling.pod
    if not pod:
        return f"{unit} * histogram_quantile({q}, {buckets})"
    named = f'label_replace({buckets}, "{SET}", "$1", "{pod}", "(.+)")'
    named = f'label_replace({named}, "{SET}", "$1$2", "{pod}", {quoted(POD_NAME)})'
    place = ", ".join(SET if name == pod else name for name in one.labelling.labels)
    found = f"{unit} * histogram_quantile({q}, sum by ({place}, le) ({named}))"
    return f'label_replace({found}, "{pod}", "$1", "{SET}", "(.+)")'


def failures(part: Part, one: Speaking, function: Literal["increase", "rate"], range_s: int) -> str:
    """Return the query of failed requests, whichever matchers choose them."""
    return union(
        f"{function}({series(part, one, one.dialect.errors or one.dialect.requests, *matchers)}[{range_s}s])"
        for matchers in one.dialect.failed
    )


def added_up(one: Speaking, query: str, *, by: Sequence[str] = (), how: str = "sum") -> str:
    """Add up by place what a dialect counts, once where it is scraped twice."""
    scrape = bool(one.labelling.pod) or one.dialect.source == INGRESS
    return one.added_up(query, by=by, how=how, scrape=scrape)


def series(part: Part, one: Speaking, metric: str, *matchers: str) -> str:
    """Return a selector of what counts of a metric."""
    counted: Matchers = one.dialect.counted
    return one.selector(part, metric, *counted, *matchers)
