"""The texts of the queries about requests."""

from __future__ import annotations

from kubedoor_collector.domain.promql import Part, Scope
from kubedoor_collector.domain.samples import LOOKBACK_S
from kubedoor_collector.domain.traffic.dialects import DIALECTS, Matchers, Spoken

WHAT = "what"
"""A label of ours, by which requests and failures of one answer are told apart."""


REPLICA = ("prometheus", "prometheus_replica", "replica", "__replica__", "receive_replica", "cluster_replica")
"""Labels in which two Prometheus replicas differ that scrape the same."""
SCRAPE = ("job", "instance", "endpoint", "service")
"""Labels in which two scrapes of the same pod differ, by two jobs or monitors."""


def examples(scope: Scope) -> str:
    """Return the query of one series of each counter of requests that the store has now."""
    names = "|".join(dict.fromkeys(one.requests for one in DIALECTS))
    matchers = ",".join([f'__name__=~"{names}"', *scope.of_env])
    return f"topk by (__name__) (1, last_over_time({{{matchers}}}[{LOOKBACK_S:.0f}s]))"


def rates(part: Part, one: Spoken, range_s: int) -> str:
    """Return the query of requests per second by pod, at every step."""
    rate = f"rate({_series(part, one, one.dialect.requests)}[{range_s}s])"
    return f"sum by ({', '.join(one.place)}) ({_once(one, rate)})"


def totals(part: Part, one: Spoken, window_s: int) -> str:
    """Return the query of how many requests there were in the window by pod, and how many failed."""
    place, dialect = ", ".join(one.place), one.dialect
    failures = " or ".join(
        _increase(part, one, dialect.errors or dialect.requests, matchers, window_s)
        for matchers in dialect.failed
    )
    requests = _increase(part, one, dialect.requests, (), window_s)
    return (
        f'label_replace(sum by ({place}) ({requests}), "{WHAT}", "requests", "", "")'
        f' or label_replace(sum by ({place}) ({failures}), "{WHAT}", "errors", "", "")'
    )


def latencies(part: Part, one: Spoken, window_s: int) -> str:
    """Return the query of how many requests of the window took how long at most, by pod."""
    place = ", ".join((*one.place, "le"))
    return f"sum by ({place}) ({_increase(part, one, one.dialect.buckets, (), window_s)})"


def _increase(part: Part, one: Spoken, metric: str, matchers: Matchers, window_s: int) -> str:
    return _once(one, f"increase({_series(part, one, metric, *matchers)}[{window_s}s])")


def _once(one: Spoken, query: str) -> str:
    """Take what is scraped twice for one; where no pod is named, its scrape's labels tell pods apart."""
    labels = [label for label in (*REPLICA, *(SCRAPE if one.pod else ())) if label not in one.place]
    return f"max without ({', '.join(labels)}) ({query})"


def _series(part: Part, one: Spoken, metric: str, *matchers: str) -> str:
    return part.series(metric, one.names, (*one.dialect.counted, *matchers))
