"""Names of one question and what stands in their place: `svc-07` leaves, and comes back as the name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

NameKind = Literal["ns", "svc", "ctr", "pod", "node", "img"]
_ALIAS = re.compile(rf"(?<![A-Za-z0-9-])(?:{'|'.join(get_args(NameKind))})-\d{{1,4}}(?![A-Za-z0-9-])")


class Name(NamedTuple):
    """A name within a question's facts."""

    kind: NameKind
    text: str


class Aliases:
    """Gives each name of a question a number, where names are not shared."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._given: dict[Name, str] = {}

    def of(self, name: Name) -> str:
        """Return what leaves in the place of a name."""
        if not self._hidden:
            return name.text
        number = sum(one.kind == name.kind for one in self._given) + 1
        return self._given.setdefault(name, f"{name.kind}-{number:02d}")

    @property
    def given(self) -> dict[str, str]:
        """The names by what stands for them."""
        return {alias: name.text for name, alias in self._given.items()}


def restored(text: str, given: Mapping[str, str]) -> str:
    """Return a text with the names in the place of what stands for them."""
    return _ALIAS.sub(lambda found: given.get(found.group(), found.group()), text)
