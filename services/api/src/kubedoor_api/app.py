"""Puts the API together: parts first, then the application that serves them."""

from __future__ import annotations

import asyncio
import signal
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry

from kubedoor_api.admission.mode import keep_configuration
from kubedoor_api.advice.making import keep_advice
from kubedoor_api.ai.desk import opened
from kubedoor_api.alerts.intake import Intake
from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.audit.sign_ins import MAX_NAME_CHARS, SignIns
from kubedoor_api.auth import routes as auth
from kubedoor_api.auth.credentials import Directory
from kubedoor_api.auth.htpasswd import Htpasswd
from kubedoor_api.auth.people import People, Roles
from kubedoor_api.auth.sign_in import SignIn
from kubedoor_api.auth.token import AUTHENTICATOR, Authenticator, GrafanaTokens, Tokens
from kubedoor_api.commits.writer import Writer
from kubedoor_api.config.environment import GRAFANA_PATH, ApiSettings
from kubedoor_api.dispatch import add_endpoints
from kubedoor_api.endpoints import ENDPOINTS
from kubedoor_api.findings.leader import Looks, keep_findings
from kubedoor_api.fleet.board import FleetBoard
from kubedoor_api.kube.cluster_configs import cluster_configs
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.clusters_file import ClustersFile
from kubedoor_api.kube_events.keeper import Keepings, keep_events
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.nodes.actions.executor import run_node_actions
from kubedoor_api.nodes.actions.repository import NodeActionAdded
from kubedoor_api.notifications.courier import Courier, Sender
from kubedoor_api.now.board import NowBoard
from kubedoor_api.operations.executor import run_operations
from kubedoor_api.operations.repository import OperationAdded
from kubedoor_api.pods.executor import run_pod_actions
from kubedoor_api.pods.files.store import FileStore
from kubedoor_api.pods.logs import LogViewers
from kubedoor_api.pods.repository import PodActionAdded
from kubedoor_api.schedules.scheduler_loop import run_schedules
from kubedoor_api.statistics.report.routes import keep_reporting
from kubedoor_api.statistics.score.stored.keeper import keep_scores
from kubedoor_api.surroundings.watch import QuotaWatches, watch_surroundings
from kubedoor_api.tokens.queries import maker_of
from kubedoor_api.tokens.store import TokenDirectory
from kubedoor_api.web.concurrency import Computing, Polls, SingleFlight
from kubedoor_api.web.endpoint import Context
from kubedoor_api.web.middlewares import REMOTE, Remote, metrics_middleware, request_id_middleware
from kubedoor_api.workloads.labels import keep_labels
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.health import add_health_routes
from kubedoor_core.logs import get_logger
from kubedoor_core.problems import problem_middleware
from kubedoor_core.prometheus import Pool
from kubedoor_core.settings import BadSettingError, listen_address
from kubedoor_core.tasks import background

MAX_BODY_BYTES = 4 << 20
TIMEOUT_S = 30.0
SHUTDOWN_TIMEOUT_S = 10.0
LAST_FLUSH_TIMEOUT_S = 5.0
HEADER_LIMITS: dict[str, Any] = {"max_line_size": 16 << 10, "max_field_size": 64 << 10}
"""Above what nginx lets through, and above the token of somebody with many grants, in bytes."""

log = get_logger(__name__)

WORKS = (
    run_operations,
    run_pod_actions,
    run_node_actions,
    run_schedules,
    keep_configuration,
    watch_surroundings,
    keep_labels,
    keep_scores,
    keep_reporting,
    keep_advice,
    keep_findings,
    keep_events,
)
"""What the leader of an env does."""


def sender_of(settings: ApiSettings) -> Sender:
    """Build what sends messages.

    :raises BadSettingError: for an address that is none.
    """
    sender = Sender(settings.notify_urls.get_secret_value())
    if sender.refused:
        number = sender.refused[0]
        raise BadSettingError(f"KUBEDOOR_NOTIFY_URLS: address {number} is not one that Apprise supports")
    return sender


async def _courier(context: Context) -> None:
    settings = context[ApiSettings]
    if len(context[Sender]):
        kinds, instance = settings.notify_kinds, uuid.uuid4().hex[:12]
        await Courier(context[ClickHouse], context[Sender], kinds, instance, settings.notify_poll_s).run()


def sign_in_of(settings: ApiSettings, sign_ins: SignIns, scripts: TokenDirectory) -> SignIn:
    """Build what checks credentials."""
    if not settings.roles_file:
        log.warning("auth.everybody_is_admin", reason="KUBEDOOR_ROLES_FILE is not set")
    if not settings.proxy_secret.get_secret_value():
        log.warning(
            "auth.addresses_unknown", reason="KUBEDOOR_PROXY_SECRET is not set: nginx is not believed"
        )
    roles = Roles(Path(settings.roles_file) if settings.roles_file else None)
    tokens = Tokens(settings.jwt_keys, settings.token_lifetime_s)
    directory: Directory = Htpasswd(Path(settings.htpasswd_file))
    if settings.auth_mode == "ldap":
        from kubedoor_api.auth.ldap import Ldap

        directory = Ldap(settings)

    def told(user: str, address: str, outcome: str) -> None:
        log.info("auth.checked", user=user[:MAX_NAME_CHARS], remote=address, outcome=outcome)
        sign_ins.told(user, address, outcome)

    return SignIn(directory, roles, tokens, settings.credential_cache_s, told, scripts)


