"""The texts of the queries about requests: each asks for all dialects that a store has at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kubedoor_core.metrics.counted import WHAT, Matchers, Spoken, tagged, union
from kubedoor_core.metrics.selecting import Part
from kubedoor_core.metrics.traffic.dialects import INGRESS, Dialect

__all__ = ["WHAT", "latencies", "rates", "totals"]

Speaking = Spoken[Dialect]


def rates(part: Part, every: Iterable[Speaking], range_s: int) -> str:
    """Return the query of requests per second by pod, at every step."""
    return union(
        tagged(_added_up(one, f"rate({_series(part, one, one.dialect.requests)}[{range_s}s])"), one.key)
        for one in every
    )


def totals(part: Part, every: Iterable[Speaking], window_s: int) -> str:
    """Return the query of how many requests there were in the window by pod, and how many failed.

    Of a dialect without histograms also its quantiles, the largest of a pod's methods.
    """
    return union(text for one in every for text in _totals(part, one, window_s))


def _totals(part: Part, one: Speaking, window_s: int) -> Iterator[str]:
    dialect, last = one.dialect, f"[{window_s}s]"
    requests = f"increase({_series(part, one, dialect.requests)}{last})"
    failures = union(
        f"increase({_series(part, one, dialect.errors or dialect.requests, *matchers)}{last})"
        for matchers in dialect.failed
    )
    yield tagged(_added_up(one, requests), one.key, "requests")
    yield tagged(_added_up(one, failures), one.key, "errors")
    for name, metric in dialect.quantiles.items():
        mean = f"avg_over_time({_series(part, one, metric)}{last})"
        yield tagged(_added_up(one, mean, how="max"), one.key, name)


def latencies(part: Part, every: Sequence[Speaking], window_s: int) -> str:
    """Return the query of how many requests of the window took how long at most, by pod."""
    return union(
        tagged(
            _added_up(one, f"increase({_series(part, one, one.dialect.buckets)}[{window_s}s])", by=("le",)),
            one.key,
        )
        for one in every
        if one.dialect.buckets
    )


def _added_up(one: Speaking, query: str, *, by: Sequence[str] = (), how: str = "sum") -> str:
    scrape = bool(one.labelling.pod) or one.dialect.source == INGRESS
    return one.added_up(query, by=by, how=how, scrape=scrape)


def _series(part: Part, one: Speaking, metric: str, *matchers: str) -> str:
    counted: Matchers = one.dialect.counted
    return one.selector(part, metric, *counted, *matchers)
