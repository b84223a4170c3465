"""Who is told of which events: what was chosen in the console, else the environment's pattern, by env."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kubedoor_api.settings.catalog import BY_KEY
from kubedoor_api.settings.models import SettingKey
from kubedoor_api.settings.queries import settings_of_every_env
from kubedoor_api.settings.store import value_of
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.domain.events import is_wanted
from kubedoor_core.errors import BadValueError


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


def _chosen(rows: Iterable[Row], key: SettingKey) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in rows:
        if row["key"] != key:
            continue
        try:
            value = BY_KEY[key].check(value_of(row))
        except BadValueError:
            continue  # as everywhere: the environment's holds
        if isinstance(value, list):
            found[row["env"]] = frozenset(value)
    return found


async def choices(clickhouse: ClickHouse, pattern: str) -> Choices:
    """Read what is chosen now."""
    rows = await settings_of_every_env(clickhouse)
    kinds, names = _chosen(rows, "notify_kinds"), _chosen(rows, "notify_to")
    by_env = {env: Choice(kinds.get(env), names.get(env)) for env in {*kinds, *names}}
    return Choices(pattern, by_env)
