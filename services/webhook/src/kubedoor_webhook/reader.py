"""Reads the control table into a snapshot: nothing while nothing changed, what changed, or all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kubedoor_core.domain.admission.limit_range import LimitRange, limit_range_of_json
from kubedoor_core.domain.control import Service
from kubedoor_core.errors import BadValueError, UnavailableError
from kubedoor_core.logs import get_logger
from kubedoor_webhook.losses import Announcements, Loss, with_kept
from kubedoor_webhook.policy import Defaults, policy_from_rows
from kubedoor_webhook.queries import ChangedKey, ControlTable
from kubedoor_webhook.snapshot import OF_SERVICES, Rows, Snapshot, Watermark, services_from_rows

log = get_logger(__name__)

READ_TIMEOUT_S = 30.0
FULL_CHECK_PAUSE_S = 5.0
UNSETTLED_PAUSE_S = 0.002
UNSETTLED_PAUSE_MOST_S = 0.1
MAX_DELTA = 500
"""Above this many changed services the whole table is read: one statement either way."""
SUMS_WRAP_AT = 2**64
NOTHING_LOST: Loss[Mapping[str, Any]] = Loss()

EMPTY = (
    "the control table has no row although some were announced: not believed; restore it, or, if it is meant"
    " to be empty, empty change_mark too"
)


class SnapshotReader:
    """Makes a new snapshot out of the last one and the tables."""

    def __init__(self, table: ControlTable, defaults: Defaults, clock: Callable[[], float]) -> None:
        self._table = table
        self._defaults = defaults
        self._clock = clock
        self._full_check_s = 0.0
        self.announcements = Announcements(clock)

    async def refresh(self, last: Snapshot | None, timeout_s: float) -> Snapshot:
        """Return the last snapshot while nothing is announced; read what changed where something is.

        The marks are counted first: what is announced after that is found by the next check. Now and then
        the tables themselves are asked, for what was changed around the announcements; and always where an
        announcement was given up, since then the marks don't tell what can be read.
        """
        mark = await self._table.mark(timeout_s)
        if last is not None and mark == last.mark and self._clock() < self._full_check_s:
            return last
        watermark = await self._settled(timeout_s)
        snapshot = await self._read(last, watermark)
        self._full_check_s = self._clock() + FULL_CHECK_PAUSE_S
        telling = None if self.announcements.missing else mark
        return snapshot if snapshot.mark == telling else replace(snapshot, mark=telling)

    async def _settled(self, timeout_s: float) -> Watermark:
        """Ask for the tables' state until every change that is announced can be read, or is given up."""
        pause_s = UNSETTLED_PAUSE_S
        while True:
            watermark, announced = await self._table.state(timeout_s)
            if self.announcements.settled(announced, watermark.versions()):
                return watermark
            await asyncio.sleep(pause_s)
            pause_s = min(1.5 * pause_s, UNSETTLED_PAUSE_MOST_S)

    async def _read(self, last: Snapshot | None, watermark: Watermark) -> Snapshot:
        if last is not None and watermark == last.watermark:
            return last
        if last is None and self._emptied(watermark):
            raise UnavailableError(EMPTY)
        if last is not None and (delta := await self._delta(last, watermark)) is not None:
            return delta
        return await self._whole(last, watermark)

    def _emptied(self, watermark: Watermark) -> bool:
        """Tell whether no row is left of what was announced, so that whatever people registered is gone.

        Rows of `derived` alone don't make up for it: what people registered would be refused.
        """
        missing = self.announcements.missing
        return ("control" in missing and not watermark.control.number) or (
            "derived" in missing and not watermark.has_services
        )

    async def _whole(self, last: Snapshot | None, watermark: Watermark) -> Snapshot:
        """Read everything; the keys last, so that what goes meanwhile is missed in them too."""
        services = services_from_rows(await self._table.services(READ_TIMEOUT_S))
        keys = await self._table.keys(READ_TIMEOUT_S)
        control: Loss[Service] = Loss()
        derived: Loss[Service] = Loss()
        if last is not None:
            now_s, before = self._clock(), last.services.get
            control = last.control_loss.next(last.keys["control"], keys["control"], before, now_s)
            derived = last.derived_loss.next(last.keys["derived"], keys["derived"], before, now_s)
        read = await self._policy(last, watermark)
        return replace(
            read,
            limit_ranges=await self._limit_ranges(),
            invalid_values=tuple(await self._table.invalid_values([], READ_TIMEOUT_S)),
            services=with_kept(services, keys, control, derived),
            keys={**read.keys, **keys},
            control_loss=control,
            derived_loss=derived,
        )

    async def _policy(self, last: Snapshot | None, watermark: Watermark) -> Snapshot:
        """Read the settings into a snapshot whose services are still the last one's."""
        rows = {(row["namespace"], row["key"]): row for row in await self._table.setting_rows(READ_TIMEOUT_S)}
        present, loss = frozenset(rows), NOTHING_LOST
        if last is not None:
            loss = last.setting_loss.next(last.keys["setting"], present, last.settings.get, self._clock())
        kept = {key: gone.last for key, gone in loss.kept.items() if gone.last is not None}
        settings = {**rows, **kept}
        return Snapshot(
            services=last.services if last else {},
            policy=policy_from_rows([row for row in settings.values() if not row["deleted"]], self._defaults),
            watermark=watermark,
            mark=None,
            keys={**(last.keys if last else {}), "setting": present},
            settings=settings,
            limit_ranges=last.limit_ranges if last else {},
            invalid_values=last.invalid_values if last else (),
            control_loss=last.control_loss if last else Loss(),
            derived_loss=last.derived_loss if last else Loss(),
            setting_loss=loss,
        )

    async def _limit_ranges(self) -> dict[str, LimitRange]:
        """Read what each namespace's LimitRanges allow; one that is invalid bounds nothing, and is told."""
        found = dict[str, LimitRange]()
        for row in await self._table.limit_ranges(READ_TIMEOUT_S):
            try:
                found[row["namespace"]] = limit_range_of_json(row["limit_ranges"])
            except BadValueError as error:
                log.warning("snapshot.limit_range_left_out", namespace=row["namespace"], reason=str(error))
        return found

    async def _delta(self, last: Snapshot, watermark: Watermark) -> Snapshot | None:
        """Read only what changed, where the newer rows explain how the state has changed."""
        then = last.watermark
        if last.control_loss.kept or last.derived_loss.kept:
            return None
        changed = list[ChangedKey]()
        if watermark.of_services() != then.of_services():
            changed = await self._table.changed_keys(then, watermark, MAX_DELTA + 1, READ_TIMEOUT_S)
            if len(changed) > MAX_DELTA or not _explains(changed, then, watermark):
                return None
        if watermark.setting != then.setting:
            last = await self._policy(last, watermark)
        if watermark.limit_range != then.limit_range:
            last = replace(last, limit_ranges=await self._limit_ranges())
        if not changed:
            return replace(last, watermark=watermark)
        keys = sorted({one.key for one in changed})
        rows, invalid = await asyncio.gather(
            self._table.some_services(keys, READ_TIMEOUT_S), self._table.invalid_values(keys, READ_TIMEOUT_S)
        )
        read = services_from_rows(rows)
        kept = {key: service for key, service in last.services.items() if key not in set(keys)}
        others = [one for one in last.invalid_values if one.key not in set(keys)]
        return replace(
            last,
            services={**kept, **read},
            invalid_values=(*others, *(one for one in invalid if one.key in set(keys))),
            keys={
                source: known | {one.key for one in changed if one.source == source}
                for source, known in last.keys.items()
            },
            watermark=watermark,
        )


def _explains(changed: list[ChangedKey], then: Watermark, now: Watermark) -> bool:
    """Tell whether newer rows are all that has changed: no row has gone, none came with an old version."""
    sources = zip(OF_SERVICES, then.of_services(), now.of_services(), strict=True)
    return all(_grew(changed, source, before, after) for source, before, after in sources)


def _grew(changed: list[ChangedKey], source: str, then: Rows, now: Rows) -> bool:
    new = [one for one in changed if one.source == source]
    versions = sum(one.sum for one in new)
    return (
        now.number - then.number == sum(one.rows for one in new)
        and (now.sum - then.sum - versions) % SUMS_WRAP_AT == 0
    )
