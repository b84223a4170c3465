"""Cuts an env into parts whose answers are small enough for the store, for the way, and for our memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kubedoor_core.metrics.selecting import Part, Scope

MOST_SAMPLES = 200_000
"""Samples that one answer may bring: some 6 MB. While a part is computed, the next one is asked for."""
MOST_CHARACTERS = 4_000
"""Of namespaces that one query may name; VictoriaMetrics takes queries of 16 KiB."""
ENDINGS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""What a pod's name may end with."""


def parts_of(scope: Scope, sizes: Mapping[str, float], most_samples: int = MOST_SAMPLES) -> list[list[Part]]:
    """Return groups of parts. A group's answers belong together: a large namespace is in several parts.

    :param sizes: samples by namespace.
    """
    groups: list[list[Part]] = []
    names: list[str] = []
    samples, characters = 0.0, 0
    for name in sorted(sizes):
        if sizes[name] > most_samples:
            groups.append(_by_endings(scope, name, sizes[name] / most_samples))
            continue
        if names and (samples + sizes[name] > most_samples or characters + len(name) > MOST_CHARACTERS):
            groups.append([Part(scope, tuple(names))])
            names, samples, characters = [], 0.0, 0
        names.append(literal(name))
        samples, characters = samples + sizes[name], characters + len(name) + 1
    return [*groups, *([[Part(scope, tuple(names))]] if names else [])]


def smaller(part: Part) -> list[Part]:
    """Return two halves of a part whose answer was too heavy; none where nothing is left to halve."""
    if len(part.namespaces) > 1:
        middle = len(part.namespaces) // 2
        return [Part(part.scope, part.namespaces[:middle]), Part(part.scope, part.namespaces[middle:])]
    endings = part.endings or ENDINGS
    if len(endings) < 2:
        return []
    middle = len(endings) // 2
    return [Part(part.scope, part.namespaces, some) for some in (endings[:middle], endings[middle:])]


def _by_endings(scope: Scope, namespace: str, times: float) -> list[Part]:
    width = max(1, int(len(ENDINGS) / (times + 1)))
    return [Part(scope, (literal(namespace),), some) for some in _chunks(ENDINGS, width)]


def _chunks(text: str, width: int) -> Iterator[str]:
    return (text[i : i + width] for i in range(0, len(text), width))


def literal(namespace: str) -> str:
    """Return a regular expression of one namespace: letters, digits and hyphens alone need no escape."""
    return re.sub(r"[^a-z0-9-]", ".", namespace)
