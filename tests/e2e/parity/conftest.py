"""A real control plane behind the fixtures of the simulated cluster's tests: KubeDoor is not in it."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from kubernetes_asyncio.client import ApiException

from integration.cluster.hook import Hook
from integration.cluster.kube import Kube, eventually, signed_in
from kubedoor_dev.certificates import Authority, make_authority
from kubedoor_dev.cluster.nodes import NodeSize
from kubedoor_dev.cluster.nodes import node as simulated_node
from kubedoor_dev.control_plane import ControlPlane, programs, running

NAMESPACES = ("shop", "bank")
OF_THE_CLUSTER = {"default", "kube-system", "kube-public", "kube-node-lease"}
MADE = "deployments,replicasets,pods,horizontalpodautoscalers,leases,events"
NODES = 3
PROBE = "a-probe"
"""Sorted before the tests' own, so that no denial keeps it from being asked."""


class RealKube(Kube):
    """The client of a real cluster, where a changed webhook configuration is in effect in a while."""

    def __init__(self, api: Any, probe: Hook) -> None:
        super().__init__(api)
        self.probe = probe
        self.numbers = itertools.count()

    async def settled(self) -> None:
        """Wait until a configuration made after the changed ones is in effect: they are seen in order."""
        name = f"{PROBE}-{next(self.numbers)}.kubedoor.test"
        labels = {"probe": name.partition(".")[0]}
        rules = {"apiGroups": [""], "resources": ["namespaces"], "operations": ["CREATE"]}
        selected = {"objectSelector": {"matchLabels": labels}}
        made = self.probe.configuration(name, **rules, **selected)
        await self.webhooks.create_mutating_webhook_configuration(made)
        before = len(self.probe.requests)

        async def asked() -> bool:
            with contextlib.suppress(ApiException):
                body = {"metadata": {"name": "probe", "labels": labels}}
                await self.core.create_namespace(body, dry_run="All")
            return len(self.probe.requests) > before

        await eventually(asked, bool)
        await self.webhooks.delete_mutating_webhook_configuration(name)


def run(plane: ControlPlane, *arguments: str, stdin: str | None = None) -> str:
    """Run kubectl as an administrator."""
    done = plane.kubectl(*arguments, stdin=stdin)
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout


@pytest.fixture(scope="session", autouse=True)
def company() -> None:
    """None: here is no KubeDoor."""


@pytest.fixture(scope="module")
def bare_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane with the nodes that the simulated cluster has."""
    nodes = [simulated_node(f"node-{number + 1}", NodeSize()) for number in range(NODES)]
    for one in nodes:
        one["status"] = {key: one["status"][key] for key in ("capacity", "allocatable")}
    with running(programs(), tmp_path_factory.mktemp("bare")) as found:
        document = {"apiVersion": "v1", "kind": "List", "items": nodes}
        run(found, "create", "-f", "-", stdin=json.dumps(document))
        yield found


def clean(plane: ControlPlane) -> None:
    """Leave empty namespaces and no webhook, whatever a test has made."""
    run(plane, "delete", "mutatingwebhookconfigurations", "--all")
    there = {name.partition("/")[2] for name in run(plane, "get", "namespaces", "-o", "name").split()}
    for name in there - OF_THE_CLUSTER - set(NAMESPACES):
        run(plane, "delete", "namespace", name, "--timeout=120s")
    for name in NAMESPACES:
        if name in there:
            run(plane, "delete", MADE, "--all", "-n", name, "--ignore-not-found", "--timeout=60s")
        else:
            run(plane, "create", "namespace", name)


@pytest.fixture
async def kube(bare_plane: ControlPlane, authority: Authority, tmp_path: Path) -> AsyncIterator[Kube]:
    """The real client, as the administrator."""
    clean(bare_plane)
    token = bare_plane.administrators_token
    path = bare_plane.credentials.token_kubeconfig("kubernetes-admin", token)
    kubeconfig = json.loads(path.read_text(encoding="utf-8"))
    async with Hook(authority).serve(tmp_path / "probe") as probe, signed_in(kubeconfig) as api:
        yield RealKube(api, probe)


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The authority of the webhooks' certificates."""
    return make_authority()


@pytest.fixture
async def hook(authority: Authority, tmp_path: Path) -> AsyncIterator[Hook]:
    """A webhook that allows everything until a test says otherwise."""
    async with Hook(authority).serve(tmp_path / "hook") as hook:
        yield hook
