"""Every change that succeeds, fails or is refused for want of a role is audited, in this one place."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.events import event_of
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from kubedoor_api.audit.logger import AuditLogger
    from kubedoor_api.web.audit_context import AuditContext
    from kubedoor_api.web.endpoint import Caller, Endpoint


T = TypeVar("T")


async def audited(
    logger: AuditLogger,
    endpoint: Endpoint,
    caller: Caller,
    path: Mapping[str, str],
    audit: AuditContext,
    work: Callable[[], Awaitable[T]],
) -> T:
    """Do the work and write down what came of it.

    A bad or stale request changes nothing and is not audited. One that failed in the middle may
    have changed something, and is. The entry of what is committed is part of the commit.
    """
    if endpoint.method == "GET":
        return await work()
    committed: list[AuditEntry] = []

    def make_entry() -> str:
        committed[:] = [_entry(endpoint, caller, path, audit, "succeeded")]
        return committed[0].json()

    audit.make_entry, outcome = make_entry, "failed"
    try:
        answer = await work()
        outcome = "succeeded"
    except Problem as problem:
        outcome = _outcome(problem.status)
        raise
    finally:
        if audit.is_logged:
            logger.announce(event_of(committed[0], endpoint.tag, endpoint.summary))
        elif outcome:
            entry = _entry(endpoint, caller, path, audit, outcome)
            await logger.record(entry, event_of(entry, endpoint.tag, endpoint.summary))
    return answer


def _outcome(status: int) -> str:
    if status == HTTPStatus.FORBIDDEN:
        return "refused"
    return "failed" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""


def _entry(
    endpoint: Endpoint, caller: Caller, path: Mapping[str, str], audit: AuditContext, outcome: str
) -> AuditEntry:
    return AuditEntry(
        actor=caller.principal.name,
        role=caller.principal.role.value,
        remote=caller.remote,
        request_id=caller.request_id,
        action=endpoint.id,
        outcome=outcome,
        env=path.get("env", ""),
        namespace=path.get("namespace", ""),
        name=path.get("name", ""),
        before=audit.before,
        after=audit.after,
    )
