"""Starting and ending the programs of the demo and the tests."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path


class StartError(Exception):
    """A program did not come up; the message holds the end of its log."""


def free_port() -> int:
    """Return a port on 127.0.0.1 that is kept for a program that listens on it within the next minute.

    A connection that was closed on it leaves it in TIME_WAIT: the system gives it to nobody who asks for any
    port, while a program that asks for this one (with `SO_REUSEADDR`, as all of ours do) gets it.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            accepted, _ = server.accept()
            accepted.close()  # who closes first is who waits
            client.recv(1)
        return port


def _answers(url: str, context: ssl.SSLContext | None) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10, context=context):  # noqa: S310 our own loopback URL
            return True
    except (urllib.error.URLError, OSError):
        return False


def wait_for_http(
    url: str,
    process: subprocess.Popen[bytes],
    log: Path,
    timeout_s: float = 180.0,
    context: ssl.SSLContext | None = None,
) -> None:
    """Wait until a URL answers 2xx.

    :raises StartError: when the process ends first, or the time is over.
    """
    deadline = time.monotonic() + timeout_s
    while not _answers(url, context):
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise StartError(f"{url} does not answer; the log of the program ends:\n{tail}")
        time.sleep(0.05)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process at once, with its group where it leads one, and wait for nothing."""
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def stop(process: subprocess.Popen[bytes], grace_s: float = 30.0) -> None:
    """End a process and wait for it: politely first, then at once."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(grace_s)
        return
    kill(process)
    process.wait()
