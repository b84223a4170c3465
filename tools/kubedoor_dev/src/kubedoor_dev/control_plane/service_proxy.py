"""`python -m kubedoor_dev.control_plane.service_proxy SOCKET FILE`: what kube-proxy does for the API server.

It is the API server's egress selector: a CONNECT names a Service by its cluster IP, and is sent to one of the
ports on 127.0.0.1 that the file gives for it, in turn; where there is none it is refused, as kube-proxy does
for a Service without ready endpoints. Serves until it is ended.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import socketserver
import sys
import threading
from pathlib import Path

CHUNK = 65536
CONNECT_TIMEOUT_S = 10.0


def connect(ports: list[int], first: int) -> socket.socket:
    """Connect to the next port that takes the connection.

    :raises ConnectionRefusedError: when none does.
    """
    for offset in range(len(ports)):
        with contextlib.suppress(OSError):
            port = ports[(first + offset) % len(ports)]
            backend = socket.create_connection(("127.0.0.1", port), CONNECT_TIMEOUT_S)
            # As the API server's own connections: what is sent in two pieces would wait for 40 ms else.
            backend.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            backend.settimeout(None)
            return backend
    raise ConnectionRefusedError


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Listens for the API server."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, path: Path, file: Path) -> None:
        """:param file: the ports by address, as JSON; read for each connection."""
        self.file = file
        self.turn = itertools.count()
        super().__init__(str(path), Connection)


class Connection(socketserver.StreamRequestHandler):
    """One CONNECT, then bytes both ways until both have ended."""

    server: Server

    def handle(self) -> None:
        """Serve the connection."""
        method, address, _ = self.rfile.readline().decode("latin-1").split(" ", 2)
        while self.rfile.readline().strip():
            pass
        if method != "CONNECT":
            self.wfile.write(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            return
        ports = json.loads(self.server.file.read_text(encoding="utf-8")).get(address, [])
        try:
            backend = connect(ports, next(self.server.turn))
        except ConnectionRefusedError:
            self.wfile.write(b"HTTP/1.1 503 Service Unavailable\r\n\r\n")
            return
        with backend:
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


if __name__ == "__main__":
    with Server(*map(Path, sys.argv[1:])) as server:
        server.serve_forever()
