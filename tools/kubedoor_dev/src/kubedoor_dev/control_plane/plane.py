"""Starts and ends a control plane: etcd, the API server with RBAC, its managers, kwok for nodes and pods."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kubedoor_dev.control_plane.assets import Programs
from kubedoor_dev.control_plane.credentials import ADMINISTRATOR, Credentials
from kubedoor_dev.control_plane.services import Services
from kubedoor_dev.processes import free_port, stop, wait_for_http

SERVICE_RANGE = "10.96.0.0/16"
FRONT_PROXY = "front-proxy"
OWN_NODE = "kubedoor.dev/node"
"""Label of the nodes that somebody else than kwok plays."""
ISSUER = "https://kubernetes.default.svc"


@dataclass(frozen=True)
class ControlPlane:
    """A running control plane."""

    programs: Programs
    credentials: Credentials
    services: Services
    processes: dict[str, subprocess.Popen[bytes]]

    @property
    def folder(self) -> Path:
        """Its keys, kubeconfigs and logs."""
        return self.credentials.folder

    @cached_property
    def administrator(self) -> Path:
        """The kubeconfig of the people who act in the tests; none of our services has it."""
        return self.credentials.kubeconfig(*ADMINISTRATOR)

    @cached_property
    def administrators_token(self) -> str:
        """The token of the user `kubernetes-admin`."""
        return secrets.token_urlsafe()

    def kubectl(
        self, *arguments: str, stdin: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the real kubectl as the administrator, unless `KUBECONFIG` says otherwise."""
        return self._run("kubectl", *arguments, stdin=stdin, **environment)

    def helm(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the real Helm, with its caches in our folder."""
        return self._run("helm", *arguments)

    def start(self, name: str, *flags: str) -> subprocess.Popen[bytes]:
        """Start one of its programs, which ends with it; its log is in the folder."""
        with self.log(name).open("ab") as log:
            command = [self.programs[name], *flags]
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self.processes[name] = process
        return process

    def log(self, name: str) -> Path:
        """Where a program's log is."""
        return self.folder / f"{name}.log"

    def _run(
        self, name: str, *arguments: str, stdin: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        own = {"KUBECONFIG": str(self.administrator), "HOME": str(self.folder / "home"), "PATH": os.defpath}
        return subprocess.run(
            [self.programs[name], *arguments],
            env={**own, **environment},
            input=stdin or "",
            capture_output=True,
            text=True,
            check=False,
        )


@contextlib.contextmanager
def running(programs: Programs, folder: Path) -> Iterator[ControlPlane]:
    """Run a control plane while the block lasts; the logs stay in the folder.

    :raises StartError: when a part does not come up, with the end of its log.
    """
    (folder / "home").mkdir(parents=True, exist_ok=True)
    credentials = Credentials(folder, f"https://127.0.0.1:{free_port()}")
    with contextlib.ExitStack() as stack:
        services = stack.enter_context(Services(folder).serving())
        plane = ControlPlane(programs, credentials, services, {})
        stack.callback(_stop_all, plane)
        _etcd_and_api_server(plane)
        for name in ("kube-controller-manager", "kube-scheduler", "kwok"):
            plane.start(name, *_FLAGS[name](plane))
        yield plane


def _stop_all(plane: ControlPlane) -> None:
    """End everything, the last started first, so that nobody misses who is already gone."""
    for process in reversed(plane.processes.values()):
        stop(process)


def _etcd_and_api_server(plane: ControlPlane) -> None:
    client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    etcd = plane.start(
        "etcd",
        f"--data-dir={plane.folder / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        "--unsafe-no-fsync",
        "--log-level=warn",
    )
    wait_for_http(f"{client}/health", etcd, plane.log("etcd"))
    server = plane.start("kube-apiserver", f"--etcd-servers={client}", *_api_server_flags(plane))
    trusting = ssl.create_default_context(cafile=plane.credentials.ca_file)
    ready = f"{plane.credentials.server}/readyz"
    wait_for_http(ready, server, plane.log("kube-apiserver"), context=trusting)


def _api_server_flags(plane: ControlPlane) -> list[str]:
    credentials = plane.credentials
    certificate, key = credentials.serving("kube-apiserver")
    signed_by, signing_key = credentials.client("service-accounts").write(plane.folder, "service-accounts")
    return [
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        f"--secure-port={credentials.server.rpartition(':')[2]}",
        f"--tls-cert-file={certificate}",
        f"--tls-private-key-file={key}",
        f"--client-ca-file={credentials.ca_file}",
        f"--service-account-key-file={signed_by}",
        f"--service-account-signing-key-file={signing_key}",
        f"--service-account-issuer={ISSUER}",
        f"--token-auth-file={_tokens(plane)}",
        "--authorization-mode=Node,RBAC",
        f"--service-cluster-ip-range={SERVICE_RANGE}",
        f"--egress-selector-config-file={_egress(plane)}",
        "--profiling=false",
        *_kubelet_flags(plane),
        *_aggregator_flags(plane),
    ]


def _kubelet_flags(plane: ControlPlane) -> list[str]:
    """Let the API server ask kubelets for logs and `exec`: those that the authority vouches for."""
    certificate, key = plane.credentials.client("kubelet-client").write(plane.folder, "kubelet-client")
    return [
        f"--kubelet-certificate-authority={plane.credentials.ca_file}",
        f"--kubelet-client-certificate={certificate}",
        f"--kubelet-client-key={key}",
        "--kubelet-preferred-address-types=InternalIP",
    ]


def _aggregator_flags(plane: ControlPlane) -> list[str]:
    """Let other API servers, such as metrics-server, serve a part of the API and believe who asks."""
    certificate, key = plane.credentials.client(FRONT_PROXY).write(plane.folder, FRONT_PROXY)
    return [
        f"--requestheader-client-ca-file={plane.credentials.ca_file}",
        f"--requestheader-allowed-names={FRONT_PROXY}",
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        f"--proxy-client-cert-file={certificate}",
        f"--proxy-client-key-file={key}",
    ]


def _tokens(plane: ControlPlane) -> Path:
    """Write the token by which somebody is `kubernetes-admin` who can't show a certificate."""
    path = plane.folder / "tokens.csv"
    path.touch(mode=0o600)
    path.write_text(f"{plane.administrators_token},kubernetes-admin,,system:masters\n", encoding="utf-8")
    return path


def _egress(plane: ControlPlane) -> Path:
    """Write the API server's way to Services."""
    transport = {"uds": {"udsName": str(plane.services.path)}}
    document = {
        "apiVersion": "apiserver.k8s.io/v1beta1",
        "kind": "EgressSelectorConfiguration",
        "egressSelections": [
            {"name": "cluster", "connection": {"proxyProtocol": "HTTPConnect", "transport": transport}}
        ],
    }
    path = plane.folder / "egress.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _controller_manager_flags(plane: ControlPlane) -> list[str]:
    return [
        f"--kubeconfig={plane.credentials.kubeconfig('system:kube-controller-manager')}",
        "--leader-elect=false",
        "--secure-port=0",
        "--use-service-account-credentials",
        f"--root-ca-file={plane.credentials.ca_file}",
        f"--service-account-private-key-file={plane.folder / 'service-accounts.key'}",
        "--horizontal-pod-autoscaler-sync-period=2s",
        "--horizontal-pod-autoscaler-initial-readiness-delay=1s",
        "--horizontal-pod-autoscaler-cpu-initialization-period=1s",
    ]


def _scheduler_flags(plane: ControlPlane) -> list[str]:
    kubeconfig = plane.credentials.kubeconfig("system:kube-scheduler")
    return [f"--kubeconfig={kubeconfig}", "--leader-elect=false", "--secure-port=0"]


def _kwok_flags(plane: ControlPlane) -> list[str]:
    """Manage every node but those of others, and serve what a kubelet tells metrics-server of its pods."""
    certificate, key = plane.credentials.serving("kwok")
    port = free_port()
    return [
        f"--kubeconfig={plane.credentials.kubeconfig('kwok', ('system:masters',))}",
        f"--config={Path(__file__).with_name('stages.yaml')}",
        f"--config={Path(__file__).with_name('use.yaml')}",
        f"--server-address=127.0.0.1:{port}",
        f"--tls-cert-file={certificate}",
        f"--tls-private-key-file={key}",
        "--node-ip=127.0.0.1",
        f"--node-port={port}",
        f"--manage-nodes-with-label-selector=!{OWN_NODE}",
        "--node-lease-duration-seconds=40",
        "--cidr=10.0.0.0/16",
    ]


_FLAGS = {
    "kube-controller-manager": _controller_manager_flags,
    "kube-scheduler": _scheduler_flags,
    "kwok": _kwok_flags,
}
