"""Reads the last peaks and derives from them by the collector's own code, on an engine for the moment."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from kubedoor_collector import queries
from kubedoor_collector.asking import all_of
from kubedoor_collector.collect import Collector, derive_all
from kubedoor_collector.day import collect_day, source_of
from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_collector.domain.policy import Policy
from kubedoor_collector.prometheus import PrometheusUnavailableError, connect
from kubedoor_collector.scan.report import Report, scanned
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse import connect as connect_clickhouse
from kubedoor_core.domain.peak import PeakSchedule
from kubedoor_core.domain.peak_found import as_day, busiest_hours
from kubedoor_core.embedded.serving import serving
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.migrate import migrate

Tell = Callable[[str, int, int], None]
"""Hears what is being done, and how far it is: steps done and all steps."""
SATURDAY = 5
AT_ONCE = 2
"""Days that are read at once; the client bounds how many queries that are."""


class NothingFoundError(KubeDoorError):
    """No day could be read; the message says why of each."""


def in_words(failed: Iterable[tuple[date, str]]) -> str:
    """Return why days could not be read, each reason once, behind its days."""
    days: dict[str, list[str]] = {}
    for day, reason in failed:
        days.setdefault(reason, []).append(day.isoformat())
    return " ".join(f"{', '.join(of)}: {reason.rstrip('.')}." for reason, of in days.items())


@dataclass
class Scan:
    """One scan under way.

    :ivar find_hours: whether the peak hours are to be found, and the settings' are but a beginning.
    """

    collector: Collector
    days: int
    find_hours: bool
    tell: Tell

    async def run(self) -> Report:
        """Do it.

        :raises NothingFoundError: no day could be read.
        :raises PrometheusUnavailableError: the store can't be asked.
        """
        policy, found = await self.collector.policy(), False
        if self.find_hours:
            hours = await self._found_hours(policy)
            policy, found = (replace(policy, peak=hours), True) if hours else (policy, False)
        dates = policy.peak.last_finished(self.days, policy.zone, datetime.now(UTC))
        left_out, failed = await self._collect(policy, dates)
        if len(failed) == len(dates):
            raise NothingFoundError(
                f"{in_words(failed)} The hours that were read are {policy.peak} in"
                f" {self.collector.settings.timezone}: --peak-hours and --timezone choose others"
            )
        self.tell("deriving", len(dates), len(dates))
        policy = replace(policy, rule=replace(policy.rule, lookback_days=self.days))
        await derive_all(self.collector.clickhouse, policy, self.collector.source)
        clickhouse, env = self.collector.clickhouse, policy.env
        rows, asked = await queries.derived(clickhouse, env), await queries.last_requests(clickhouse, env)
        return Report(
            prometheus=self.collector.settings.prometheus_url,
            timezone=self.collector.settings.timezone,
            peak_hours=str(policy.peak),
            found_hours=found,
            days=tuple(dates),
            failed=tuple(failed),
            services=scanned(rows, asked),
            left_out=tuple(sorted(left_out)),
        )

    async def _collect(
        self, policy: Policy, dates: Sequence[date]
    ) -> tuple[set[LeftOut], list[tuple[date, str]]]:
        """Collect some days, a few at once: while one's figures are reckoned, the store answers another's.

        :raises PrometheusUnavailableError: the store can't be asked; the other days are given up.
        """
        gate, done = asyncio.Semaphore(AT_ONCE), 0

        async def one(day: date) -> set[LeftOut] | str:
            nonlocal done
            async with gate:
                self.tell(f"reading the peak of {day}", done, len(dates))
                try:
                    found = await collect_day(
                        self.collector.clickhouse, self.collector.source, policy, day, by_name=True
                    )
                    return set(found.left_out)
                except PrometheusUnavailableError:
                    raise
                except KubeDoorError as error:
                    return str(error)
                finally:
                    done += 1

        answers = await all_of({day.isoformat(): one(day) for day in dates})
        outcomes = list(zip(dates, answers.values(), strict=True))
        left_out = {item for _, outcome in outcomes if not isinstance(outcome, str) for item in outcome}
        return left_out, [(day, outcome) for day, outcome in outcomes if isinstance(outcome, str)]

    async def _found_hours(self, policy: Policy) -> PeakSchedule | None:
        """Find the busiest hours in the whole of the last working day that has any figures."""
        self.tell("looking for the peak hours", 0, self.days)
        dates = policy.peak.last_finished(7, policy.zone, datetime.now(UTC))
        finished = [day for day in dates if day < datetime.now(policy.zone).date()]
        for day in sorted(finished, key=lambda one: (one.weekday() >= SATURDAY, -one.toordinal()))[:2]:
            _, failed = await self._collect(policy, [day])
            used = await queries.fleet_day(self.collector.clickhouse, policy.env, day)
            hours = busiest_hours(as_day(used))
            if hours and not failed:
                return PeakSchedule((hours,))
        return None


async def scan(settings: CollectorSettings, days: int, *, find_hours: bool, tell: Tell) -> Report:
    """Scan a cluster; nothing is written anywhere but into a folder that is gone afterwards.

    :param settings: as the collector takes them; those of ClickHouse don't matter.
    :raises KubeDoorError: the store can't be asked, or has nothing.
    """
    with tempfile.TemporaryDirectory(prefix="kubedoor-scan-") as folder:
        async with serving(Path(folder)) as url:
            settings = settings.model_copy(update={"clickhouse_url": url})
            async with connect_clickhouse(settings) as clickhouse, connect(settings) as prometheus:
                await prometheus.now()
                await migrate(clickhouse)
                source = source_of(prometheus, settings)
                collector = Collector(clickhouse, source, settings, "scan")
                return await Scan(collector, days, find_hours, tell).run()
