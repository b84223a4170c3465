"""Commands in containers: `pods/exec` over a WebSocket, bounded in time and bytes.

A list of arguments is run as it is, by no shell. The exit status comes on a channel of its own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, urlencode

import aiohttp
from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import MAX_WORDS_CHARS, ClusterRefusedError, Clusters, ClusterUnavailableError
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.retry import STRATEGIC, Request
from kubedoor_core.errors import KubeDoorError

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
STDIN, STDOUT, STDERR, STATUS, RESIZE = 0, 1, 2, 3, 4
CONNECT_S = 10.0
CLOSE_S = 2.0
HEARTBEAT_S = 30.0
"""A connection that is broken in silence is noticed within one and a half of these."""
MAX_FRAME_BYTES = 4 << 20
SWITCHING_PROTOCOLS = 101
NOT_FOUND_CODES = frozenset({126, 127})
"""Exit statuses by which runtimes tell that a program is not there, or can't be run."""

ExecReason = Literal["not_started", "cut", "timeout", "too_much"]


class ExecError(KubeDoorError):
    """A command was not run, or not to its end; the message is for people.

    :ivar reason: `not_started`: the image has no such program, or it can't be run; `cut`: the connection
        broke; `timeout` and `too_much`: a bound ended it.
    """

    def __init__(self, message: str, reason: ExecReason) -> None:
        super().__init__(message)
        self.reason: ExecReason = reason


@dataclass(frozen=True)
class ContainerRef:
    """A container of a pod of an env's cluster."""

    env: str
    namespace: str
    pod: str
    container: str


class Output(NamedTuple):
    """What a command wrote, and its exit status."""

    out: bytes
    err: bytes
    code: int

    @property
    def words(self) -> str:
        """What it says of itself, for people: the first line of what it wrote."""
        text = (self.err.strip() or self.out.strip()).decode(errors="replace")
        first = text.splitlines()[0] if text else ""
        return first.strip()[:MAX_WORDS_CHARS]


class Running:
    """A command that runs.

    :ivar code: its exit status, once it has ended.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self.code: int | None = None

    async def frames(self, idle_s: float | None = None) -> AsyncGenerator[tuple[int, bytes]]:
        """Return what it writes as it comes, with the channel, until it ends.

        :param idle_s: how long nothing may come.
        :raises ExecError: it could not be started, or the connection broke before its end.
        """
        while True:
            try:
                async with asyncio.timeout(idle_s):
                    message = await self._socket.receive()
            except TimeoutError as error:
                raise ExecError(f"nothing came for {idle_s:.0f} s", "timeout") from error
            if message.type is not aiohttp.WSMsgType.BINARY:
                if self.code is None:
                    raise ExecError("the connection broke before the command ended", "cut")
                return
            channel, data = message.data[0], message.data[1:]
            if channel == STATUS:
                self.code = exit_code(data)
            elif data:
                yield channel, data

    async def write(self, data: bytes) -> None:
        """Have it read something; one that reads nothing holds the writer up.

        :raises ExecError: the connection broke.
        """
        await self._send(STDIN, data)

    async def resize(self, columns: int, rows: int) -> None:
        """Tell its terminal how large it is.

        :raises ExecError: the connection broke.
        """
        await self._send(RESIZE, json.dumps({"Width": columns, "Height": rows}).encode())

    async def _send(self, channel: int, data: bytes) -> None:
        try:
            await self._socket.send_bytes(bytes([channel]) + data)
        except (ConnectionError, aiohttp.ClientError) as error:
            raise ExecError("the connection broke before the command ended", "cut") from error


def exit_code(status: bytes) -> int:
    """Read the exit status from the Status that ends a command.

    :raises ExecError: it was not started.
    """
    try:
        found: Any = json.loads(status)
        if found.get("status") == "Success":
            return 0
        causes = (found.get("details") or {}).get("causes") or []
        codes = [int(one["message"]) for one in causes if one.get("reason") == "ExitCode"]
        words = str(found.get("message") or "")
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise ExecError("the cluster sent an invalid exit status", "cut") from error
    if not codes:
        raise ExecError(words[-MAX_WORDS_CHARS:] or "the command could not be started", "not_started")
    return codes[0]


@asynccontextmanager
async def execute(
    clusters: Clusters, where: ContainerRef, argv: Sequence[str], *, terminal: bool = False
) -> AsyncIterator[Running]:
    """Run a command while the block lasts; without a terminal it reads nothing.

    Whoever leaves early closes the connection: a command that writes on is ended by the closed pipe.

    :param terminal: it has one, from which it reads, and to which it writes on the one channel `STDOUT`.
    :raises AskingError: 403 without the right, 404 without the pod, 400 where it does not run, or no answer.
    """
    async with AsyncExitStack() as stack:
        try:
            socket = await _connect(clusters, where, argv, stack, terminal=terminal)
        except (ClusterRefusedError, ClusterUnavailableError) as error:
            asked = Request("create", "pods/exec", where.namespace, where.pod)
            raise asked.failure(where.env, error) from error
        stack.push_async_callback(socket.close)
        yield Running(socket)


async def _connect(
    clusters: Clusters, where: ContainerRef, argv: Sequence[str], stack: AsyncExitStack, *, terminal: bool
) -> aiohttp.ClientWebSocketResponse:
    """Open the WebSocket in a session of its own, over the connections of the env's client."""
    async with clusters.use(where.env, CONNECT_S) as api:
        configuration: Any = api.configuration
        place = f"/api/v1/namespaces/{quote(where.namespace)}/pods/{quote(where.pod)}/exec"
        streams = ("stdin", "stdout", "tty") if terminal else ("stdout", "stderr")
        options = [("command", word) for word in argv] + [(stream, "true") for stream in streams]
        query = urlencode([*options, ("container", where.container)])
        headers: dict[str, str] = dict(api.default_headers)
        authorize: Any = api.update_params_for_auth
        await authorize(headers, [], ["BearerToken"])
        pool: aiohttp.ClientSession = api.rest_client.pool_manager
        session = aiohttp.ClientSession(
            connector=pool.connector,
            connector_owner=False,
            trust_env=pool.trust_env,
            raise_for_status=_raise_refusal,
        )
        return await (await stack.enter_async_context(session)).ws_connect(
            f"{configuration.host}{place}?{query}",
            protocols=PROTOCOLS,
            headers=headers,
            proxy=configuration.proxy,
            heartbeat=HEARTBEAT_S,
            max_msg_size=MAX_FRAME_BYTES,
            timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_S),
        )


