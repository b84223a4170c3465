"""How long a terminal lasts, and what is left to do when it is over: no process of it stays."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, NamedTuple

from kubedoor_api.kube.commands import ContainerRef, ExecError
from kubedoor_api.pods.action import ActionReason, FailedError, PodAction
from kubedoor_api.pods.containers import Inside
from kubedoor_api.web.endpoint import Context

WAITS = timedelta(minutes=1)
"""So long a terminal that was asked for waits to be opened."""
LASTS = timedelta(minutes=2)
"""So long an open one lasts without being renewed by somebody who may."""
FAILURES: frozenset[ActionReason] = frozenset(
    {"no_shell", "cut", "gone_already", "forbidden", "missing", "invalid", "too_many_requests",
     "cluster_failed", "unreachable", "admission", "conflict"}
)  # fmt: skip
"""Ends that are no end of a terminal's own."""

SHELL = 'export KUBEDOOR_TERMINAL="$1" TERM="${TERM:-xterm}"; exec sh'
"""Becomes the shell; what is begun in it bears the same mark."""
END_SHELL = r"""
for signal in HUP KILL 0; do
    left=
    for one in /proc/[0-9]*; do
        case "$(cat "$one/environ" 2>/dev/null)" in
        *"KUBEDOOR_TERMINAL=$1"*) kill -s "$signal" "${one#/proc/}" 2>/dev/null && left=yes ;;
        esac
    done
    [ "$left" ] || exit 0
    sleep 1
done
exit 1
"""
"""Ends what bears a mark: runtimes let a shell go on whose terminal was cut off."""


def shell_of(action_id: str) -> tuple[str, ...]:
    """Return the command of a terminal: fixed words, of which none is a user's."""
    return ("sh", "-c", SHELL, "sh", action_id)


def closing_of(action: PodAction) -> dict[str, Any]:
    """Return what becomes of a terminal that nobody opened or renewed in time, or whose api died."""
    reason: ActionReason = "not_opened" if action.state == "waiting" else "session_over"
    return {"state": "closing", "reason": reason, "runner": "", "expires_at": None}


async def end_shell(context: Context, action: PodAction) -> bool:
    """End the processes of a terminal; False where it left none, as its shell ended or its pod is gone.

    :raises FailedError: `not_ended`.
    :raises AskingError: the cluster refuses.
    """
    by_itself = action.result.get("terminal", {}).get("exit_code") is not None
    if not action.did("opened") or by_itself or action.reason == "no_shell":
        return False
    where = ContainerRef(action.env, action.namespace, action.pod, action.container)
    inside = Inside(context, where, action.uid)
    try:
        await inside.require_same()
    except FailedError:
        return False
    try:
        done = await inside.run("sh", "-c", END_SHELL, "sh", action.id)
    except ExecError as error:
        raise FailedError("not_ended", f"what was begun in it may go on: {error}") from error
    if done.code:
        raise FailedError("not_ended", f"what was begun in it goes on: {done.words}")
    return True


IDLE_S = 600.0
"""So long nobody may type."""
MOST_S = 3600.0
"""A terminal lasts no longer."""
WARN_S = 60.0
"""So long before its end that is told."""
WINDOW_BYTES = 256 << 10
"""So much may have been sent that the viewer has not said to have shown."""

LimitName = Literal["idle", "time_limit"]


class End(NamedTuple):
    """When a terminal ends, monotonic seconds, and by which limit."""

    at: float
    limit: LimitName


@dataclass
class Limits:
    """The times of one terminal, monotonic seconds.

    :ivar typed_at: when somebody typed last, or it began.
    """

    began_at: float
    typed_at: float

    @property
    def end(self) -> End:
        """When it ends, unless somebody types before."""
        return min(End(self.typed_at + IDLE_S, "idle"), End(self.began_at + MOST_S, "time_limit"))


class Window:
    """Lets no more output out than the viewer keeps up with, so that none of it gathers anywhere."""

    def __init__(self) -> None:
        self.sent = 0
        self._seen = 0
        self._moved = asyncio.Event()

    def seen(self, total: int) -> None:
        """Hear how many bytes have been shown in all."""
        self._seen = max(self._seen, min(total, self.sent))
        self._moved.set()

    async def room(self) -> None:
        """Wait until there is room for more."""
        while self.sent - self._seen >= WINDOW_BYTES:
            self._moved.clear()
            await self._moved.wait()
