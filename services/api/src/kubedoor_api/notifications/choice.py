"""Who is told of which events: what was chosen in the console, else the environment's pattern, by env."""

from __future__ import annotations

from dataclasses import dataclass

from kubedoor_api.settings.queries import settings_of_every_env
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.domain.env_policy import NOTIFY_KINDS, NOTIFY_TO, read_policy
from kubedoor_core.domain.events import is_wanted


@dataclass(frozen=True)
class Choice:
    """What one env's people want to hear, and where; None: nobody has chosen."""

    kinds: frozenset[str] | None = None
    to: frozenset[str] | None = None


NOTHING_CHOSEN = Choice()


class Choices:
    """The choices of every env over the environment's pattern of kinds."""

    def __init__(self, pattern: str, by_env: dict[str, Choice]) -> None:
        self._pattern = pattern
        self._by_env = by_env

    def wants(self, event: Row) -> bool:
        """Tell whether people are to hear of an event."""
        chosen = self._by_env.get(event["env"], NOTHING_CHOSEN).kinds
        return is_wanted(str(event["kind"]), str(event["severity"]), chosen, self._pattern)

    def to(self, event: Row) -> frozenset[str] | None:
        """Return the names of the addresses to tell; None: all of them."""
        return self._by_env.get(event["env"], NOTHING_CHOSEN).to


async def choices(clickhouse: ClickHouse, pattern: str) -> Choices:
    """Read what is chosen now; what is stored and invalid is not chosen."""
    by_env: dict[str, list[tuple[str, str, str]]] = {}
    for row in await settings_of_every_env(clickhouse):
        by_env.setdefault(row.env, []).append((row.namespace, row.key, row.value))
    return Choices(pattern, {env: _choice(rows) for env, rows in by_env.items()})


def _choice(rows: list[tuple[str, str, str]]) -> Choice:
    policy = read_policy(rows, {NOTIFY_KINDS.key: [], NOTIFY_TO.key: []})
    kinds, to = policy[NOTIFY_KINDS], policy[NOTIFY_TO]
    return Choice(
        frozenset(kinds) if NOTIFY_KINDS.key in policy.stored else None,
        frozenset(to) if NOTIFY_TO.key in policy.stored else None,
    )
