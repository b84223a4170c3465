"""The long-running collector: does what is asked for by row, and the daily run when its time has come."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge

from kubedoor_collector import queries
from kubedoor_collector.collect import Collector, due_dates, run_collection, since
from kubedoor_collector.day import source_of
from kubedoor_collector.domain.policy import Policy
from kubedoor_collector.prometheus import connect as connect_prometheus
from kubedoor_collector.runs import OLD, Run, claim, close_stale, daily_id, failed_dates, new_instance
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse import connect
from kubedoor_core.clickhouse.client import wait_until_up
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.health import add_health_routes
from kubedoor_core.logs import Trouble, get_logger
from kubedoor_core.settings import listen_address
from kubedoor_core.tasks import end

POLL_S = 1.0
CLICKHOUSE_TIMEOUT_S = 120.0

log = get_logger(__name__)


class Metrics:
    """What `/metrics` tells."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.runs = Counter("kubedoor_collection_runs", "Runs that ended", ["state"], registry=self.registry)
        self.failed_days = Counter(
            "kubedoor_collection_failed_days", "Days that could not be collected", registry=self.registry
        )
        self.last_success = Gauge(
            "kubedoor_collection_last_success_timestamp_seconds", "End of the last run without a failed day",
            registry=self.registry,
        )  # fmt: skip
        self.services = Gauge("kubedoor_collection_services", "Services seen last", registry=self.registry)

    def ended(self, run: Run) -> None:
        """Count a run."""
        self.runs.labels(run.state).inc()
        self.failed_days.inc(len(run.errors))
        self.services.set(run.services_seen)
        if run.state == "succeeded":
            self.last_success.set_to_current_time()


@asynccontextmanager
async def open_collector(settings: CollectorSettings) -> AsyncIterator[Collector]:
    """Open the connections; on leaving the store's go first, then ClickHouse's."""
    async with (
        connect(settings, timeout_s=CLICKHOUSE_TIMEOUT_S) as clickhouse,
        connect_prometheus(settings) as prometheus,
    ):
        yield Collector(clickhouse, source_of(prometheus, settings), settings, new_instance())


class Service:
    """Looks for work, and does it, one run at a time."""

    def __init__(self, collector: Collector, metrics: Metrics) -> None:
        self._collector = collector
        self._metrics = metrics
        self._env = collector.settings.env
        self._lease_s = collector.settings.run_lease_s
        self._not_today: str | None = None

    async def work(self) -> None:
        """Look for work for ever; trouble is logged, and tried again."""
        trouble = Trouble(log, "collector.trouble")
        await wait_until_up(self._collector.clickhouse)
        while True:
            try:
                await self.look()
                trouble.note("")
            except KubeDoorError as error:
                trouble.note(str(error))
            await asyncio.sleep(POLL_S)

    async def look(self) -> None:
        """Do what is asked for or due now."""
        clickhouse, now = self._collector.clickhouse, datetime.now(UTC)
        policy = await self._collector.policy()
        today = daily_id(now.astimezone(policy.zone))
        if self._not_today is None:
            self._not_today = await self._first_day(policy, today, now)
        await close_stale(clickhouse, self._env, self._lease_s, today)
        alive_since = now - timedelta(seconds=self._lease_s)
        for row in await queries.pending_requests(clickhouse, self._env, now - OLD, alive_since):
            dates = tuple(date.fromisoformat(day) for day in row["dates"])
            await self._claim_and_run(
                row["id"], "request", dates, row["requested_by"], by_name=row["by_name"]
            )
        await self._daily(policy, today, now)

    async def _first_day(self, policy: Policy, today: str, now: datetime) -> str:
        """Return the daily run that is left out: that of the day on which a new installation begins too late.

        Its first collection is asked for by somebody, or made at the next daily time.
        """
        in_use = await queries.has_runs(self._collector.clickhouse, self._env)
        return today if not in_use and self._is_due(policy, now) else ""

    def _is_due(self, policy: Policy, now: datetime) -> bool:
        local = now.astimezone(policy.zone)
        return local.timetz().replace(tzinfo=None) >= time.fromisoformat(self._collector.settings.collect_at)

    async def _daily(self, policy: Policy, run_id: str, now: datetime) -> None:
        if not self._is_due(policy, now) or run_id == self._not_today:
            return
        known = await queries.run(self._collector.clickhouse, self._env, run_id)
        if known is not None and not self._is_stale(known["state"], known["heartbeat_at"], now):
            return
        runs = await queries.runs_since(self._collector.clickhouse, self._env, since(policy, now))
        dates = due_dates(policy, failed_dates(runs), now)
        if dates:
            await self._claim_and_run(run_id, "daily", dates, "")

    def _is_stale(self, state: str, heartbeat_at: str, now: datetime) -> bool:
        age = now - datetime.fromisoformat(heartbeat_at)
        return state == "running" and age > timedelta(seconds=self._lease_s)

    async def _claim_and_run(
        self, run_id: str, trigger: str, dates: tuple[date, ...], by: str, *, by_name: bool = False
    ) -> None:
        collector = self._collector
        if not await claim(collector.clickhouse, self._env, run_id, collector.instance, self._lease_s):
            return
        policy: Policy = await collector.policy()
        now = datetime.now(UTC)
        run = Run(
            id=run_id,
            env=self._env,
            trigger="daily" if trigger == "daily" else "request",
            dates=dates or tuple(policy.peak.last_finished(policy.lookback_days, policy.zone, now)),
            collector=collector.instance,
            started_at=now,
            requested_by=by,
            request_id=run_id if trigger == "request" else "",
            by_name=by_name,
        )
        ended, _ = await run_collection(collector, run, policy)
        self._metrics.ended(ended)


async def serve(settings: CollectorSettings) -> None:
    """Serve until SIGTERM or SIGINT. A run that is cut short is picked up by the next collector."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_collector(settings) as collector:
        metrics = Metrics()
        app = web.Application()
        add_health_routes(app, metrics.registry, lambda: not_ready(collector))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        work = asyncio.create_task(Service(collector, metrics).work())
        work.add_done_callback(lambda _: stop.set())
        try:
            await web.TCPSite(runner, *listen_address(settings.listen)).start()
            log.info("collector.listening", listen=settings.listen)
            await stop.wait()
        finally:
            await end(work)
            log.info("collector.stopped")
            await runner.cleanup()


async def not_ready(collector: Collector) -> str | None:
    """Say why the collector can't do its job, or None."""
    return await collector.clickhouse.ping() or await collector.source.prometheus.ping()
