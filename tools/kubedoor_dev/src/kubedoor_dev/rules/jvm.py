"""Alert rules of JVMs, by what they count of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kubedoor_core.metrics.counted import Spoken
from kubedoor_core.metrics.jvm import JVM_DIALECTS
from kubedoor_core.metrics.labelling import Labelling
from kubedoor_core.metrics.selecting import PLACE, Part, Scope
from kubedoor_core.metrics.thresholds import BLOCKED, GC_OVERHEAD, HEAP_FULL
from kubedoor_core.metrics.wrong import Jvm, full_collections, gc_overhead, heap_full, threads_blocked
from kubedoor_dev.rules.model import KEPT, Alert, Group

PART = Part(Scope(), (".+",))
FULL_LEAST, FULL_MIN = 3, 15


def _spoken() -> Iterator[Jvm]:
    """Yield each dialect as it is labelled by default: OpenTelemetry has names of its own."""
    for one in JVM_DIALECTS:
        names = ("k8s_namespace_name", "k8s_pod_name", "k8s_container_name")
        namespace, pod, container = names if one.source == "otel" else PLACE
        yield Spoken(one.source, one, Labelling(namespace, pod=pod, container=container))


def every(text: Callable[[Jvm], str]) -> str:
    """Return one query over all dialects, with the same labels for all."""
    return " or ".join(_plain(text(one), one) for one in _spoken())


def _plain(query: str, one: Jvm) -> str:
    for name, given in zip(
        PLACE, (one.labelling.namespace, one.labelling.pod, one.labelling.container), strict=True
    ):
        if name != given:
            query = f'label_replace({query}, "{name}", "$1", "{given}", "(.+)")'
    return f"({query})"


def groups() -> list[Group]:
    """Return the rules."""
    return [Group("kubedoor-jvm", _JVM)]


WHO = "The JVM in {{ $labels.container }} of {{ $labels.pod }}"
_JVM = (
    Alert(
        "JvmHeapFull",
        every(lambda one: heap_full(PART, one, KEPT)),
        "A JVM's heap is almost full",
        f"{WHO} has {{{{ $value | humanizePercentage }}}} of its largest heap left in use after collections;"
        f" from {HEAP_FULL:.0%} on it collects ever more often, until it is out of memory.",
        "15m",
    ),
    Alert(
        "JvmGcOverhead",
        every(lambda one: gc_overhead(PART, one, 300, KEPT)),
        "A JVM stands still to collect garbage",
        f"{WHO} stood still for {{{{ $value | humanizePercentage }}}} of the time; {GC_OVERHEAD:.0%}"
        " make it slow.",
        "10m",
    ),
    Alert(
        "JvmFullCollections",
        every(lambda one: f"{full_collections(PART, one, 60 * FULL_MIN, KEPT)} >= {FULL_LEAST}"),
        "A JVM collects its whole heap again and again",
        f"{WHO} did so {{{{ $value | humanize }}}} times within {FULL_MIN} minutes, and stood still"
        " each time.",
    ),
    Alert(
        "JvmThreadsBlocked",
        every(lambda one: threads_blocked(PART, one, KEPT)),
        "Threads of a JVM wait for a lock",
        f"{WHO} has {{{{ $value }}}} threads that wait for locks, {BLOCKED:.0%} of all or more. Ask"
        " it for its threads.",
        "5m",
    ),
)
