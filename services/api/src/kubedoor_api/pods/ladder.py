"""The ways to a JVM, tried one after the other: its own `jcmd`, a toolbox beside it, a signal."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Literal, NamedTuple

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import commands
from kubedoor_api.kube import pods as kube
from kubedoor_api.kube.clusters import ClusterRefusedError, ClusterUnavailableError
from kubedoor_api.kube.commands import ExecError, Output
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.pods.action import FailedError
from kubedoor_api.pods.containers import COMMAND_S, MAX_BYTES, Inside
from kubedoor_api.pods.jvm import SIGNAL, DumpReader, Jvm, answer_of
from kubedoor_api.pods.log_lines import LineSplitter
from kubedoor_api.web.endpoint import Context

WayName = Literal["jcmd", "toolbox", "signal"]
WayReason = Literal["not_in_image", "not_attached", "off", "refused", "threads_only", "not_written"]
TOOLBOX_S = 60.0
LOG_S = 15.0
"""So long a JVM has to write its threads to its log."""
LOG_AGAIN_S = 1.0
POLL_S = 0.2


class WayError(Exception):
    """A way does not lead to the JVM; the message is for people."""

    def __init__(self, reason: WayReason, detail: str) -> None:
        super().__init__(detail)
        self.reason: WayReason = reason


class Answer(NamedTuple):
    """What a JVM said.

    :ivar way: by which it was asked.
    """

    text: str
    way: WayName


class Ladder:
    """The ways to one JVM.

    :ivar tried: what did not work, with the reason.
    """

    def __init__(self, context: Context, inside: Inside, jvm: Jvm, action_id: str) -> None:
        self._context = context
        self._inside = inside
        self._jvm = jvm
        self._action_id = action_id
        self.tried: list[dict[str, str]] = []

    async def ask(
        self, words: tuple[str, ...], *, threads: bool = False, timeout_s: float = COMMAND_S
    ) -> Answer:
        """Ask it, by the first way that works; one that did not is not tried again.

        :param words: of the command, as `jcmd` takes them.
        :param threads: whether it asks for threads, which a signal does as well.
        :param timeout_s: how long it may take to answer.
        :raises FailedError: `not_attachable`, with the reason of each way.
        """
        ways: dict[WayName, Callable[[], Awaitable[str]]] = {
            "jcmd": lambda: self.by_jcmd(words, timeout_s),
            "toolbox": lambda: self._jattach(words, timeout_s),
            "signal": lambda: self._signal(threads=threads),
        }
        failed = {one["way"] for one in self.tried}
        for name, way in ways.items():
            if name in failed:
                continue
            try:
                return Answer(await way(), name)
            except WayError as error:
                self.tried.append({"way": name, "reason": error.reason, "detail": str(error)})
        told = "; ".join(f"{one['way']}: {one['detail'] or one['reason']}" for one in self.tried)
        raise FailedError("not_attachable", f"no way leads to the JVM: {told}", {"ways": self.tried})

    async def by_jcmd(self, words: tuple[str, ...], timeout_s: float = COMMAND_S) -> str:
        """Ask it by the image's own `jcmd`.

        :raises WayError: there is none, or it does not reach the JVM.
        :raises FailedError: it ran, and something else went wrong.
        """
        missing = ""
        for program in self._jvm.tool("jcmd"):
            try:
                output = await self._inside.run(program, str(self._jvm.pid), *words, timeout_s=timeout_s)
            except ExecError as error:
                missing = _passed(error)
                continue
            return answer_of(_text(output), self._jvm.pid)
        raise WayError("not_in_image", missing)

    async def toolbox(self) -> Inside:
        """Return the toolbox beside its container, which is put there unless it is there.

        :raises WayError: it is off, refused, or does not start.
        """
        settings = self._context[ApiSettings]
        if "toolbox" not in settings.pod_action_groups or not settings.toolbox_image:
            raise WayError("off", "podActions.toolbox is off, or podActions.toolboxImage is not set")
        where = self._inside.where
        pod = await self._inside.require_same()
        name = f"kubedoor-{self._action_id[:12]}"
        try:
            await commands.add_toolbox(self._inside.clusters, where, name, settings.toolbox_image, pod)
        except AskingError as error:
            raise WayError("refused", str(error)) from error
        ends_at = time.monotonic() + TOOLBOX_S
        while not commands.toolbox_runs(await self._inside.require_same(), name):
            if time.monotonic() >= ends_at:
                raise WayError("refused", f"the toolbox did not start within {TOOLBOX_S:.0f} s")
            await asyncio.sleep(POLL_S)
        return Inside(self._context, replace(where, container=name), str(pod["metadata"]["uid"]))

    async def _jattach(self, words: tuple[str, ...], timeout_s: float) -> str:
        beside = await self.toolbox()
        try:
            output = await beside.run(
                "jattach", str(self._jvm.pid), "jcmd", " ".join(words), timeout_s=timeout_s
            )
        except ExecError as error:
            raise WayError("not_in_image", _passed(error)) from error
        _, _, said = _text(output).partition("\n")
        return said

    async def _signal(self, *, threads: bool) -> str:
        if not threads:
            raise WayError("threads_only", "a signal has a JVM write its threads, and nothing else")
        began_s = time.monotonic()
        try:
            sent = await self._inside.run("sh", "-c", SIGNAL, "sh", str(self._jvm.pid))
        except ExecError as error:
            raise WayError("not_in_image", _passed(error)) from error
        _text(sent)
        before: list[str] = []
        while (passed_s := time.monotonic() - began_s) < LOG_S + LOG_AGAIN_S:
            reader = DumpReader()
            for line in await self._log(math.ceil(passed_s + LOG_AGAIN_S)):
                reader.add(line)
            if reader.lines and (reader.whole or reader.lines == before):
                return "\n".join((*reader.lines, ""))
            before = reader.lines
            await asyncio.sleep(LOG_AGAIN_S)
        raise WayError("not_written", f"no threads came to its log within {LOG_S:.0f} s")

    async def _log(self, since_s: int) -> list[str]:
        """Return the lines of its log that were written within some seconds."""
        where = self._inside.where
        options = kube.LogOptions(container=where.container, since_s=since_s)
        splitter, lines, size = LineSplitter(), list[str](), 0
        try:
            response = await kube.read_log(
                self._inside.clusters, where.env, where.namespace, where.pod, options
            )
            with contextlib.closing(response):
                while size < MAX_BYTES and (chunk := await kube.next_chunk(where.env, response)):
                    size += len(chunk)
                    lines += [line.text for line in splitter.add(chunk)]
        except (ClusterRefusedError, ClusterUnavailableError) as error:
            raise WayError("refused", str(error)) from error
        return lines


def _passed(error: ExecError) -> str:
    """Return what is said of a program that can't be run.

    :raises FailedError: it ran, and something else went wrong, which no other way mends.
    """
    if error.reason == "not_started":
        return str(error)
    reason = error.reason if error.reason != "too_much" else "too_large"
    raise FailedError(reason, str(error)) from error


def _text(output: Output) -> str:
    """Return what a tool wrote.

    :raises WayError: it did not reach the JVM.
    """
    if output.code:
        raise WayError("not_attached", output.words or f"exit status {output.code}")
    return output.out.decode(errors="replace")
