"""Rows that are gone without a tombstone: how many at once are believed, and what is kept of the others.

KubeDoor removes no row of the control table: whoever removes a service leaves a tombstone. A row that is
simply gone was deleted by hand, or lost. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from kubedoor_core.domain.control import Service

Key = tuple[str, str]
"""Namespace and Deployment; of a setting its namespace and key."""
Source = str
"""`control`, `derived` or `setting`."""
Keys = Mapping[Source, frozenset[Key]]

V = TypeVar("V")

BELIEVED_SHARE = 0.1
"""Of a table's rows. By hand one takes out a few; nobody ends a tenth of a cluster's services that way."""
TOGETHER_S = 600.0
"""What goes in this time counts as one loss: ClickHouse deletes part by part."""
GIVE_UP_AFTER_S = 3.0
"""An INSERT shows its row moments after its mark; after this long the row is not to come any more."""


class Gone(NamedTuple, Generic[V]):
    """A row that is gone: since when (monotonic, seconds), and what held before; None: nothing did."""

    since_s: float
    last: V | None


@dataclass(frozen=True, slots=True)
class Loss(Generic[V]):
    """The rows of one table that are gone.

    :param believed: whether they are taken for gone; else what held before goes on to hold.
    """

    rows: Mapping[Key, Gone[V]] = field(default_factory=dict)
    present: int = 0
    believed: bool = True

    @property
    def kept(self) -> Mapping[Key, Gone[V]]:
        """The rows that are not believed to be gone."""
        return {} if self.believed else self.rows

    def next(
        self,
        known: frozenset[Key],
        present: frozenset[Key],
        last: Callable[[Key], V | None],
        now_s: float,
    ) -> Loss[V]:
        """Return the loss as it is now that other rows can be read.

        :param known: the keys whose rows could be read before.
        :param last: tells what held for a key before.
        """
        rows = {
            key: gone
            for key, gone in self.rows.items()
            if key not in present and (not self.believed or now_s - gone.since_s < TOGETHER_S)
        }
        for key in known - present:
            rows.setdefault(key, Gone(now_s, last(key)))
        believed = len(rows) <= BELIEVED_SHARE * (len(rows) + len(present))
        return Loss(rows, len(present), believed)


def with_kept(
    services: Mapping[Key, Service], keys: Keys, control: Loss[Service], derived: Loss[Service]
) -> dict[Key, Service]:
    """Put what is not believed to be gone back among the services that the tables tell.

    An expert's row that can be read wins: it may have been written since, and of what was derived it lacks
    only what it doesn't say itself.
    """
    merged = dict(services)
    for key, gone in derived.kept.items():
        now = services.get(key)
        if key not in keys["control"]:
            _put(merged, key, gone.last)
        elif now and gone.last:
            merged[key] = now.filled_from(gone.last)
    for key, gone in control.kept.items():
        _put(merged, key, gone.last)
    return merged


def _put(services: dict[Key, Service], key: Key, service: Service | None) -> None:
    if service is None:
        services.pop(key, None)
    else:
        services[key] = service


class Announcements:
    """Changes that were announced and can't be read: waited for, and given up after a while."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since: dict[Source, tuple[int, float]] = {}

    def settled(self, announced: Mapping[Source, int], readable: Mapping[Source, int]) -> bool:
        """Tell whether to go by what can be read: all that was announced can be, or is given up.

        :param announced: the largest version that was announced of each table.
        :param readable: the largest that can be read.
        """
        now_s = self._clock()
        missing = {source: version for source, version in announced.items() if version > readable[source]}
        self._since = {
            source: self._since[source] if self._since.get(source, (0,))[0] == version else (version, now_s)
            for source, version in missing.items()
        }
        return all(now_s - since_s >= GIVE_UP_AFTER_S for _, since_s in self._since.values())

    @property
    def missing(self) -> Mapping[Source, int]:
        """The versions that were announced and could not be read when it was last looked."""
        return {source: version for source, (version, _) in self._since.items()}
