"""Puts the webhook together, and takes it apart again in the right order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib import metadata

from aiohttp import ClientSession, TCPConnector, web

from kubedoor_core.clickhouse import connect
from kubedoor_core.clickhouse.client import KEEPALIVE_S
from kubedoor_core.domain.admission.container_resources import Floors
from kubedoor_core.health import add_health_routes
from kubedoor_core.logs import get_logger
from kubedoor_core.mutate_settings import MUTATE_PATH
from kubedoor_core.problems import problem_middleware
from kubedoor_core.settings import listen_address
from kubedoor_core.tasks import background
from kubedoor_webhook.alarms import Alarm, AlarmKind
from kubedoor_webhook.bodies import MAX_BODY_BYTES, Bodies
from kubedoor_webhook.certificates import CertificateFiles, make_context
from kubedoor_webhook.front import addresses, in_front, is_ours
from kubedoor_webhook.gathering import Gathered, Gathering
from kubedoor_webhook.handler import Admission
from kubedoor_webhook.journal import Journal
from kubedoor_webhook.listener import Connections, Protocols, listening
from kubedoor_webhook.metrics import Metrics
from kubedoor_webhook.policy import Defaults
from kubedoor_webhook.queries import ControlTable
from kubedoor_webhook.records import Origin, Reminder, alarm_row, gathered_row
from kubedoor_webhook.settings import WebhookSettings
from kubedoor_webhook.store import SnapshotStore

KEEPALIVE_TIMEOUT_S = 150.0
"""Longer than the API server's 90 s, so that it is always the API server that closes an idle connection."""

LAST_FLUSH_TIMEOUT_S = 5.0
GATHERING_PAUSE_S = 5.0
LINGERING_TIME_S = 2.0
"""For which the rest of a body is read and thrown away, so that whoever sends it reads the answer."""

EVENTS: Mapping[AlarmKind, str] = {
    "announcement_given_up": "admission.rows_lost",
    "rows_lost": "admission.rows_lost",
    "value_left_out": "admission.value_invalid",
}
"""The kind of event that people hear an alarm as."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a running webhook consists of."""

    admission: Admission
    app: web.Application


def build_app(admission: Admission) -> web.Application:
    """Build the application: `/mutate`, or with a secret `/mutate/SECRET` alone, health and metrics."""
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[problem_middleware])
    ours = addresses(admission.settings.mutate_secrets)

    async def mutate_at_the_secret(request: web.Request) -> web.Response:
        if not is_ours(request.path, ours):
            admission.metrics.refused.labels("wrong_address").inc()
            raise web.HTTPNotFound
        return await admission.mutate(request)

    if admission.settings.mutate_secrets:
        app.router.add_post(MUTATE_PATH + "/{secret}", mutate_at_the_secret)
    else:
        app.router.add_post(MUTATE_PATH, admission.mutate)

    async def ready() -> str | None:
        return not_ready(admission)

    add_health_routes(
        app, admission.metrics.registry, ready, lambda: [alarm.text for alarm in admission.store.alarms]
    )
    return app


def not_ready(admission: Admission) -> str | None:
    """Say why the webhook should get no requests, or None."""
    age_s = admission.store.age_s()
    if admission.leaving:
        return "leaving"
    if age_s is None:
        return f"no copy of the control table: {admission.store.problem}"
    if age_s > admission.settings.max_staleness:
        return f"the copy of the control table is {age_s:.0f} s old: {admission.store.problem}"
    return None


@asynccontextmanager
async def parts(settings: WebhookSettings) -> AsyncIterator[Parts]:
    """Open what the webhook needs.

    On leaving: the store stops first, then the journal writes what still waits, then the connections close.
    """
    async with AsyncExitStack() as stack:
        connector = TCPConnector(keepalive_timeout=KEEPALIVE_S)
        session = await stack.enter_async_context(ClientSession(connector=connector))
        clickhouse = await stack.enter_async_context(connect(settings, timeout_s=10.0))
        metrics = Metrics()
        journal = Journal(clickhouse, metrics.log_dropped)
        defaults = Defaults(
            settings.namespaces,
            settings.namespaces_excluded,
            settings.own_namespace,
            settings.allow_scale_to_zero,
            Floors(settings.floor_cpu_m, settings.floor_mem_mib),
        )
        origin = Origin(
            settings.env, f"{socket.gethostname()}/{os.getpid()}@{metadata.version('kubedoor-webhook')}"
        )
        store = SnapshotStore(
            ControlTable(session, settings, settings.env),
            defaults,
            check_timeout_s=settings.check_timeout_s,
            tell=partial(_tell, journal, origin),
        )
        reminder = Reminder(time.monotonic)
        bodies = Bodies(settings.max_bytes_in_flight, settings.body_timeout_s)
        connections = Connections(settings.max_connections)
        gathering = Gathering(time.monotonic)
        admission = Admission(
            settings, store, journal, metrics, reminder, origin, gathering, bodies, connections
        )
        _watch(metrics, admission)
        stack.push_async_callback(_last_flush, journal)
        stack.callback(lambda: _put(journal, origin, gathering.close()))
        await stack.enter_async_context(background(_tell_what_was_gathered(journal, origin, gathering)))
        await stack.enter_async_context(background(journal.run()))
        await stack.enter_async_context(background(store.run()))
        yield Parts(admission, build_app(admission))


