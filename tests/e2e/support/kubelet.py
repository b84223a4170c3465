"""Runs a Deployment of the chart as processes, in the way a kubelet runs its containers.

Environment, Secrets and ConfigMaps come from the cluster, as the chart put them there, and the
credentials are a token of the chart's own service account. What differs is said here: a process listens
on a free port of 127.0.0.1, and finds what is mounted below a folder of its own.
"""

from __future__ import annotations

import base64
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kubedoor_dev.control_plane import ControlPlane
from kubedoor_dev.control_plane.services import NAMES_VARIABLE
from kubedoor_dev.processes import free_port, stop, wait_for_http

Json = dict[str, Any]
NAMESPACE = "kubedoor"
NAMES = Path(__file__).with_name("names")
TOKEN_LASTS = "10h"


@dataclass
class Container:
    """One process of a Deployment."""

    folder: Path
    module: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What it has said."""
        return self.folder / "log"

    def start(self, environment: Mapping[str, str], scheme: str) -> None:
        """Start it and wait until it is alive."""
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", self.module]
            self.process = subprocess.Popen(command, env=dict(environment), stdout=log, stderr=log)
        unverified = ssl._create_unverified_context() if scheme == "https" else None  # as a kubelet's probes
        wait_for_http(f"{scheme}://127.0.0.1:{self.port}/healthz", self.process, self.log, context=unverified)

    def stop(self) -> None:
        """End it politely."""
        if self.process:
            stop(self.process)

    def kill(self) -> None:
        """End it without a word."""
        if self.process:
            self.process.kill()
            self.process.wait()


@dataclass
class Kubelet:
    """The chart's Deployments as processes."""

    plane: ControlPlane
    folder: Path
    running: dict[str, list[Container]] = field(default_factory=dict)
    led: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Where each component's Service is found."""

    def read(self, kind: str, name: str) -> Json:
        """Return an object of our namespace."""
        asked = self.plane.kubectl("get", kind, name, "-n", NAMESPACE, "-o", "json")
        assert asked.returncode == 0, asked.stderr
        found: Json = json.loads(asked.stdout)
        return found

    def pod(self, component: str) -> Json:
        """Return a component's pod as its Deployment has it."""
        found: Json = self.read("deployment", f"kubedoor-{component}")["spec"]["template"]["spec"]
        return found

    def run(self, component: str) -> list[Container]:
        """Run a component as its Deployment says, as often as it says, and let its Service lead there."""
        deployment = self.read("deployment", f"kubedoor-{component}")
        pod = deployment["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        scheme = container["livenessProbe"]["httpGet"]["scheme"].lower()
        for number in range(deployment["spec"]["replicas"]):
            folder = self.folder / f"{component}-{number}"
            one = Container(folder, f"kubedoor_{component}")
            environment = self.environment(pod, folder)
            environment["KUBEDOOR_LISTEN"] = f"127.0.0.1:{one.port}"
            self.running.setdefault(component, []).append(one)
            one.start(environment, scheme)
        self.lead(component)
        return self.running[component]

    def lead(self, component: str) -> None:
        """Let the component's Service lead to its processes: by its cluster IP, and by its name."""
        service = self.read("service", f"kubedoor-{component}")["spec"]
        (port,) = service["ports"]
        hosts = (service["clusterIP"], f"kubedoor-{component}.{NAMESPACE}.svc")
        self.led[component] = tuple(f"{host}:{port['port']}" for host in hosts)
        for address in self.led[component]:
            self.plane.services.lead(address, *(one.port for one in self.running[component]))

    def environment(self, pod: Json, folder: Path) -> dict[str, str]:
        """Return the variables of a pod's only container, with its volumes below a folder."""
        (container,) = pod["containers"]
        mounted = dict(self._mounted(pod, container, folder))
        values = {one["name"]: self._value(one) for one in container["env"]}
        for name, value in values.items():
            for path, found in mounted.items():
                if value.startswith(path + "/"):
                    values[name] = str(found) + value.removeprefix(path)
        own = {
            "PYTHONPATH": str(NAMES),
            NAMES_VARIABLE: str(self.plane.services.file),
            "KUBEDOOR_KUBECONFIG": str(self.kubeconfig(pod)),
        }
        plain = {name: value for name, value in os.environ.items() if not name.startswith("KUBEDOOR_")}
        return {**plain, **values, **own} if pod["automountServiceAccountToken"] else {**plain, **values}

    def kubeconfig(self, pod: Json) -> Path:
        """Return the kubeconfig of a pod's service account, with a token as a pod gets one."""
        return self.plane.credentials.token_kubeconfig(pod["serviceAccountName"], self.token(pod))

    def token(self, pod: Json) -> str:
        """Return a token of a pod's service account, by a TokenRequest."""
        account = pod["serviceAccountName"]
        asked = self.plane.kubectl("create", "token", account, "-n", NAMESPACE, f"--duration={TOKEN_LASTS}")
        assert asked.returncode == 0, asked.stderr
        return asked.stdout.strip()

    def _value(self, variable: Json) -> str:
        if "valueFrom" not in variable:
            return str(variable.get("value", ""))
        wanted = variable["valueFrom"]["secretKeyRef"]
        return base64.b64decode(self.read("secret", wanted["name"])["data"][wanted["key"]]).decode()

    def _mounted(self, pod: Json, container: Json, folder: Path) -> Iterator[tuple[str, Path]]:
        """Write a pod's Secrets and ConfigMaps, and yield where each is mounted and where it lies."""
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        for mount in container["volumeMounts"]:
            path = folder / mount["name"]
            path.mkdir(parents=True, exist_ok=True)
            for name, content in self._files(volumes[mount["name"]]).items():
                (path / name).write_bytes(content)
            yield mount["mountPath"], path

    def _files(self, volume: Json) -> dict[str, bytes]:
        if "secret" in volume:
            data = self.read("secret", volume["secret"]["secretName"])["data"]
            items = volume["secret"].get("items") or [{"key": key, "path": key} for key in data]
            return {item["path"]: base64.b64decode(data[item["key"]]) for item in items}
        if "configMap" in volume:
            data = self.read("configmap", volume["configMap"]["name"])["data"]
            return {name: text.encode() for name, text in data.items()}
        return {}

    def end(self, component: str) -> None:
        """End a component's processes without a word; its Service leads nowhere then."""
        for one in self.running.pop(component):
            one.kill()
        for address in self.led[component]:
            self.plane.services.lead(address)

    def run_to_its_end(self, pod: Json) -> None:
        """Run a Job's pod, with the token and the authority of its service account below our folder."""
        (container,) = pod["containers"]
        account = self.folder / "account"
        account.mkdir(exist_ok=True)
        (account / "token").write_text(self.token(pod), encoding="utf-8")
        (account / "ca.crt").write_bytes(self.plane.credentials.authority.certificate_pem)
        environment = {one["name"]: self._value(one) for one in container["env"]}
        environment |= {"KUBERNETES_URL": self.plane.credentials.server, "ACCOUNT": str(account)}
        command = [sys.executable, *container["command"][1:], *container.get("args", [])]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def refresh(self, component: str) -> None:
        """Write a component's Secrets and ConfigMaps again, as they stand in the cluster by now."""
        pod = self.pod(component)
        for one in self.running[component]:
            list(self._mounted(pod, pod["containers"][0], one.folder))

    def stop(self) -> None:
        """End everything."""
        for containers in self.running.values():
            for one in containers:
                one.stop()
