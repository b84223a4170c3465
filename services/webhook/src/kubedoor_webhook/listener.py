"""Accepts TLS connections, so many and no more: those that have asked nothing make room for others."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from kubedoor_core.logs import get_logger

BACKLOG = 1024
HANDSHAKE_TIMEOUT_S = 5.0
SILENT_AFTER_S = 60.0
"""A connection over which nothing was decided in this time is closed; probes and scrapes open another."""
SWEEP_PAUSE_S = 1.0
OWN_FILES = 32
"""File descriptors for the connections to ClickHouse, certificates, and what else the process needs."""
NO_FILE_PAUSE_S = 0.1

log = get_logger(__name__)

Protocols = Callable[[], asyncio.BaseProtocol]


class _Connection:
    """A connection, from before its handshake on."""

    __slots__ = ("began_s", "handshake", "transport")

    def __init__(self) -> None:
        self.began_s = time.monotonic()
        self.handshake: asyncio.Task[None] | None = None
        self.transport: asyncio.Transport | None = None

    def close(self) -> None:
        """Close it now: whoever is there has asked nothing that is being answered."""
        if self.transport is not None:
            self.transport.abort()
        elif self.handshake is not None:
            self.handshake.cancel()

    @property
    def closed(self) -> bool:
        """Tell whether it is over, by whomever."""
        if self.transport is not None:
            return self.transport.is_closing()
        return self.handshake is not None and self.handshake.done()


class Connections:
    """The connections that there are.

    Where there are too many, the oldest over which no admission was decided is closed: whoever opens
    connections to hold them pushes out their own. Where all were used, it is the one used longest ago.
    """

    def __init__(self, most: int) -> None:
        self._most = min(most, _files())
        self._waiting: dict[_Connection, None] = {}
        self._used: dict[asyncio.Transport, float] = {}
        self.closed_for_room = 0

    def __len__(self) -> int:
        """Return how many there are, handshakes included; who has left may count for a second still."""
        return len(self._waiting) + len(self._used)

    def used(self, transport: asyncio.Transport | None, now_s: float) -> None:
        """Note that an admission was decided over a connection.

        :param now_s: monotonic time in seconds.
        """
        if transport is None:
            return
        if transport not in self._used:
            for connection in self._waiting:
                if connection.transport is transport:
                    del self._waiting[connection]
                    break
        self._used[transport] = now_s

    def add(self, connection: _Connection) -> None:
        """Count a connection; make room for it first."""
        if len(self) >= self._most:
            self.sweep()
        while len(self) >= self._most:
            self.make_room()
        self._waiting[connection] = None

    def make_room(self) -> None:
        """Close the connection that has waited longest, or else the one that was used longest ago."""
        if self._waiting:
            oldest = next(iter(self._waiting))
            del self._waiting[oldest]
            oldest.close()
        elif self._used:
            idlest = min(self._used, key=self._used.__getitem__)
            del self._used[idlest]
            idlest.abort()
        self.closed_for_room += 1

    def sweep(self) -> None:
        """Forget the connections that are over; close those over which nothing was decided for long."""
        silent_since_s = time.monotonic() - SILENT_AFTER_S
        self._used = {one: used_s for one, used_s in self._used.items() if not one.is_closing()}
        for connection in list(self._waiting):
            if connection.closed:
                del self._waiting[connection]
            elif connection.began_s < silent_since_s:
                del self._waiting[connection]
                connection.close()

    async def run(self) -> None:
        """Sweep again and again. Ends by cancellation."""
        while True:
            await asyncio.sleep(SWEEP_PAUSE_S)
            self.sweep()


def _files() -> int:
    """Return for how many connections there are file descriptors."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if most == resource.RLIM_INFINITY else max(most - OWN_FILES, 1)


@asynccontextmanager
async def listening(
    host: str | None, port: int, context: ssl.SSLContext, protocols: Protocols, connections: Connections
) -> AsyncIterator[int]:
    """Accept connections until the block is left; yields the port.

    :raises OSError: the address can't be had.
    """
    sockets = await _bind(host, port)
    tasks = [asyncio.create_task(_accept(one, context, protocols, connections)) for one in sockets]
    tasks.append(asyncio.create_task(connections.run()))
    try:
        yield sockets[0].getsockname()[1]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in sockets:
            one.close()


async def _bind(host: str | None, port: int) -> list[socket.socket]:
    """Listen on every address of a name; without one on all there are."""
    found = await asyncio.get_running_loop().getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    with contextlib.ExitStack() as stack:
        sockets = []
        for family, address in sorted({(family, address) for family, _, _, _, address in found}):
            one = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.setblocking(False)
            one.bind(address)
            one.listen(BACKLOG)
            sockets.append(one)
        stack.pop_all()
    return sockets


async def _accept(
    listener: socket.socket, context: ssl.SSLContext, protocols: Protocols, connections: Connections
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        try:
            accepted, _ = await loop.sock_accept(listener)
        except OSError as error:  # no file descriptor is left, or who came has gone
            log.warning("connection.not_accepted", reason=str(error))
            connections.make_room()
            await asyncio.sleep(NO_FILE_PAUSE_S)
            continue
        connection = _Connection()
        connection.handshake = asyncio.create_task(_shake(accepted, connection, context, protocols))
        connections.add(connection)


async def _shake(
    accepted: socket.socket, connection: _Connection, context: ssl.SSLContext, protocols: Protocols
) -> None:
    """Shake hands; what then comes over the connection is the protocol's."""
    try:
        connection.transport, _ = await asyncio.get_running_loop().connect_accepted_socket(
            protocols, accepted, ssl=context, ssl_handshake_timeout=HANDSHAKE_TIMEOUT_S
        )
    except (OSError, TimeoutError, asyncio.CancelledError):
        accepted.close()
