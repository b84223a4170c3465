"""`Warning` headers, cut as the API server cuts them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_IN_ALL = 4096
MOST_EACH_THEN = 256


def headers(texts: Iterable[str]) -> list[str]:
    """Return the values of the `Warning` headers.

    A text is sent once; one with control characters is not sent. Once they have more than 4,096
    characters in all, each is cut to 256, and after 4,096 no more are sent.
    """
    kept = list(dict.fromkeys(text for text in texts if text and not _has_control(text)))
    if sum(map(len, kept)) <= MOST_IN_ALL:
        return [_header(text) for text in kept]
    cut: list[str] = []
    written = 0
    for text in kept:
        if written >= MOST_IN_ALL:
            break
        written += len(text[:MOST_EACH_THEN])
        cut.append(_header(text[:MOST_EACH_THEN]))
    return cut


def _has_control(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" for character in text)


def _header(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'299 - "{escaped}"'
