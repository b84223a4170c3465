"""The addresses that are told, and the names by which they are chosen without telling what is secret."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_NAMED = re.compile(r"([A-Za-z0-9][\w.-]*)=(\S+)")


@dataclass(frozen=True)
class Address:
    """An address of Apprise's, and its name."""

    name: str
    url: str


def addresses_of(text: str) -> list[Address]:
    """Read addresses that blanks separate: `name=url`, or a plain one, which its scheme names.

    Of several with the same name, the second is `-2`, and so on.
    """
    seen: Counter[str] = Counter()
    found: list[Address] = []
    for word in text.split():
        named = _NAMED.fullmatch(word)
        name, url = named.groups() if named else (word.partition("://")[0][:40], word)
        seen[name] += 1
        found.append(Address(name if seen[name] == 1 else f"{name}-{seen[name]}", url))
    return found


def names_of(text: str) -> list[str]:
    """Return the names alone."""
    return [address.name for address in addresses_of(text)]
