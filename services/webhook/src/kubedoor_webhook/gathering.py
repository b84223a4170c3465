"""What is told and logged, bounded by namespace and minute: a few by themselves, the others as a count.

Whoever reaches the webhook can make it decide as often as they like; a flood must fill neither the log nor
the team's chat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

MINUTE_S = 60.0
SINGLY = 3
"""Services of a namespace that are told by themselves in a minute, for each kind of event."""
SINGLY_IN_ALL = 20
NAMESPACES = 20
"""Namespaces that are told by name in a minute; what is in others is told together."""
NAMES = 5
NAME_CHARS = 100
REFUSED_ROWS = 600
"""Rows of the admission log in a minute about refusals in one namespace; beyond, a count tells as much."""
ROWS = 20_000
"""Likewise about everything: as many as a webhook is measured to bear for long."""
ROWS_IN_ALL = 30_000

DENIED, VALUE_NOT_SET = "admission.denied", "admission.value_not_set"
CONFLICT = "admission.conflict"
WORDS = {
    DENIED: ("was refused", "were refused"),
    CONFLICT: ("is scaled by something else again and again", "are scaled by others again and again"),
    VALUE_NOT_SET: ("has governed values that nobody set", "have governed values that nobody set"),
}


@dataclass(slots=True)
class Gathered:
    """Events of one kind that were not told by themselves.

    :param namespace: empty for several.
    :param names: some of the services.
    """

    kind: str
    namespace: str
    count: int = 0
    names: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        """What people are told."""
        where = f"in {self.namespace}" if self.namespace else "in further namespaces"
        some = ", ".join(self.names)
        more = "" if self.count == len(self.names) else ", ..."
        what = "service" if self.count == 1 else "services"
        happened = WORDS[self.kind][self.count != 1]
        return f"{self.count} more {what} {where} {happened} within a minute: {some}{more}"


class Gathering:
    """Counts what happens in a minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ends_s = clock() + MINUTE_S
        self._told: Counter[tuple[str, str]] = Counter()
        self._told_in_all: Counter[str] = Counter()
        self._gathered: dict[tuple[str, str], Gathered] = {}
        self._refused: Counter[str] = Counter()
        self._rows: Counter[str] = Counter()
        self._rows_in_all = 0
        self._over: list[Gathered] = []
        self.rows_left_out = 0

    def tells(self, kind: str, namespace: str, name: str) -> bool:
        """Tell whether an event is told by itself; if not, it is counted."""
        self._turn()
        if self._told_in_all[kind] < SINGLY_IN_ALL and self._told[kind, namespace] < SINGLY:
            self._told_in_all[kind] += 1
            self._told[kind, namespace] += 1
            return True
        self._gather(kind, namespace, name)
        return False

    def _gather(self, kind: str, namespace: str, name: str) -> None:
        if (kind, namespace) not in self._gathered and len(self._gathered) >= NAMESPACES:
            namespace, name = "", f"{namespace}/{name}"
        found = self._gathered.setdefault((kind, namespace), Gathered(kind, namespace))
        found.count += 1
        if len(found.names) < NAMES:
            found.names.append(name[:NAME_CHARS])

    def logs(self, namespace: str, *, refused: bool) -> bool:
        """Tell whether a decision gets a row in the admission log; if not, it is counted."""
        self._turn()
        full = self._rows_in_all >= ROWS_IN_ALL or self._rows[namespace] >= ROWS
        if full or (refused and self._refused[namespace] >= REFUSED_ROWS):
            self.rows_left_out += 1
            return False
        self._rows_in_all += 1
        self._rows[namespace] += 1
        if refused:
            self._refused[namespace] += 1
        return True

    def over(self) -> list[Gathered]:
        """Return what was gathered in the minutes that are over, once."""
        self._turn()
        over, self._over = self._over, []
        return over

    def close(self) -> list[Gathered]:
        """Return all that was gathered, the minute that is under way included."""
        self._ends_s = self._clock()
        return self.over()

    def _turn(self) -> None:
        now_s = self._clock()
        if now_s < self._ends_s:
            return
        self._over += self._gathered.values()
        self._ends_s = now_s + MINUTE_S
        self._gathered = {}
        for counter in (self._told, self._told_in_all, self._refused, self._rows):
            counter.clear()
        self._rows_in_all = 0
