"""The whole system: every part on a free port of 127.0.0.1, on embedded defaults."""

from __future__ import annotations

import json
import os
import secrets
import ssl
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from passlib.apache import HtpasswdFile

from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.domain.workload import DEPLOYMENT, workload_kind
from kubedoor_dev import live, nginx
from kubedoor_dev.certificates import make_authority
from kubedoor_dev.cluster.cluster import Options
from kubedoor_dev.cluster.nodes import node
from kubedoor_dev.cluster.quantities import parse
from kubedoor_dev.demo.console import build_console
from kubedoor_dev.demo.paths import CHECKOUT, Paths
from kubedoor_dev.demo.programs import Programs
from kubedoor_dev.demo.talk import progress, step
from kubedoor_dev.metrics import Scenario, Service, build_blocks, company, traced_services
from kubedoor_dev.metrics.ksm import MIB
from kubedoor_dev.processes import free_port
from kubedoor_dev.prometheus import start_prometheus
from kubedoor_dev.tools import find

ENV = "demo"
USER = "admin"
OWN_NAMESPACE = "kubedoor"
TIMEZONE = os.environ.get("KUBEDOOR_TIMEZONE", "Asia/Shanghai")
PEAK_HOURS = os.environ.get("KUBEDOOR_PEAK_HOURS", "10:00-11:30")
DAYS = 10
TOOLS = ("prometheus", "promtool", "nginx")
SCRIPTED = "scripted answers of the demo, no model"
"""What the console calls the model."""


@dataclass(frozen=True)
class Endpoints:
    """`.demo/endpoints.json`: where the parts are, and how to sign in."""

    console: str
    api: str
    webhook: str
    clickhouse: str
    prometheus: str
    kubernetes: str
    user: str
    password: str
    ca_file: str
    kubeconfig: str


@dataclass(frozen=True)
class Company:
    """What the demo's metrics are of."""

    services: tuple[Service, ...]
    dates: tuple[date, ...]

    @property
    def deployments(self) -> tuple[Service, ...]:
        """Those that are Deployments: admission must leave the others alone."""
        return tuple(service for service in self.services if service.kind == DEPLOYMENT)

    @property
    def measured(self) -> tuple[Service, ...]:
        """Those of a kind that has figures, and is in the control table."""
        return tuple(service for service in self.services if workload_kind(service.kind))

    def running(self) -> live.Cluster:
        """Return what of it runs at this moment, on the nodes of the simulated cluster."""
        nodes = tuple(
            live.Node(
                name,
                f"10.1.0.{number}",
                cpu_m=int(1000 * parse(given["cpu"]).value),
                mem_mib=int(parse(given["memory"]).value / MIB),
            )
            for number, (name, size) in enumerate(sorted(Options().nodes.items()), 1)
            for given in (node(name, size)["status"]["allocatable"],)
        )
        return replace(live.running(self.services, len(nodes)), nodes=nodes)

    def scenario(self) -> Scenario:
        """Return what the samples are made from."""
        peak = parse_peak_hours(PEAK_HOURS)
        return Scenario(self.services, self.dates, ZoneInfo(TIMEZONE), peak, counters=True)


def plan_company(now: datetime) -> Company:
    """Return the synthetic company, and the traces' services where KUBEDOOR_TRACES names a folder."""
    dates = tuple(parse_peak_hours(PEAK_HOURS).last_finished(DAYS, ZoneInfo(TIMEZONE), now))
    traces = os.environ.get("KUBEDOOR_TRACES")
    replayed = traced_services(Path(traces), dates[-1]) if traces else ()
    return Company((*company(), *replayed), dates)


