"""What tells of a control plane's pods: metrics-server for autoscalers, kube-state-metrics for Prometheus."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

from kubedoor_dev.control_plane.plane import ControlPlane
from kubedoor_dev.processes import free_port, wait_for_http

METRICS_SERVER = "metrics-server"
STATE_METRICS = "kube-state-metrics"
TOLD = (
    "deployments.apps", "replicasets.apps", "horizontalpodautoscalers.autoscaling",
    "namespaces", "nodes", "pods",
)  # fmt: skip
"""What kube-state-metrics tells of."""


def start_metrics_server(plane: ControlPlane) -> None:
    """Start metrics-server with its own rights, as the part of the API that it is, and wait until it serves.

    It knows a pod's use once it has asked kwok twice, 10 s apart.

    :raises StartError: when it does not come up.
    """
    _apply(plane, Path(__file__).with_name("metrics-server.yaml").read_text(encoding="utf-8"))
    kubeconfig, port = plane.credentials.kubeconfig(METRICS_SERVER), free_port()
    certificate, key = plane.credentials.serving(f"{METRICS_SERVER}-serving")
    process = plane.start(
        METRICS_SERVER,
        *(f"--{kind}kubeconfig={kubeconfig}" for kind in ("", "authentication-", "authorization-")),
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        f"--tls-cert-file={certificate}",
        f"--tls-private-key-file={key}",
        f"--kubelet-certificate-authority={plane.credentials.ca_file}",
        "--kubelet-preferred-address-types=InternalIP",
        "--kubelet-use-node-status-port",
        "--metric-resolution=10s",
        "--kubelet-request-timeout=9s",
    )
    trusting = ssl.create_default_context(cafile=plane.credentials.ca_file)
    wait_for_http(f"https://127.0.0.1:{port}/livez", process, plane.log(METRICS_SERVER), context=trusting)
    plane.services.lead(f"{_cluster_ip(plane)}:443", port)


def start_kube_state_metrics(plane: ControlPlane) -> str:
    """Start kube-state-metrics, which may read what it tells of and nothing else; return its `host:port`.

    :raises StartError: when it does not come up.
    """
    may = [f"--verb={verb}" for verb in ("list", "watch")] + [f"--resource={one}" for one in TOLD]
    _kubectl(plane, "create", "clusterrole", STATE_METRICS, *may)
    binding = (f"--clusterrole={STATE_METRICS}", f"--user={STATE_METRICS}")
    _kubectl(plane, "create", "clusterrolebinding", STATE_METRICS, *binding)
    port = free_port()
    process = plane.start(
        STATE_METRICS,
        f"--kubeconfig={plane.credentials.kubeconfig(STATE_METRICS)}",
        "--host=127.0.0.1",
        f"--port={port}",
        "--telemetry-host=127.0.0.1",
        f"--telemetry-port={free_port()}",
        f"--resources={','.join(one.partition('.')[0] for one in TOLD)}",
    )
    wait_for_http(f"http://127.0.0.1:{port}/healthz", process, plane.log(STATE_METRICS))
    return f"127.0.0.1:{port}"


def _cluster_ip(plane: ControlPlane) -> str:
    service = json.loads(_kubectl(plane, "get", "service", METRICS_SERVER, "-n", "kube-system", "-o", "json"))
    address: str = service["spec"]["clusterIP"]
    return address


def _apply(plane: ControlPlane, documents: str) -> None:
    _kubectl(plane, "apply", "--server-side", "-f", "-", stdin=documents)


def _kubectl(plane: ControlPlane, *arguments: str, stdin: str | None = None) -> str:
    done = plane.kubectl(*arguments, stdin=stdin)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout
