"""What kube-proxy and the cluster's name server do, for Services whose pods are processes on 127.0.0.1.

The API server reaches Services through a proxy (its egress selector), by their cluster IP. This is that
proxy. It sends each connection to one of the ports that are given for the Service, in turn, and refuses
it where there is none, as kube-proxy does for a Service without ready endpoints. Our own processes find
Services by name, in the file that it keeps.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NAMES_VARIABLE = "E2E_SERVICES"
"""Names that file to tests/e2e/support/names/sitecustomize.py, which each of our processes loads."""
CHUNK = 65536
CONNECT_TIMEOUT_S = 10.0


@dataclass
class Services:
    """Ports on 127.0.0.1 by `host:port` of a Service, its host being a cluster IP or a name."""

    folder: Path
    ports: dict[str, tuple[int, ...]] = field(default_factory=dict)
    turn: Iterator[int] = field(default_factory=itertools.count)

    @property
    def path(self) -> Path:
        """Where the API server connects to."""
        return self.folder / "egress.sock"

    @property
    def file(self) -> Path:
        """The ports as JSON, for other processes."""
        return self.folder / "services.json"

    def lead(self, address: str, *ports: int) -> None:
        """Let a Service lead to these ports from now on; to none: connections are refused."""
        self.ports[address] = ports
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(self.ports), encoding="utf-8")
        part.replace(self.file)

    def connect(self, address: str) -> socket.socket:
        """Connect to the next port of a Service that takes the connection.

        :raises OSError: when none does.
        """
        ports = self.ports.get(address, ())
        first = next(self.turn)
        for offset in range(len(ports)):
            with contextlib.suppress(OSError):
                port = ports[(first + offset) % len(ports)]
                backend = socket.create_connection(("127.0.0.1", port), CONNECT_TIMEOUT_S)
                # As the API server's own connections: what is sent in two pieces would wait for 40 ms else.
                backend.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return backend
        raise ConnectionRefusedError(f"no endpoint of {address} is ready")

    @contextlib.contextmanager
    def serving(self) -> Iterator[Services]:
        """Serve the API server's proxy while the block lasts."""
        handler = type("Handler", (_Connection,), {"services": self})
        with _Server(str(self.path), handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


class _Connection(socketserver.StreamRequestHandler):
    """One CONNECT, then bytes both ways until both have ended."""

    services: Services

    def handle(self) -> None:
        """Serve the connection."""
        method, address, _ = self.rfile.readline().decode("latin-1").split(" ", 2)
        while self.rfile.readline().strip():
            pass
        if method != "CONNECT":
            self.wfile.write(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            return
        try:
            backend = self.services.connect(address)
        except OSError:
            self.wfile.write(b"HTTP/1.1 503 Service Unavailable\r\n\r\n")
            return
        with backend:
            backend.settimeout(None)
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_copy, args=(backend, self.connection), daemon=True)
            back.start()
            _copy(self.connection, backend)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Copy until the source ends, then say so to the target."""
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
