"""The texts of the queries about JVMs: one at every step, one at a window's end, of all dialects at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubedoor_core.metrics.counted import Spoken, tagged, union
from kubedoor_core.metrics.jvm import JvmDialect, Metric
from kubedoor_core.metrics.samples import LOOKBACK_S
from kubedoor_core.metrics.selecting import Part

Speaking = Spoken[JvmDialect]
CURVES = ("heap", "nonheap", "threads")


def curves(part: Part, every: Iterable[Speaking], known_s: int) -> str:
    """Return the query of each JVM's heap, other memory and threads, at every step.

    :param known_s: how long a scrape stands for what comes after it.
    """
    return union(
        tagged(one.added_up(f"last_over_time({_series(part, one, metric)}[{known_s}s])"), one.key, what)
        for one in every
        for what in CURVES
        for metric in (getattr(one.dialect, what),)
    )


def values(part: Part, every: Iterable[Speaking], window_s: int) -> str:
    """Return the query of what each JVM did in the window, and of its sizes."""
    return union(text for one in every for text in _values(part, one, window_s))


def _values(part: Part, one: Speaking, window_s: int) -> Iterator[str]:
    dialect, last = one.dialect, f"[{window_s}s]"
    heap_max = f"last_over_time({_series(part, one, dialect.heap_max)}{last}) > 0"
    yield tagged(one.added_up(heap_max), one.key, "heap_max")
    live = f"max_over_time({_series(part, one, dialect.live)}{last}) > 0"
    yield tagged(one.added_up(live), one.key, "live")
    for what in ("pauses", "paused", "full"):
        rise = _rise(part, one, getattr(dialect, what), window_s)
        yield tagged(one.added_up(rise), one.key, what)
    if dialect.longest is not None:
        longest = f"max_over_time({_series(part, one, dialect.longest)}{last})"
        yield tagged(one.added_up(longest, how="max"), one.key, "longest")


def _rise(part: Part, one: Speaking, metric: Metric, window_s: int) -> str:
    """Return by how much counters rose, also those that began in the window of a JVM that was there before.

    Libraries make the counter of a cause when it happens for the first time: an increase does not see that.
    """
    series, before = _series(part, one, metric), f"[{LOOKBACK_S:.0f}s] offset {window_s}s"
    place = ", ".join(one.labelling.labels)
    heap = f"last_over_time({_series(part, one, one.dialect.heap)}{before})"
    began = f"max_over_time({series}[{window_s}s]) unless last_over_time({series}{before})"
    return f"(({began}) and on ({place}) {heap}) or increase({series}[{window_s}s])"


def _series(part: Part, one: Speaking, metric: Metric) -> str:
    return one.selector(part, metric.name, *metric.matchers)
