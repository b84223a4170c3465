"""`exec` over a WebSocket as kubelets and API servers serve it: v4 and v5 of `channel.k8s.io`."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from kubedoor_dev.containers.terminal import WITH_TERMINAL, Terminal

if TYPE_CHECKING:
    from kubedoor_dev.containers.local import LocalContainer

Json = dict[str, Any]
PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
FRAME_BYTES = 32 << 10
STDIN, STDOUT, STDERR, ERROR, RESIZE, CLOSE = 0, 1, 2, 3, 4, 255
YES = frozenset({"true", "1"})


def exited(code: int) -> Json:
    """Return the Status that tells how a command ended."""
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: exit status {code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }


def not_started(program: str) -> Json:
    """Return the Status that tells that an image has no such program."""
    said = f'exec: "{program}": executable file not found in $PATH: unknown'
    message = f"error executing command in container: failed to exec in container: {said}"
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"Internal error occurred: {message}",
        "reason": "InternalError",
        "details": {"causes": [{"message": message}]},
        "code": 500,
    }


async def serve(request: web.Request, container: LocalContainer) -> web.StreamResponse:
    """Run the command of a request's query in a container, and pass on what it reads and writes."""
    socket = web.WebSocketResponse(protocols=PROTOCOLS)
    await socket.prepare(request)
    if socket.ws_protocol is None:
        await socket.close(message=b"no protocol in common")
        return socket
    argv = request.query.getall("command", [])
    if not argv or not container.has(argv[0]):
        await _tell(socket, not_started(argv[0] if argv else ""))
    elif request.query.get("tty") in YES:
        await _run_with_terminal(socket, container, argv)
    else:
        await _run(socket, container, argv, takes=request.query.get("stdin") in YES)
    await socket.close()
    return socket


async def _tell(socket: web.WebSocketResponse, status: Json) -> None:
    with contextlib.suppress(ConnectionError):
        await socket.send_bytes(bytes([ERROR]) + json.dumps(status).encode())


async def _run(
    socket: web.WebSocketResponse, container: LocalContainer, argv: Sequence[str], *, takes: bool
) -> None:
    process = await asyncio.create_subprocess_exec(
        *container.entered(argv),
        cwd=container.folder,
        env=container.variables,
        stdin=asyncio.subprocess.PIPE if takes else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=FRAME_BYTES,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    streams = ((STDOUT, process.stdout), (STDERR, process.stderr))
    written = asyncio.create_task(_pump_all(socket, process, streams))
    taking = asyncio.create_task(_take(socket, process))
    try:
        await asyncio.wait({written, taking}, return_when=asyncio.FIRST_COMPLETED)
        if written.done() and written.exception() is None:
            await _tell(socket, exited(process.returncode or 0))
    finally:
        for task in (written, taking):
            task.cancel()
        await asyncio.wait({written, taking})
        container.let_go(process)


async def _run_with_terminal(
    socket: web.WebSocketResponse, container: LocalContainer, argv: Sequence[str]
) -> None:
    """Run a command that has a terminal; like runtimes, let it go on where the client leaves."""
    terminal = Terminal.made()
    process = await asyncio.create_subprocess_exec(
        *container.entered((*WITH_TERMINAL, *argv)),
        cwd=container.folder,
        env={"TERM": "xterm", **container.variables},
        stdin=terminal.inner,
        stdout=terminal.inner,
        stderr=terminal.inner,
    )
    terminal.close_inner()
    showing = asyncio.create_task(_show(socket, terminal))
    taking = asyncio.create_task(_take_keys(socket, terminal))
    try:
        await asyncio.wait({showing, taking}, return_when=asyncio.FIRST_COMPLETED)
        if showing.done() and showing.exception() is None:
            await _tell(socket, exited(await process.wait()))
    finally:
        for task in (showing, taking):
            task.cancel()
        await asyncio.wait({showing, taking})
        container.let_go(process, terminal)


async def _show(socket: web.WebSocketResponse, terminal: Terminal) -> None:
    while data := await terminal.read(FRAME_BYTES):
        await socket.send_bytes(bytes([STDOUT]) + data)


async def _take_keys(socket: web.WebSocketResponse, terminal: Terminal) -> None:
    async for message in socket:
        if message.type is not WSMsgType.BINARY:
            continue
        channel, data = message.data[0], message.data[1:]
        if channel == STDIN:
            await terminal.write(data)
        elif channel == RESIZE:
            size = json.loads(data)
            terminal.resize(size["Width"], size["Height"])


async def _pump_all(
    socket: web.WebSocketResponse,
    process: asyncio.subprocess.Process,
    streams: Sequence[tuple[int, asyncio.StreamReader]],
) -> None:
    await asyncio.gather(*(_pump(socket, channel, stream) for channel, stream in streams), process.wait())


async def _pump(socket: web.WebSocketResponse, channel: int, stream: asyncio.StreamReader) -> None:
    while data := await stream.read(FRAME_BYTES):
        await socket.send_bytes(bytes([channel]) + data)


async def _take(socket: web.WebSocketResponse, process: asyncio.subprocess.Process) -> None:
    """Write what comes to the command, until the client leaves."""
    async for message in socket:
        if message.type is not WSMsgType.BINARY or process.stdin is None:
            continue
        channel, data = message.data[0], message.data[1:]
        if channel == STDIN:
            process.stdin.write(data)
            with contextlib.suppress(ConnectionError):
                await process.stdin.drain()
        elif channel == CLOSE and data[:1] == bytes([STDIN]):
            process.stdin.close()
