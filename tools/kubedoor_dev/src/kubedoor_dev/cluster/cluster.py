"""`Cluster`: the simulated API server with its controllers, to be served in a test or by itself."""

from __future__ import annotations

import contextlib
import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from kubedoor_dev.certificates import Authority, make_authority
from kubedoor_dev.cluster import kubeconfig
from kubedoor_dev.cluster.admission import Admission
from kubedoor_dev.cluster.api import Api, Target
from kubedoor_dev.cluster.attributes import ADMINISTRATOR, Context, User
from kubedoor_dev.cluster.calls import Calls
from kubedoor_dev.cluster.controller import Controller
from kubedoor_dev.cluster.copies import copied
from kubedoor_dev.cluster.faults import Fault, Faults
from kubedoor_dev.cluster.nodes import NodeSize, node
from kubedoor_dev.cluster.podlogs import PodLogs
from kubedoor_dev.cluster.resources import NAMESPACES, NODES
from kubedoor_dev.cluster.server import Server
from kubedoor_dev.cluster.store import Key, Store
from kubedoor_dev.cluster.webhook_client import WebhookClient
from kubedoor_dev.containers.local import Containers, Image, LocalContainer, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

Json = dict[str, Any]

FIRST_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
SHUTDOWN_S = 1.0


@dataclass(frozen=True)
class Options:
    """How a cluster is.

    :ivar tls: serve HTTPS with a certificate of its own authority.
    :ivar services: what stands behind the Services that webhooks name: `namespace/name:port` to
        `host:port`.
    :ivar users: more users, by token, besides the administrator.
    :ivar namespaces: made at the start, besides those that every cluster has.
    :ivar nodes: the nodes' sizes, by name.
    :ivar rollout_s: seconds from a pod's creation to its being ready.
    :ivar webhook_certificate: certificate and key file that the server shows to webhooks.
    """

    tls: bool = False
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    services: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, User] = field(default_factory=dict)
    namespaces: Iterable[str] = ()
    nodes: Mapping[str, NodeSize] = field(
        default_factory=lambda: {f"node-{number}": NodeSize() for number in (1, 2, 3)}
    )
    rollout_s: float = 0.05
    webhook_certificate: tuple[Path, Path] | None = None


class Cluster:
    """One cluster. `store`, `api`, `calls`, `faults`, `logs`, `containers` are a test's handles on it."""

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self.token = self.options.token
        self.url = ""
        self.store = Store()
        self.calls = Calls()
        self.faults = Faults()
        self.logs = PodLogs()
        self.containers = Containers()
        self.services = dict(self.options.services)
        self._client = WebhookClient(self.services, self.options.webhook_certificate)
        self.api = Api(self.store, Admission(self.store, self._client))
        self._authority: Authority | None = make_authority() if self.options.tls else None
        self._fill()

    @contextlib.asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[str]:
        """Serve on 127.0.0.1 and yield the URL; the controllers run meanwhile.

        On the way out the controllers end first, then the server, then the connections to webhooks.
        """
        users = {self.token: ADMINISTRATOR, **self.options.users}
        self._server = Server(self.api, users, self.calls, self.faults, self.logs, self.containers)
        runner = web.AppRunner(self._server.app(), access_log=None, shutdown_timeout=SHUTDOWN_S)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=self._ssl_context())
            await site.start()
            self.url = f"http{'s' if self.options.tls else ''}://127.0.0.1:{site.port}"
            async with Controller(self.api, self.options.rollout_s).running():
                yield self.url
        finally:
            await runner.cleanup()
            await self._client.close()

    @contextlib.asynccontextmanager
    async def container(
        self, pod: Json, image: Image, folder: Path, name: str = "app"
    ) -> AsyncIterator[LocalContainer]:
        """Let a container of a pod be a real program while the block lasts: `exec` and its log are real."""
        place = (pod["metadata"]["namespace"], pod["metadata"]["name"], name)

        async def say(line: str) -> None:
            await self.logs.say(*place, line)

        async with running(image, folder, say) as container:
            self.containers.by_place[place] = container
            try:
                yield container
            finally:
                del self.containers.by_place[place]

    def cut(self) -> None:
        """Break every connection of an `exec` that is open, as a proxy does that is replaced."""
        self._server.cut()

    @property
    def ca_pem(self) -> bytes | None:
        """The authority to trust; none without TLS."""
        return self._authority.certificate_pem if self._authority else None

    def kubeconfig(self) -> Json:
        """Return the administrator's kubeconfig, once served."""
        return kubeconfig.kubeconfig(self.url, self.token, self.ca_pem)

    def write_kubeconfig(self, path: Path) -> Path:
        """Write the administrator's kubeconfig, once served."""
        kubeconfig.write(path, self.kubeconfig())
        return path

    def fault(self, **fault: Any) -> Fault:  # noqa: ANN401  # Fault's own fields say the types
        """Order a fault: `fault(status=429, retry_after_s=1, path="/scale", count=2)`."""
        return self.faults.add(Fault(**fault))

    def get(self, target: Target) -> Json:
        """Return an object without a request.

        :raises ApiError: 404, when it is not there.
        """
        return self.api.get(target)

    async def create(self, target: Target, obj: Json) -> Json:
        """Make an object without a request, admission included.

        :raises ApiError: as the server would answer.
        """
        return await self.api.create(target, copied(obj), Context())

    def _fill(self) -> None:
        for name in sorted({*FIRST_NAMESPACES, *self.options.namespaces}):
            obj: Json = {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name}}
            NAMESPACES.defaults(obj)
            self.store.create(Key(NAMESPACES.id, "", name), obj)
        for name, size in self.options.nodes.items():
            self.store.create(Key(NODES.id, "", name), node(name, size))

    def _ssl_context(self) -> ssl.SSLContext | None:
        if self._authority is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with tempfile.TemporaryDirectory(prefix="kubedoor-cluster-") as folder:
            context.load_cert_chain(*self._authority.server().write(Path(folder)))
        return context
