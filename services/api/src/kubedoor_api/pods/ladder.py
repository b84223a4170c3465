"""Asking a JVM what it does, by the first way that leads to it: its own `jcmd`, a toolbox, a signal."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, NamedTuple

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import commands
from kubedoor_api.kube import pods as kube
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters, ClusterUnavailableError
from kubedoor_api.kube.commands import ContainerRef, ExecError, Output
from kubedoor_api.kube.pods import find
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.pods.action import ActionReason, FailedError, PodAction, StepName, WayName, WayReason
from kubedoor_api.pods.containers import COMMAND_S, MAX_BYTES, Inside, main_container
from kubedoor_api.pods.jvm import NOT_ENABLED, QUESTIONS, SIGNAL, DumpReader, Jvm, answer_of, deadlocks_of
from kubedoor_api.pods.log_lines import LineSplitter
from kubedoor_api.pods.models import ActionParameters, Warn
from kubedoor_api.web.endpoint import Context

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


Json = dict[str, Any]
AGAIN_S = 5.0
MAX_TEXT_BYTES = 4 << 20
"""Of what is kept of one action."""


class Found(NamedTuple):
    """What a JVM said, as an action keeps it."""

    result: Json
    reason: ActionReason
    bytes: int
    sha256: str


async def inside_of(context: Context, action: PodAction) -> Inside:
    """Return the container that an action is about.

    :raises FailedError: the pod is gone, or has no such container that runs.
    :raises AskingError: the cluster refuses.
    """
    pod = await find(context[Clusters], action.env, action.namespace, action.pod, action.uid)
    if pod is None:
        raise FailedError("gone_already", "the pod is gone, or another one has its name")
    container = main_container(pod, action.container)
    where = ContainerRef(action.env, action.namespace, action.pod, container)
    return Inside(context, where, action.uid)


async def diagnose(context: Context, action: PodAction, step: Callable[[StepName], Awaitable[None]]) -> Found:
    """Ask a JVM, and return what it said.

    :param step: notes what was done.
    :raises FailedError: there is no one JVM, no way leads to it, or it says too much.
    :raises AskingError: the cluster refuses.
    """
    inside, parameters = await inside_of(context, action), ActionParameters.model_validate(action.parameters)
    jvm = await inside.jvm(parameters.pid)
    await step("jvm_found")
    ladder = Ladder(context, inside, jvm, action.id)
    answers = []
    for number in range(parameters.times):
        if number:
            await asyncio.sleep(AGAIN_S)
        answers.append(await ladder.ask(QUESTIONS[action.kind], threads=action.kind == "threads"))
    await inside.require_same()
    await step("answered")
    texts = [one.text for one in answers]
    if len(texts) > 1:
        texts = [f"===== {number} of {len(texts)} =====\n{one}" for number, one in enumerate(texts, 1)]
    text = "\n".join(texts)
    stored = text.encode()
    if len(stored) > MAX_TEXT_BYTES:
        raise FailedError("too_large", f"it says more than {MAX_TEXT_BYTES >> 20} MiB")
    result = {
        "jvm": {"pid": jvm.pid, "main": jvm.main},
        "way": answers[-1].way,
        "ways": ladder.tried,
        "deadlocks": deadlocks_of(answers[-1].text) if action.kind == "threads" else [],
        "text": text,
    }
    reason: ActionReason = "not_enabled" if text.startswith(NOT_ENABLED) else ""
    return Found(result, reason, len(stored), hashlib.sha256(stored).hexdigest())


def warnings(context: Context, jvms: list[Jvm], parameters: ActionParameters) -> list[Warn]:
    """Return what should be known before a JVM is asked."""
    meant = [one for one in jvms if parameters.pid in {None, one.pid}]
    settings = context[ApiSettings]
    found: dict[Warn, bool] = {
        "no_jvm": not meant,
        "several_jvms": len(meant) > 1,
        "toolbox_stays": "toolbox" in settings.pod_action_groups and bool(settings.toolbox_image),
    }
    return [name for name, holds in found.items() if holds]
