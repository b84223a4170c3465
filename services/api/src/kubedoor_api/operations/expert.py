"""The edits of the control table that operations make: versioned and audited like a person's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.commits.writer import Writer
from kubedoor_api.control import queries as services
from kubedoor_api.control.edit import apply_edit, editable
from kubedoor_api.control.models import expert_service
from kubedoor_api.operations import queries
from kubedoor_api.operations.plan import RefusedError, Registered
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import DerivedRow, ExpertRow, effective
from kubedoor_core.errors import KubeDoorError

if TYPE_CHECKING:
    from kubedoor_api.control.models import ServiceEdit
    from kubedoor_api.operations.actions import ActionContext
    from kubedoor_api.operations.job import Job, Step
    from kubedoor_api.web.endpoint import Context
    from kubedoor_core.clickhouse import Row

    Change = Callable[[ExpertRow], ServiceEdit | None]

ACTION = "changeService"


async def rows_of(action: ActionContext) -> tuple[ExpertRow | None, DerivedRow | None]:
    """Return the expert's and the derived row of a service, both None where it is not registered."""
    found, _ = await services.one(action.context[ClickHouse], action.step.path(action.job.env))
    if found.expert is not None and found.expert.deleted:
        return None, None
    return found.expert, found.derived


async def registered(action: ActionContext) -> Registered | None:
    """Return what holds for a service: the expert's values over the derived ones; None: unregistered."""
    expert, derived = await rows_of(action)
    held = effective(expert, derived)
    if held is None:
        return None
    written = [row for row in (expert, derived) if row is not None and row.updated_at is not None]
    return Registered(
        replicas=held.replicas,
        autoscaled=held.replicas_policy == "autoscaled",
        manual=expert.replicas_manual if expert else None,
        updated_by=max(written, key=attrgetter("updated_at")).updated_by if written else "",
    )


@dataclass
class _Edit:
    """An edit that waits for its commit.

    :ivar again: whether an instance before this one may have made it.
    :ivar error: why it was not made.
    """

    step: Step
    change: Change
    again: bool
    made: bool = False
    error: KubeDoorError | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.step.namespace, self.step.name


class Edits:
    """Makes the edits of one operation; those that come while one is being made are made in one commit."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waiting: list[_Edit] = []
        self._lock = asyncio.Lock()

    async def make(self, action: ActionContext, change: Change) -> None:
        """Change a service's expert row in the name of who asked for the operation.

        An operation changes a row once, however often its step is begun.

        :param change: tells the edit of the row that stands; None: leave it.
        :raises RefusedError: the service is not registered any more.
        """
        edit = _Edit(action.step, change, action.again)
        self._waiting.append(edit)
        async with self._lock:
            if not edit.made:
                batch, self._waiting = self._waiting, []
                await self._commit(action.job, batch)
        if edit.error is not None:
            raise edit.error

    async def _commit(self, job: Job, batch: list[_Edit]) -> None:
        entries: list[AuditEntry] = []

        async def prepare() -> list[Row]:
            entries.clear()
            rows = await self._rows(job, batch)
            entries.extend(_entry(job, before, after) for before, after in rows)
            return [{**after.columns(), "operation_id": job.id} for _, after in rows]

        try:
            await self._context[Writer].commit("control", job.requested_by, prepare)
        except KubeDoorError as error:
            for edit in batch:
                edit.error = error
        finally:
            for edit in batch:
                edit.made = True
        for entry in entries[:-1]:
            self._context[AuditLogger].add(entry)
        for entry in entries[-1:]:
            await self._context[AuditLogger].record(entry)

    async def _rows(self, job: Job, batch: list[_Edit]) -> list[tuple[ExpertRow | None, ExpertRow]]:
        """Return each row that changes, as it stands and as it is to be."""
        keys = [edit.key for edit in batch]
        clickhouse, again = self._context[ClickHouse], any(edit.again for edit in batch)
        control, derived, made = await asyncio.gather(
            queries.control_rows(clickhouse, job.env, keys),
            queries.derived_keys(clickhouse, job.env, keys),
            queries.edited(clickhouse, job.env, keys, job.id) if again else _none(),
        )
        found = []
        for edit in batch:
            standing = control.get(edit.key)
            edit.error = None
            gone = edit.key not in derived if standing is None else standing.deleted
            if gone:
                edit.error = RefusedError(
                    f"{edit.step.full_name} is not registered any more", "not_registered"
                )
            elif not (edit.again and edit.key in made):
                row = editable(standing, edit.step.path(job.env))
                wanted = edit.change(row)
                after = apply_edit(row, wanted) if wanted is not None else row
                if not after.says_the_same_as(row):
                    found.append((standing, after))
        return found


async def _none() -> set[tuple[str, str]]:
    return set()


def _entry(job: Job, before: ExpertRow | None, after: ExpertRow) -> AuditEntry:
    return AuditEntry(
        actor=job.requested_by,
        role="",
        remote="",
        request_id=job.id,
        action=ACTION,
        outcome="succeeded",
        env=job.env,
        namespace=after.namespace,
        name=after.name,
        before=_values(before),
        after=_values(after),
    )


def _values(row: ExpertRow | None) -> str:
    values = expert_service(row)
    return values.model_dump_json() if values else ""
