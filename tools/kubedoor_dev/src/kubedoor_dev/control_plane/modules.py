"""Which Go module each program comes from, and the go.mod of a Kubernetes other than the pinned one."""

from __future__ import annotations

import re
from dataclasses import dataclass

KUBERNETES = "k8s.io/kubernetes"
METRICS_SERVER = "sigs.k8s.io/metrics-server"
STATE_METRICS = "k8s.io/kube-state-metrics/v2"
CERT_MANAGER = "github.com/cert-manager/cert-manager"
PROMETHEUS = "github.com/prometheus/prometheus"
VERSION_PACKAGE = "k8s.io/component-base/version"
PROMETHEUS_VERSION = "github.com/prometheus/common/version.Version"
STAGING = re.compile(r"^\s*(k8s\.io/\S+) => \./staging/", re.MULTILINE)
VERSION = re.compile(r"v?(1\.\d+\.\d+)")


@dataclass(frozen=True)
class Program:
    """One program: its name, the module that it is of, and its main package.

    :ivar pins: the folder below `tests/e2e/tools` whose go.mod pins it; a program that can't be built with
        the libraries of the others has one of its own.
    :ivar tags: build tags, by which parts are left out.
    """

    name: str
    module: str
    package: str
    pins: str = ""
    tags: str = ""


def _kubernetes(name: str) -> Program:
    return Program(name, KUBERNETES, f"{KUBERNETES}/cmd/{name}")


OF_KUBERNETES = (
    _kubernetes("kube-apiserver"),
    _kubernetes("kube-controller-manager"),
    _kubernetes("kube-scheduler"),
    _kubernetes("kubectl"),
)
"""These follow `KUBE_VERSION`; the dearest is first, so that it is known early how long it takes."""
BESIDE_IT = (
    Program("etcd", "go.etcd.io/etcd/server/v3", "go.etcd.io/etcd/server/v3"),
    Program("kwok", "sigs.k8s.io/kwok", "sigs.k8s.io/kwok/cmd/kwok"),
    Program("helm", "helm.sh/helm/v3", "helm.sh/helm/v3/cmd/helm"),
    Program("metrics-server", METRICS_SERVER, f"{METRICS_SERVER}/cmd/metrics-server", "metrics-server"),
    Program("kube-state-metrics", STATE_METRICS, STATE_METRICS, "kube-state-metrics"),
    Program("cert-manager", CERT_MANAGER, f"{CERT_MANAGER}/cmd/controller", "cert-manager"),
    Program("cainjector", CERT_MANAGER, f"{CERT_MANAGER}/cmd/cainjector", "cert-manager"),
    Program("prometheus", PROMETHEUS, f"{PROMETHEUS}/cmd/prometheus", "prometheus", "remove_all_sd"),
)
"""These stay as pinned. Later versions of cert-manager have their programs in modules that nobody serves."""


def version_of(text: str) -> str:
    """Return a version of Kubernetes as its module has it, such as v1.36.3.

    :raises ValueError: when it is none.
    """
    found = VERSION.fullmatch(text)
    if not found:
        raise ValueError(f"KUBE_VERSION={text} is not a version of Kubernetes, such as 1.36.3")
    return f"v{found[1]}"


def pinned(go_mod: str) -> dict[str, str]:
    """Return the version of each module that a go.mod requires."""
    required = re.findall(r"^(?:require)?\s+(\S+/\S+|\S+\.\S+) (v\S+)", go_mod, re.MULTILINE)
    return dict(required)


def go_mod_of(version: str, upstream: str) -> str:
    """Return a go.mod that builds a version of Kubernetes.

    Kubernetes names the modules that live in its own repository by folders of it. They are published as well,
    with the same minor and patch, which is what it must be built with elsewhere.

    :param upstream: the go.mod of that version.
    """
    staging = sorted(set(STAGING.findall(upstream)))
    (go,) = re.findall(r"^go (\S+)", upstream, re.MULTILINE)
    published = version.replace("v1.", "v0.", 1)
    lines = [f"\t{name} => {name} {published}" for name in staging]
    replaced = "\n".join(lines)
    return (
        f"module kubedoor.io/kube\n\ngo {go}\n\nrequire {KUBERNETES} {version}\n\nreplace (\n{replaced}\n)\n"
    )


def link_flags(module: str, version: str) -> str:
    """Return the linker's flags by which a program of a module tells its version, as its releases do."""
    told = (f"-X {name}={value}" for name, value in _told(module, version).items())
    return " ".join(["-s", "-w", *told])


def _told(module: str, version: str) -> dict[str, str]:
    major, minor, patch = version.removeprefix("v").split(".")
    if module == PROMETHEUS:  # whose module counts otherwise: v0.316.0 is 3.16.0
        return {PROMETHEUS_VERSION: f"{minor[0]}.{int(minor[1:])}.{patch}"}
    if module != KUBERNETES:
        return {}
    values = {"gitVersion": version, "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    return {f"{VERSION_PACKAGE}.{name}": value for name, value in values.items()}