@dataclass(frozen=True)
class Variant:
    """What of a stack is otherwise than the demo's.

    :ivar company: what the metrics are of.
    :ivar static_root: what nginx serves instead of the console's production build.
    :ivar clickhouse_url: where the services look for ClickHouse, such as a proxy before it; empty: there.
    :ivar settings: settings of single services, by their name, over the demo's.
    """

    company: Company | None = None
    static_root: Path | None = None
    clickhouse_url: str = ""
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Stack:
    """Starts the parts one after the other; `endpoints` says where they are."""

    def __init__(self, paths: Paths, programs: Programs, variant: Variant | None = None) -> None:
        self._paths = paths
        self._variant = variant or Variant()
        self._programs = programs
        self._ports = {
            name: free_port()
            for name in ("clickhouse", "kubernetes", "webhook", "api", "collector", "nginx", "ai", "live")
        }
        self.authority = make_authority()
        self._secret = secrets.token_urlsafe(48)
        self._proxy_secret = secrets.token_urlsafe(48)
        self._prometheus_url = ""
        self.company = self._variant.company or plan_company(datetime.now(UTC))
        self.password = secrets.token_urlsafe(9)

    @property
    def ca_file(self) -> Path:
        """The certificate authority of the webhook."""
        return self._paths.root / "ca.crt"

    @property
    def kubeconfig(self) -> Path:
        """How to reach the simulated cluster."""
        return self._paths.root / "kubeconfig"

    def url(self, part: str, scheme: str = "http") -> str:
        """Return the base URL of a part."""
        return f"{scheme}://127.0.0.1:{self._ports[part]}"

    @property
    def endpoints(self) -> Endpoints:
        """Where the parts are, and how to sign in."""
        return Endpoints(
            console=self.url("nginx"),
            api=self.url("api"),
            webhook=self.url("webhook", "https"),
            clickhouse=self.url("clickhouse"),
            prometheus=self._prometheus_url,
            kubernetes=self.url("kubernetes", "https"),
            user=USER,
            password=self.password,
            ca_file=str(self.ca_file),
            kubeconfig=str(self.kubeconfig),
        )

    def start(self) -> None:
        """Start every part, and write where they are."""
        with step("looking for Prometheus and nginx"):
            for tool in TOOLS:
                find(tool)
        with step("building the console"):
            static_root = self._variant.static_root or build_console()
        self._start_prometheus()
        with step("starting ClickHouse (embedded) and bringing the schema up"):
            self._start_clickhouse()
        with step("starting a Kubernetes API server (simulated)"):
            self._start_cluster()
        with step("starting a scripted server in the place of a model"):
            arguments = ("kubedoor_dev.ai", "--port", str(self._ports["ai"]))
            self._programs.module("ai", self.url("ai") + "/v1/models", *arguments)
        with step("starting collector, webhook, api and nginx"):
            self._start_services(static_root)
        self._paths.endpoints.write_text(json.dumps(asdict(self.endpoints), indent=2) + "\n")
        self._paths.endpoints.chmod(0o600)

    def _start_prometheus(self) -> None:
        with step(f"{len(self.company.dates)} days of a company's metrics into a real Prometheus"):
            blocks = build_blocks(
                self.company.scenario(), progress=lambda d, n: progress(f"metrics: day {d} of {n}")
            )
            store = start_prometheus(
                blocks, self._paths.of("prometheus"), scrape_configs=self._scrape_configs()
            )
            self._programs.adopt("prometheus", store.process, store.again)
            self._prometheus_url = store.url

    def _scrape_configs(self) -> list[dict[str, Any]]:
        """Have what runs now be told, and scraped."""
        port = self._ports["live"]
        live.serve(self.company.running(), port)
        return [live.scrape_config(port)]

    def _start_clickhouse(self) -> None:
        port, folder = str(self._ports["clickhouse"]), str(self._paths.of("clickhouse"))
        arguments = ("kubedoor_dev.clickhouse", "--port", port, "--path", folder)
        self._programs.module("clickhouse", self.url("clickhouse") + "/ping", *arguments)
        with (self._paths.logs / "migrate.log").open("wb") as log:
            subprocess.run(
                [sys.executable, "-m", "kubedoor_core.migrate"],
                env=self._programs.environment(self.settings()),
                cwd=CHECKOUT,
                check=True,
                stdout=log,
                stderr=log,
            )

    def _start_cluster(self) -> None:
        namespaces = sorted({service.namespace for service in self.company.services} | {OWN_NAMESPACE})
        arguments = ["--port", str(self._ports["kubernetes"]), "--kubeconfig", str(self.kubeconfig), "--tls"]
        for name in namespaces:
            arguments += ["--namespace", name]
        trust_all = ssl._create_unverified_context()  # noqa: S323 its authority is known once it is up
        url = self.url("kubernetes", "https") + "/healthz"
        self._programs.module("kubernetes", url, "kubedoor_dev.cluster", *arguments, context=trust_all)
        self._programs.named("kubernetes").forgets = "its Deployments, which it keeps in memory"

    def settings(self, **more: str) -> dict[str, str]:
        """Return the variables that every service gets, and some more."""
        common = {
            "CLICKHOUSE_URL": self._variant.clickhouse_url or self.url("clickhouse"), "ENV": ENV,
            "TIMEZONE": TIMEZONE, "LOG_FORMAT": "json", "PEAK_HOURS": PEAK_HOURS,
        }  # fmt: skip
        return {f"KUBEDOOR_{name}": value for name, value in {**common, **more}.items()}

    def _start_services(self, static_root: Path) -> None:
        self.ca_file.write_bytes(self.authority.certificate_pem)
        cert_file, key_file = self.authority.server().write(self._paths.of("tls"))
        self._service("collector", PROMETHEUS_URL=self._prometheus_url)
        self._service(
            "webhook",
            TLS_CERT_FILE=str(cert_file), TLS_KEY_FILE=str(key_file), OWN_NAMESPACE=OWN_NAMESPACE,
            DRAIN_SECONDS="0", CHECK_TIMEOUT_S="10",  # on a busy machine the demo is slow, and holds
        )  # fmt: skip
        self._service(
            "api",
            HTPASSWD_FILE=str(self._htpasswd()), JWT_SECRET=self._secret, PROXY_SECRET=self._proxy_secret,
            KUBECONFIG=str(self.kubeconfig),
            WEBHOOK_URL=self.url("webhook", "https") + "/mutate", WEBHOOK_CA_FILE=str(self.ca_file),
            OWN_NAMESPACE=OWN_NAMESPACE, PROMETHEUS_URL=self._prometheus_url, WEBHOOK_TIMEOUT_S="30",
            AI_URL=self.url("ai") + "/v1", AI_MODEL=SCRIPTED,
            FINDINGS="true", KEEP_EVENTS="true", POD_ACTIONS="logs,delete,isolate",
        )  # fmt: skip
        conf = nginx.render(
            CHECKOUT, listen=f"127.0.0.1:{self._ports['nginx']}", api=f"127.0.0.1:{self._ports['api']}",
            static_root=static_root, run_dir=self._paths.of("nginx"), proxy_secret=self._proxy_secret,
        )  # fmt: skip
        self._programs.start(
            "nginx", nginx.command(str(find("nginx")), conf), self.url("nginx") + "/nginx-health"
        )

    def _service(self, name: str, **settings: str) -> None:
        scheme = "https" if name == "webhook" else "http"
        listen = {"LISTEN": f"127.0.0.1:{self._ports[name]}"}
        context = ssl.create_default_context(cafile=self.ca_file) if name == "webhook" else None
        own = {**listen, **settings, **self._variant.settings.get(name, {})}
        self._programs.module(
            name, self.url(name, scheme) + "/readyz", f"kubedoor_{name}",
            environment=self.settings(**own), context=context,
        )  # fmt: skip

    def _htpasswd(self) -> Path:
        path = self._paths.root / "htpasswd"
        path.touch(mode=0o600)
        users = HtpasswdFile(str(path), new=True, default_scheme="bcrypt")
        users.set_password(USER, self.password)
        users.save()
        return path
