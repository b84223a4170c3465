"""Asks for what several dialects tell at once, in as few queries as a store takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kubedoor_collector.asking import Ask, all_of, of_parts
from kubedoor_core.metrics.counted import D, Spoken, in_queries, of_each
from kubedoor_core.metrics.samples import Samples
from kubedoor_core.metrics.selecting import Part

Text = Callable[[Part, Sequence[Spoken[D]]], str]


async def of_dialects(
    name: str,
    parts: Sequence[Part],
    spoken: Sequence[Spoken[D]],
    text: Text[D],
    ask: Callable[[Callable[[Part], str]], Ask],
) -> dict[str, Samples]:
    """Return what each dialect tells of some parts, by its key.

    :param text: the query of some dialects; ``ask`` makes of it what asks a store.
    """
    if not spoken or not parts:
        return of_each(Samples.none(), spoken)
    groups = in_queries(spoken, lambda some: text(_narrowest(parts), some))
    answers = await all_of(
        {str(number): of_parts(name, parts, ask(_query(text, some))) for number, some in enumerate(groups)}
    )
    return {
        key: samples
        for number, some in enumerate(groups)
        for key, samples in of_each(answers[str(number)], some).items()
    }


def _query(text: Text[D], some: Sequence[Spoken[D]]) -> Callable[[Part], str]:
    return lambda part: text(part, some)


def _narrowest(parts: Sequence[Part]) -> Part:
    """Return what is left of parts that are halved until nothing is left to halve: the longest namespace."""
    longest = max((name for part in parts for name in part.namespaces), key=len)
    return Part(parts[0].scope, (longest,))