def grafana_tokens_of(settings: ApiSettings) -> GrafanaTokens | None:
    """Build what signs tokens for Grafana, where it is behind nginx."""
    if settings.grafana_url != GRAFANA_PATH:
        return None
    return GrafanaTokens(settings.grafana_key.get_secret_value(), settings.token_lifetime_s)


def _document() -> dict[str, Any]:
    from kubedoor_api.openapi import document  # a second's work, which an api that nobody asks for it spares

    return document()


def _openapi() -> Handler:
    """Return what answers with the OpenAPI document; it is made when it is first asked for."""
    one_at_a_time = asyncio.Lock()

    async def openapi(_: web.Request) -> web.Response:
        async with one_at_a_time:
            return web.json_response(await asyncio.to_thread(_document))

    return openapi


def build_app(context: Context, sign_in: SignIn) -> web.Application:
    """Build the application: the operations, sign-in, the document, health and metrics."""
    registry = CollectorRegistry()
    middlewares = [metrics_middleware(registry), request_id_middleware, problem_middleware]
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=middlewares)
    app[AUTHENTICATOR] = Authenticator(sign_in.tokens)
    app[REMOTE] = Remote(context[ApiSettings].proxy_secret.get_secret_value())
    app[auth.SIGN_IN] = sign_in
    app[auth.GRAFANA_TOKENS] = grafana_tokens_of(context[ApiSettings])
    app.router.add_get(auth.PATH, auth.authenticate)
    app.router.add_get(auth.FOR_GRAFANA, auth.authenticate_for_grafana)
    app.router.add_get("/api/v1/openapi.json", _openapi())
    add_endpoints(app, ENDPOINTS, context)
    add_health_routes(app, registry, context[ClickHouse].ping, context[ClustersFile].warnings)
    return app


@asynccontextmanager
async def running(settings: ApiSettings) -> AsyncIterator[web.Application]:
    """Open what the API needs and build it.

    On leaving, what waits for the audit log is written, then the clients of the clusters and of their
    stores of metrics close, then the connections to ClickHouse.
    """
    configs = cluster_configs(settings.env, settings.kubeconfig, settings.clusters_file)
    clusters = Clusters(configs)
    async with connect(settings, timeout_s=TIMEOUT_S) as clickhouse, opened(settings, clickhouse) as desk:
        recorder = AuditLogger(clickhouse)
        sign_ins = SignIns(recorder.add)
        sender = sender_of(settings)
        scripts = TokenDirectory(clickhouse, settings.api_token_max_days)
        sign_in = sign_in_of(settings, sign_ins, scripts)
        people = People(sign_in.directory, sign_in.roles, partial(maker_of, clickhouse))
        scripts.people = people
        leadership = Leadership(settings, clusters)
        context = Context(
            settings,
            clickhouse,
            Writer(clickhouse, recorder),
            clusters,
            recorder,
            sender,
            OperationAdded(),
            leadership,
            people,
            SingleFlight(),
            Pool(),
            Computing(),
            Polls(),
            desk,
            LogViewers(),
            NowBoard(),
            FleetBoard(),
            ClustersFile(settings.clusters_file, clusters, configs),
            PodActionAdded(),
            NodeActionAdded(),
            FileStore(settings),
            Intake(clickhouse),
            Looks(),
            QuotaWatches(),
            Keepings(),
        )
        async with (
            background(recorder.run()),
            background(sign_ins.run()),
            background(context[Writer].run()),
            background(_courier(context)),
            background(context[ClustersFile].follow()),
            background(leadership.run([partial(work, context) for work in WORKS])),
        ):
            yield build_app(context, sign_in)
        sign_ins.flush()
        try:
            async with asyncio.timeout(LAST_FLUSH_TIMEOUT_S):
                await recorder.flush()
                await recorder.tell()
        except (KubeDoorError, TimeoutError) as error:
            log.warning("audit.lost", reason=str(error))
        recorder.abandon()
        await context[FleetBoard].close()
        await clusters.close()
        await context[Pool].close()


async def serve(settings: ApiSettings) -> None:
    """Serve until SIGTERM or SIGINT; requests that are under way are finished first.

    ClickHouse may come later: until then `/readyz` says no, and requests get 503.
    """
    async with running(settings) as app:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT_S, **HEADER_LIMITS)
        await runner.setup()
        host, port = listen_address(settings.listen)
        site = web.TCPSite(runner, host, port, backlog=1024)
        try:
            await site.start()
            log.info("api.listening", listen=settings.listen, port=site.port, env=settings.env)
            stop = asyncio.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
            await stop.wait()
        finally:
            await runner.cleanup()
    log.info("api.stopped")