def _tell(journal: Journal, origin: Origin, alarm: Alarm) -> None:
    """Make an event of an alarm about rows; what a setting has wrong is for whoever reads the log."""
    if kind := EVENTS.get(alarm.kind):
        journal.put("event", alarm_row(origin, kind, alarm.text, time.time()))


def _put(journal: Journal, origin: Origin, found: list[Gathered]) -> None:
    for gathered in found:
        journal.put("event", gathered_row(origin, gathered, time.time()))


async def _tell_what_was_gathered(journal: Journal, origin: Origin, gathering: Gathering) -> None:
    told = 0
    while True:
        await asyncio.sleep(GATHERING_PAUSE_S)
        _put(journal, origin, gathering.over())
        if gathering.rows_left_out != told:
            log.warning("admission.rows_left_out", rows=gathering.rows_left_out - told)
            told = gathering.rows_left_out


def _watch(metrics: Metrics, admission: Admission) -> None:
    store, journal = admission.store, admission.journal
    metrics.watch("kubedoor_snapshot_age_seconds", "Age of the copy of the control table", store.age_s)
    metrics.watch(
        "kubedoor_snapshot_services",
        "Services in the copy of the control table",
        lambda: len(store.copy.snapshot.services) if store.copy else None,
    )
    metrics.watch(
        "kubedoor_snapshot_settings_left_out",
        "Stored settings that are invalid; in their place stands what the environment says",
        lambda: store.alarmed("setting_left_out"),
    )
    metrics.watch(
        "kubedoor_snapshot_values_left_out",
        "Rows of services of which a column holds none of its values; it is read as unset",
        lambda: store.alarmed("value_left_out"),
    )
    metrics.watch(
        "kubedoor_snapshot_announcements_given_up",
        "Tables of which a change was announced that can't be read",
        lambda: store.alarmed("announcement_given_up"),
    )
    metrics.watch(
        "kubedoor_snapshot_rows_lost",
        "Rows that are gone without a tombstone, and not believed to be",
        lambda: store.alarmed("rows_lost"),
    )
    metrics.watch_count("kubedoor_snapshot_checks", "Checks of the control table", lambda: store.checks)
    metrics.watch_count("kubedoor_snapshot_failures", "Checks that failed", lambda: store.failures)
    metrics.watch_count(
        "kubedoor_admission_log_left_out",
        "Rows of the admission log beyond what a namespace gets in a minute",
        lambda: admission.gathering.rows_left_out,
    )
    metrics.watch("kubedoor_admission_log_queue_rows", "Rows that wait to be written", lambda: len(journal))
    metrics.watch("kubedoor_admission_in_flight", "Requests in work", lambda: admission.in_flight)
    metrics.watch(
        "kubedoor_admission_bytes_in_flight", "Bytes of their bodies", lambda: admission.bodies.held_bytes
    )
    metrics.watch("kubedoor_connections", "Connections", lambda: len(admission.connections))
    metrics.watch_count(
        "kubedoor_connections_closed_for_room",
        "Connections that were closed to make room for others",
        lambda: admission.connections.closed_for_room,
    )


async def _last_flush(journal: Journal) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_FLUSH_TIMEOUT_S):
            if reason := await journal.flush():
                log.warning("journal.lost", rows=len(journal), reason=reason)


async def signalled() -> None:
    """Wait for SIGTERM or SIGINT."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


async def serve(settings: WebhookSettings, until: Callable[[], Awaitable[None]] = signalled) -> None:
    """Serve until SIGTERM or SIGINT; then say not ready, go on answering, and close.

    :param until: what is waited for instead, from when on connections are taken.
    """
    context = make_context(settings.tls_client_ca_file)
    async with parts(settings) as running:
        admission = running.admission
        files = CertificateFiles(
            context, settings.tls_cert_file, settings.tls_key_file, admission.metrics.certificate_expiry.set
        )
        files.load()
        runner = web.AppRunner(
            running.app,
            access_log=None,
            keepalive_timeout=KEEPALIVE_TIMEOUT_S,
            shutdown_timeout=30.0,
            lingering_time=LINGERING_TIME_S,
        )
        await runner.setup()
        host, port = listen_address(settings.listen)
        try:
            async with (
                background(files.run()),
                listening(host, port, context, _protocols(runner, admission), admission.connections) as bound,
            ):
                log.info("webhook.listening", listen=settings.listen, port=bound)
                await until()
                await _drain(admission)
        finally:
            await runner.cleanup()


def _protocols(runner: web.AppRunner, admission: Admission) -> Protocols:
    server = runner.server
    if server is None:
        raise RuntimeError("the runner was not set up")
    server.request_handler = in_front(
        server.request_handler, admission.mutate, admission.settings.mutate_secrets
    )
    return server


async def _drain(admission: Admission) -> None:
    """Let the Service notice that we are not ready, and pooled connections move on, before we close."""
    admission.leaving = True
    log.info("webhook.leaving", drain_seconds=admission.settings.drain_seconds)
    await asyncio.sleep(admission.settings.drain_seconds)
