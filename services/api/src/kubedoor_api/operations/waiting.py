"""Why an operation that is not through does not go on: as the instance that answers knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_api.leader.leadership import Standing
    from kubedoor_api.operations.models import WaitingReason


@dataclass(frozen=True)
class Waiting:
    """What keeps an operation waiting, in one word and in words; empty for nothing."""

    reason: WaitingReason = ""
    detail: str = ""


NOTHING = Waiting()


def waiting_of(standing: Standing, state: str, run_at: datetime | None, now: datetime) -> Waiting:
    """Say what keeps an operation waiting.

    :param standing: who works for the operation's env.
    :param run_at: before which it is not begun.
    """
    if state not in {"pending", "running"}:
        return NOTHING
    if state == "pending" and run_at is not None and run_at > now:
        return Waiting("not_due", f"It is begun at {run_at.isoformat(timespec='seconds')}")
    if standing.leading or standing.held_elsewhere or not standing.trouble:
        return NOTHING
    return Waiting("lease_unavailable" if standing.lease else "no_cluster", standing.trouble)


def look(context: Context, env: str, state: str, run_at: datetime | None) -> Waiting:
    """Say what keeps an operation of an env waiting now."""
    return waiting_of(context.leadership.standing(env), state, run_at, datetime.now(UTC))
