"""Pods whose load is known: they run from the start of a session, so that their peak is over at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from e2e.support.place import Namespace, manifest

NAME = "ledger"
REPLICAS = 4
CPU_M, MEM_MIB = 300, 200
"""What each pod uses, in whole millicores and MiB."""
USED = {"kwok.x-k8s.io/usage-cpu": "299500u", "kwok.x-k8s.io/usage-memory": "200Mi"}
"""It precisely, so that a fraction of a microsecond can't reach the next millicore."""
REQUESTS = {"cpu": "2", "memory": "3Gi"}
LIMITS = {"cpu": "4", "memory": "8Gi"}
"""What their team asks for."""
MINUTE = timedelta(minutes=1)
WINDOW = 5 * MINUTE
"""Long enough for rates over two minutes."""


@dataclass(frozen=True)
class Company:
    """Where it runs, and since when all of it does."""

    place: Namespace
    since: datetime

    @property
    def window(self) -> tuple[datetime, datetime]:
        """A peak window of whole minutes, in which all that runs is scraped."""
        start = self.since.replace(second=0, microsecond=0) + 2 * MINUTE
        return start, start + WINDOW


@contextmanager
def running(place: Namespace) -> Iterator[Company]:
    """Deploy it, as its team wants it, and wait until it runs."""
    made = manifest(NAME, replicas=REPLICAS, requests=REQUESTS, limits=LIMITS)
    made["spec"]["template"]["metadata"]["annotations"] = USED
    place.create()
    place.deploy(made)
    place.rolled_out(NAME)
    yield Company(place, datetime.now(UTC))
    place.remove()
