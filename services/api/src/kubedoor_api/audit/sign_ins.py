"""Sign-ins as rows of the audit log: who was let in each by itself, others by address and minute."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from kubedoor_api.audit.entry import AuditEntry, now
from kubedoor_api.web.middlewares import network_of

WINDOW_S = 60.0
LOOK_EVERY_S = 1.0
MAX_NAMES = 5
MAX_NAME_CHARS = 64
MAX_ADDRESSES = 5000
ELSEWHERE = "further addresses"
ACCEPTED, NO_ROLE, REFUSED, SLOWED = "accepted", "no role", "refused", "slowed"


@dataclass
class _Gathered:
    """What came from one address within a minute."""

    remote: str
    since_s: float
    at: datetime = field(default_factory=now)
    outcomes: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    under_other_names: int = 0

    def add(self, user: str, outcome: str) -> None:
        self.outcomes[outcome] += 1
        if user in self.names or len(self.names) < MAX_NAMES:
            self.names[user] += 1
        else:
            self.under_other_names += 1

    def entry(self) -> AuditEntry:
        """Return the row; its actor is the name that was tried, where it was one."""
        only = len(self.names) == 1 and not self.under_other_names
        outcome = REFUSED if self.outcomes[REFUSED] else next(iter(self.outcomes))
        told = {
            "attempts": self.outcomes.total(),
            "outcomes": dict(self.outcomes),
            "names": dict(self.names),
            "under_other_names": self.under_other_names,
        }
        actor = next(iter(self.names)) if only else ""
        after = json.dumps(told, ensure_ascii=False)
        return AuditEntry(actor, "", self.remote, "", "signIn", outcome, after=after, at=self.at)


class SignIns:
    """Hears of every sign-in and makes rows of them."""

    def __init__(
        self, add: Callable[[AuditEntry], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._add, self._clock = add, clock
        self._gathered: dict[tuple[str, bool], _Gathered] = {}

    def told(self, user: str, address: str, outcome: str) -> None:
        """Take in what came of one."""
        name = user if len(user) <= MAX_NAME_CHARS else user[: MAX_NAME_CHARS - 1] + "…"
        if outcome == ACCEPTED:
            self._add(AuditEntry(name, "", address, "", "signIn", outcome))
            return
        key = (network_of(address), outcome == NO_ROLE)
        if key not in self._gathered and len(self._gathered) >= MAX_ADDRESSES:
            key, address = (ELSEWHERE, outcome == NO_ROLE), ELSEWHERE
        gathered = self._gathered.setdefault(key, _Gathered(address, self._clock()))
        gathered.add(name, outcome)

    def flush(self, *, older_than_s: float = 0.0) -> None:
        """Make rows of what was gathered."""
        horizon = self._clock() - older_than_s
        over = [key for key, gathered in self._gathered.items() if gathered.since_s <= horizon]
        for key in over:
            self._add(self._gathered.pop(key).entry())

    async def run(self) -> None:
        """Make rows of every minute that is over, for as long as the API lives."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.flush(older_than_s=WINDOW_S)
