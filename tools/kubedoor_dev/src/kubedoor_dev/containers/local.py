"""A program of this machine in the place of a container: its own folder, `/tmp` and processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kubedoor_dev.containers.terminal import Terminal

Json = dict[str, Any]
Place = tuple[str, str, str]
"""Namespace, pod and container."""
Say = Callable[[str], Awaitable[None]]
OWN_NAMESPACES = ("--mount", "--pid", "--fork", "--mount-proc", "--kill-child")
OWN_TMP = """
folder=$1 options=$2
shift 2
/bin/mount --bind "$folder" /mnt && /bin/mount -t tmpfs -o "${options#ro,}" tmp /tmp &&
/bin/mkdir -p "$folder" && /bin/mount --move /mnt "$folder" || exit 125
case $options in ro,*) /bin/mount -o remount,ro /tmp || exit 125 ;; esac
exec "$@"
"""
"""Gives a program a `/tmp` of its own, in which its folder stays where it is."""
LINE_BYTES = 1 << 20
DEFAULT_SIGNALS = ("/usr/bin/env", "--default-signal=INT,QUIT")
"""What a shell runs in the background ignores them, and all that it starts does: a container never does."""


@cache
def unshare() -> tuple[str, ...]:
    """Return what gives a program namespaces of its own; nothing where this machine does not let us."""
    own = ("/usr/bin/unshare", *OWN_NAMESPACES)
    mapped = ("/usr/bin/unshare", "--user", "--map-root-user", *OWN_NAMESPACES)
    for command in (own, mapped):
        with contextlib.suppress(OSError):
            if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
                return command
    return ()


@dataclass(frozen=True)
class Image:
    """How a container is.

    :ivar argv: the program.
    :ivar path: folders in which programs are found, as in PATH.
    :ivar tmp: options of the small file system at `/tmp`, such as `size=8m`, or `ro,size=8m`.
    :ivar environment: further variables.
    """

    argv: Sequence[str]
    path: str = "/usr/bin:/bin"
    tmp: str = "size=64m"
    environment: Mapping[str, str] = field(default_factory=dict)


class LocalContainer:
    """One that runs; what it writes on its standard output is its log."""

    def __init__(
        self,
        image: Image,
        folder: Path,
        process: asyncio.subprocess.Process,
        pid: int,
        *,
        own_tmp: bool = False,
        left: list[asyncio.subprocess.Process] | None = None,
    ) -> None:
        self._own_tmp = own_tmp
        self._left = [] if left is None else left
        self._terminals: list[Terminal] = []
        self.image = image
        self.folder = folder
        self._process = process
        self._pid = pid

    @property
    def variables(self) -> dict[str, str]:
        """Its environment."""
        return {"PATH": self.image.path, "HOME": str(self.folder), **self.image.environment}

    def has(self, program: str) -> bool:
        """Tell whether it has a program."""
        return shutil.which(program, path=self.image.path) is not None

    def entered(self, argv: Sequence[str]) -> list[str]:
        """Return the command that runs another one inside."""
        path = shutil.which(argv[0], path=self.image.path) or argv[0]
        if not unshare():
            return [path, *argv[1:]]
        user = ("--user", "--preserve-credentials") if "--user" in unshare() else ()
        return [
            "/usr/bin/nsenter", f"--target={self._pid}", *user, "--mount", "--pid", f"--wd={self.folder}",
            *(_beside(self.folder) if self._own_tmp else ()), path, *argv[1:],
        ]  # fmt: skip

    def beside(self, path: str) -> LocalContainer:
        """Return a container of another image that sees this one's processes, with a `/tmp` of its own."""
        image = replace(self.image, path=path)
        return LocalContainer(image, self.folder, self._process, self._pid, own_tmp=True, left=self._left)

    def let_go(self, process: asyncio.subprocess.Process, terminal: Terminal | None = None) -> None:
        """Close a command's pipes, as runtimes do: who writes on is ended by SIGPIPE, others go on.

        :param terminal: that it has; open as long as it goes on, as nobody tells it that the client left.
        """
        if terminal is not None and process.returncode is None:
            self._terminals.append(terminal)
        elif terminal is not None:
            terminal.close()
        transport = _transport(process)
        for descriptor in (0, 1, 2):
            pipe = transport.get_pipe_transport(descriptor)
            if pipe is not None:
                pipe.close()
        if process.returncode is None:
            self._left.append(process)
        else:
            transport.close()

    async def end_all(self) -> None:
        """End the commands that go on, with the container."""
        for process in self._left:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            _transport(process).close()
        for terminal in self._terminals:
            terminal.close()

    async def ended(self) -> int:
        """Wait until its program ends."""
        return await self._process.wait()


def _transport(process: asyncio.subprocess.Process) -> Any:  # noqa: ANN401 of asyncio's own
    return process._transport  # type: ignore[attr-defined]


def _with_tmp(folder: Path, options: str) -> tuple[str, ...]:
    return ("/bin/sh", "-c", OWN_TMP, "sh", str(folder), options)


def _beside(folder: Path) -> tuple[str, ...]:
    return ("/usr/bin/unshare", "--mount", *_with_tmp(folder, "size=8m"))


def _first_child(pid: int) -> int:
    """Return the process in the new namespaces; 0 while there is none."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    return 0


class Containers:
    """Those of a cluster.

    :ivar by_place: by namespace, pod and container.
    :ivar images: PATH of the images of ephemeral containers, by their names.
    """

    def __init__(self) -> None:
        self.by_place: dict[Place, LocalContainer] = {}
        self.images: dict[str, str] = {}

    def find(self, pod: Json, place: Place) -> LocalContainer | None:
        """Return a container of a pod, or None where it does not run."""
        namespace, name, container = place
        for one in pod["spec"].get("ephemeralContainers") or []:
            if one["name"] == container:
                target = self.by_place.get((namespace, name, one["targetContainerName"]))
                return target.beside(self.images[one["image"]]) if target else None
        return self.by_place.get(place)


async def _entered(process: asyncio.subprocess.Process) -> int:
    """Return the process whose namespaces are the container's, once it is there."""
    if not unshare():
        return process.pid
    while True:
        pid = _first_child(process.pid)
        if pid or process.returncode is not None:
            return pid
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def running(image: Image, folder: Path, say: Say) -> AsyncIterator[LocalContainer]:
    """Run a container while the block lasts; everything in it ends with it.

    :param say: hears each line of its log.
    """
    apart = [*unshare(), *_with_tmp(folder, image.tmp)] if unshare() else []
    command = [*DEFAULT_SIGNALS, *apart, *image.argv]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={"PATH": image.path, "HOME": str(folder), **image.environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        limit=LINE_BYTES,
    )
    saying = asyncio.create_task(_pass_on(process, say))
    container = LocalContainer(image, folder, process, await _entered(process))
    try:
        yield container
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        await container.end_all()
        saying.cancel()
        await asyncio.wait({saying})


async def _pass_on(process: asyncio.subprocess.Process, say: Say) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        await say(line.decode(errors="replace").rstrip("\n"))
