"""A real cert-manager on a control plane: its controller, its injector, and its custom resources.

Its own webhook, which only checks what people write, is not run.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from kubedoor_dev.control_plane.assets import module_folder
from kubedoor_dev.control_plane.credentials import ADMINISTRATOR
from kubedoor_dev.control_plane.plane import ControlPlane
from kubedoor_dev.processes import free_port, wait_for_http

CONTROLLER, INJECTOR = "cert-manager", "cainjector"


def start_cert_manager(plane: ControlPlane) -> None:
    """Start it, once its resources are served.

    :raises StartError: when the controller does not come up.
    """
    definitions = _definitions()
    applied = plane.kubectl("apply", "--server-side", "-f", "-", stdin=json.dumps(definitions))
    names = [one["metadata"]["name"] for one in definitions["items"]]
    ready = plane.kubectl("wait", "crd", *names, "--for=condition=Established", "--timeout=60s")
    if applied.returncode or ready.returncode:
        raise RuntimeError(applied.stderr + ready.stderr)
    kubeconfig = plane.credentials.kubeconfig(CONTROLLER, ADMINISTRATOR[1])
    common = (f"--kubeconfig={kubeconfig}", "--leader-elect=false")
    port = free_port()
    controller = plane.start(CONTROLLER, *common, f"--metrics-listen-address=127.0.0.1:{port}")
    plane.start(INJECTOR, *common)
    wait_for_http(f"http://127.0.0.1:{port}/metrics", controller, plane.log(CONTROLLER))


def _definitions() -> dict[str, Any]:
    """Return its custom resource definitions, without the labels that its chart would fill in."""
    items = []
    for path in sorted((module_folder(CONTROLLER) / "deploy" / "crds").glob("crd-*.yaml")):
        one = yaml.safe_load(path.read_text(encoding="utf-8"))
        del one["metadata"]["labels"]
        items.append(one)
    return {"apiVersion": "v1", "kind": "List", "items": items}
