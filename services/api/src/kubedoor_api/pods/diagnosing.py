"""Asking a JVM what it does: threads, classes, heap, native memory, flags."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.commands import ContainerRef
from kubedoor_api.kube.pods import find
from kubedoor_api.pods.action import ActionReason, FailedError, PodAction, StepName
from kubedoor_api.pods.containers import Inside, main_container
from kubedoor_api.pods.jvm import NOT_ENABLED, QUESTIONS, Jvm, deadlocks_of
from kubedoor_api.pods.ladder import Ladder
from kubedoor_api.pods.models import ActionParameters, Warn
from kubedoor_api.web.endpoint import Context

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
