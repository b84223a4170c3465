"""Every change that succeeds, fails or is refused for want of a role is audited, in this one place."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from kubedoor_api.audit.entry import Entry
from kubedoor_api.audit.told import event_of
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from kubedoor_api.audit.recorder import Recorder
    from kubedoor_api.http.operation import Caller, Operation
    from kubedoor_api.http.trail import Trail


T = TypeVar("T")


async def recorded(
    recorder: Recorder,
    operation: Operation,
    caller: Caller,
    path: Mapping[str, str],
    trail: Trail,
    work: Callable[[], Awaitable[T]],
) -> T:
    """Do the work and write down what came of it.

    A bad or stale request changes nothing and is not recorded. One that failed in the middle may
    have changed something, and is. The entry of what is committed is part of the commit.
    """
    if operation.method == "GET":
        return await work()
    trail.make = lambda: _entry(operation, caller, path, trail, "succeeded")
    outcome = "failed"
    try:
        answer = await work()
        outcome = "succeeded"
    except Problem as problem:
        outcome = _outcome(problem.status)
        raise
    finally:
        if trail.is_logged and trail.made:
            event = event_of(trail.made, operation.tag, operation.summary)
            if event:
                recorder.announce(event)
        elif outcome:
            entry = _entry(operation, caller, path, trail, outcome)
            await recorder.record(entry, event_of(entry, operation.tag, operation.summary))
    return answer


def _outcome(status: int) -> str:
    if status == HTTPStatus.FORBIDDEN:
        return "refused"
    return "failed" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""


def _entry(
    operation: Operation, caller: Caller, path: Mapping[str, str], trail: Trail, outcome: str
) -> Entry:
    return Entry(
        actor=caller.principal.name,
        role=caller.principal.role.value,
        remote=caller.remote,
        request_id=caller.request_id,
        action=operation.id,
        outcome=outcome,
        env=path.get("env", ""),
        namespace=path.get("namespace", ""),
        deployment=path.get("deployment", ""),
        before=trail.before,
        after=trail.after,
    )