async def _raise_refusal(response: aiohttp.ClientResponse) -> None:
    """Read what the API server says where it opens no WebSocket: the error of a handshake has no body.

    :raises ApiException: with the body, which holds its Status.
    """
    if response.status != SWITCHING_PROTOCOLS:
        refusal: Any = client.ApiException(status=response.status, reason=response.reason)
        refusal.headers = response.headers
        refusal.body = await response.text(errors="replace")
        response.close()
        raise refusal


async def run(
    clusters: Clusters, where: ContainerRef, argv: Sequence[str], timeout_s: float, max_bytes: int
) -> Output:
    """Run a command to its end, and return what it wrote.

    :raises ExecError: it could not be started, the connection broke, or it exceeded a bound.
    :raises AskingError: 403 without the right, 404 without the pod, 400 where it does not run, or no answer.
    """
    written: dict[int, list[bytes]] = {STDOUT: [], STDERR: []}
    size = 0
    async with execute(clusters, where, argv) as running:
        try:
            async with asyncio.timeout(timeout_s):
                async for channel, data in running.frames():
                    size += len(data)
                    if size > max_bytes:
                        raise ExecError(f"{argv[0]} wrote more than {max_bytes >> 10} KiB", "too_much")
                    written.setdefault(channel, []).append(data)
        except TimeoutError as error:
            raise ExecError(f"{argv[0]} did not end within {timeout_s:.0f} s", "timeout") from error
        code = running.code or 0
    output = Output(b"".join(written[STDOUT]), b"".join(written[STDERR]), code)
    if code in NOT_FOUND_CODES:
        raise ExecError(output.words or f"{argv[0]} can't be run", "not_started")
    return output


TOOLBOX_S = 7200
"""After which it ends, though it stays listed: above all that a heap dump may take until it is gone."""


def toolbox_runs(pod: Pod, name: str) -> bool:
    """Tell whether an ephemeral container of a pod runs."""
    statuses = (pod.get("status") or {}).get("ephemeralContainerStatuses") or []
    return any(one.get("name") == name and "running" in (one.get("state") or {}) for one in statuses)


def _user_of(pod: Pod, container: str) -> dict[str, object]:
    """Return the user that a container is said to run as: a JVM answers to its own user alone."""
    spec = pod.get("spec") or {}
    both: dict[str, object] = {**(spec.get("securityContext") or {})}
    for one in spec.get("containers") or []:
        both |= (one.get("securityContext") or {}) if one["name"] == container else {}
    return {key: both[key] for key in ("runAsUser", "runAsGroup", "runAsNonRoot") if key in both}


async def add_toolbox(clusters: Clusters, where: ContainerRef, name: str, image: str, pod: Pod) -> None:
    """Put a toolbox beside a container, which sees its processes; one of the name that is there stays.

    :raises AskingError: in plain words.
    """
    there = (pod.get("spec") or {}).get("ephemeralContainers") or []
    if any(one["name"] == name for one in there):
        return
    dropped = {"capabilities": {"drop": ["ALL"]}, "allowPrivilegeEscalation": False}
    profile = {"seccompProfile": {"type": "RuntimeDefault"}}
    added = {
        "name": name,
        "image": image,
        "command": ["sleep", str(TOOLBOX_S)],
        "targetContainerName": where.container,
        "securityContext": {**dropped, **profile, **_user_of(pod, where.container)},
    }
    body = {"spec": {"ephemeralContainers": [added]}}
    what, headers = "pods/ephemeralcontainers", {"Content-Type": STRATEGIC}
    request = Request("patch", what, where.namespace, where.pod, body=body, headers=headers)
    await request.ask(clusters, where.env, Pod)
