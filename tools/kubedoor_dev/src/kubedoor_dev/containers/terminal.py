"""A pseudo-terminal for a program in the place of a container's."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import struct
import termios
from dataclasses import dataclass

WITH_TERMINAL = ("/usr/bin/env", "--default-signal=INT,QUIT", "/usr/bin/setsid", "--ctty", "--wait")
"""Gives a program a session of its own, whose terminal is its standard input.

Inside the container: a shell finds its process group among its own processes. What is run in the background
ignores Ctrl-C, and all that it starts does: a container's programs never inherit that.
"""


@dataclass
class Terminal:
    """Both ends of one.

    :ivar outer: what the program writes is read here, without blocking.
    :ivar inner: the program's own; -1 once it is closed here.
    """

    outer: int
    inner: int

    @classmethod
    def made(cls) -> Terminal:
        """Make one; the caller closes it."""
        outer, inner = os.openpty()
        os.set_blocking(outer, False)
        return cls(outer, inner)

    def close_inner(self) -> None:
        """Leave the inner end to the program: the outer one then ends with it."""
        if self.inner >= 0:
            os.close(self.inner)
            self.inner = -1

    def close(self) -> None:
        """Close both: whoever has it as their terminal hears a SIGHUP."""
        self.close_inner()
        if self.outer >= 0:
            os.close(self.outer)
            self.outer = -1

    def resize(self, columns: int, rows: int) -> None:
        """Say how large it is."""
        fcntl.ioctl(self.outer, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    async def read(self, most: int) -> bytes:
        """Return what was written; nothing once the program has ended."""
        loop = asyncio.get_running_loop()
        while True:
            with contextlib.suppress(BlockingIOError):
                try:
                    return os.read(self.outer, most)
                except OSError as error:
                    if isinstance(error, BlockingIOError):
                        raise
                    return b""  # EIO: nobody has the inner end any more
            ready = asyncio.Event()
            loop.add_reader(self.outer, ready.set)
            try:
                await ready.wait()
            finally:
                loop.remove_reader(self.outer)

    async def write(self, data: bytes) -> None:
        """Type something."""
        loop = asyncio.get_running_loop()
        while data:
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(self.outer, data) :]
                continue
            ready = asyncio.Event()
            loop.add_writer(self.outer, ready.set)
            try:
                await ready.wait()
            finally:
                loop.remove_writer(self.outer)
