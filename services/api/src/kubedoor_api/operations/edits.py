"""The edits of the control table that operations make: versioned and audited like a person's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import attrgetter

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.commits.writer import Columns, Writer
from kubedoor_api.control.edit import editable
from kubedoor_api.control.models import expert_service
from kubedoor_api.control.one_service import queries as one_service
from kubedoor_api.leader.claims import entry_of
from kubedoor_api.operations import queries
from kubedoor_api.operations.notes import RefusedError, note
from kubedoor_api.operations.operation import Operation, Target
from kubedoor_api.operations.plan import Lasting, Registered
from kubedoor_api.web.endpoint import Context
from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import DerivedRow, ExpertRow, effective
from kubedoor_core.errors import KubeDoorError

Change = Callable[[ExpertRow], ExpertRow]


async def lasting_count(
    context: Context, path: ServicePath, expert: ExpertRow | None, derived: DerivedRow | None
) -> Lasting | None:
    """Return what comes back after the manual count that stands; None: that one is meant to last."""
    if expert is None or expert.replicas_manual is None:
        return None
    key = (path.namespace, path.name)
    before = await queries.counts_before_those_for_a_time(context[ClickHouse], path.env, [key])
    if key not in before:
        return None
    held = effective(replace(expert, replicas_manual=before[key]), derived)
    return Lasting(before[key], held.replicas if held else None)


async def registered(context: Context, path: ServicePath) -> Registered | None:
    """Return what holds for a service: the expert's values over the derived ones; None: unregistered."""
    found, _ = await one_service.one(context[ClickHouse], path)
    expert, derived, held = found.expert, found.derived, found.held()
    if held is None:
        return None
    written = [row for row in (expert, derived) if row is not None and row.updated_at is not None]
    return Registered(
        replicas=held.replicas,
        autoscaled=held.autoscaled,
        manual=expert.replicas_manual if expert else None,
        advice_id=expert.advice_id if expert else "",
        updated_by=max(written, key=attrgetter("updated_at")).updated_by if written else "",
        lasting=await lasting_count(context, path, expert, derived),
    )


@dataclass
class _Edit:
    """An edit that waits for its commit.

    :ivar again: whether an instance before this one may have made it.
    :ivar error: why it was not made.
    """

    target: Target
    change: Change
    again: bool
    made: bool = False
    error: KubeDoorError | None = None


class Edits:
    """Makes the edits of one operation; those that come while one is being made are made in one commit."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waiting: list[_Edit] = []
        self._lock = asyncio.Lock()

    async def make(self, operation: Operation, target: Target, change: Change, *, again: bool) -> None:
        """Change a service's expert row in the name of who asked for the operation.

        An operation changes a row once, however often its target is begun.

        :param change: returns the row as it is to be, of the one that stands.
        :param again: whether it may have been made before.
        :raises RefusedError: the service is not registered any more.
        """
        edit = _Edit(target, change, again)
        self._waiting.append(edit)
        async with self._lock:
            if not edit.made:
                batch, self._waiting = self._waiting, []
                await self._commit(operation, batch)
        if edit.error is not None:
            raise edit.error

    async def _commit(self, operation: Operation, batch: list[_Edit]) -> None:
        entries: list[AuditEntry] = []

        async def prepare() -> list[Columns]:
            entries.clear()
            return await self._rows(operation, batch, entries)

        try:
            await self._context[Writer].commit("control", operation.requested_by, prepare)
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

    async def _rows(
        self, operation: Operation, batch: list[_Edit], entries: list[AuditEntry]
    ) -> list[Columns]:
        """Return each row that changes as it is to be, and enter the change for the audit log."""
        keys = [(edit.target.namespace, edit.target.name) for edit in batch]
        clickhouse, env = self._context[ClickHouse], operation.env
        control, derived = await asyncio.gather(
            queries.control_rows(clickhouse, env, keys), queries.derived_keys(clickhouse, env, keys)
        )
        again = any(edit.again for edit in batch)
        made = await queries.edited(clickhouse, env, keys, operation.id) if again else set()
        rows: list[Columns] = []
        for key, edit in zip(keys, batch, strict=True):
            standing, edit.error = control.get(key), None
            if key not in derived if standing is None else standing.deleted:
                why = note("not_registered", service=edit.target.full_name, env=env)
                edit.error = RefusedError(why)
                continue
            row = editable(standing, edit.target.path(env))
            after = row if edit.again and key in made else edit.change(row)
            if not after.says_the_same_as(row):
                rows.append({**after.columns(), "operation_id": operation.id})
                place = {"namespace": after.namespace, "name": after.name}
                told = {"before": _values(standing), "after": _values(after)}
                entries.append(entry_of(operation, "changeService", "succeeded", **place, **told))
        return rows


def _values(row: ExpertRow | None) -> str:
    values = expert_service(row)
    return values.model_dump_json() if values else ""
