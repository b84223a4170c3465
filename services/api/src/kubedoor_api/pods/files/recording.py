"""A recording of the JDK's Flight Recorder: begun with a time after which it ends by itself."""

from __future__ import annotations

import asyncio
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.commands import ExecError
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.pods.action import FailedError, PodAction
from kubedoor_api.pods.files.delivery import offer
from kubedoor_api.pods.files.placing import (
    RECORDING_MIB,
    RECORDING_NEEDS_BYTES,
    Note,
    Reached,
    place,
    reach,
)
from kubedoor_api.pods.files.pod_file import FileAccess, PodFile
from kubedoor_api.pods.models import ActionParameters
from kubedoor_api.web.endpoint import Context

CHECK = ("JFR.check",)
STARTED, RUNNING, UNKNOWN = "Started recording", "(running)", "Unknown diagnostic command"
ENDS_LATE_S = 60.0
"""So long after its time a recording must have ended."""
TOP_EVENTS = 10
MAX_WORDS_CHARS = 300
PASSING = frozenset({"cut", "timeout", "unreachable"})
EVENT = re.compile(r"^\s+([A-Za-z]\S*)\s+(\d+)\s+(\d+)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class EventCount:
    """How often an event is in a recording, and how many bytes that takes."""

    name: str
    count: int
    bytes: int


def top_events(summary: str) -> list[EventCount]:
    """Return the events that a recording holds most of, as `jfr summary` tells, the largest first."""
    found = [EventCount(name, int(count), int(size)) for name, count, size in EVENT.findall(summary)]
    return sorted((one for one in found if one.count), key=lambda one: (-one.bytes, one.name))[:TOP_EVENTS]


async def record(context: Context, action: PodAction, note: Note) -> PodAction:
    """Let the JVM record, and return the action with the file once that has ended.

    After a death it goes on: the JVM says whether it still records.

    :raises FailedError: `no_room`, `no_jfr`, `not_written` and others.
    :raises AskingError: the cluster refuses.
    """
    if action.did("measured"):
        return await offer(context, action, note)
    name, known = f"kubedoor-{action.id}", action.result.get("jvm")
    parameters = ActionParameters.model_validate(action.parameters)
    found, told = await reach(context, action, known["pid"] if known else parameters.pid, CHECK)
    if UNKNOWN in told.text:
        raise FailedError("no_jfr", "the JVM has no Flight Recorder")
    if "file" not in action.result:
        action = await note(action, "jvm_found")
        action = await place(context, action, found, RECORDING_NEEDS_BYTES, "recording.jfr", note)
        action = await _start(found, action, name, parameters, note)
    elif not action.did("recording") and not runs(told.text, name):
        raise FailedError("interrupted", "the api ended before the recording had begun: ask again")
    await _until_ended(context, found, name, parameters.duration_s, action)
    action = await note(action, "written")
    access = FileAccess(context, action, PodFile(**action.result["file"]))
    size, sha256 = await access.measure()
    events = [asdict(one) for one in top_events(await _summary(found, action))]
    action = replace(action, bytes=size, sha256=sha256, result={**action.result, "top_events": events})
    action = await note(action, "measured")
    return await offer(context, action, note)


async def _start(
    found: Reached, action: PodAction, name: str, parameters: ActionParameters, note: Note
) -> PodAction:
    path = PodFile(**action.result["file"]).path
    options = (f"duration={parameters.duration_s}s", f"maxsize={RECORDING_MIB}m", f"filename={path}")
    answer = await found.ladder.ask(
        ("JFR.start", f"name={name}", f"settings={parameters.settings}", *options)
    )
    if STARTED not in answer.text:
        raise FailedError("not_written", " ".join(answer.text.split())[:MAX_WORDS_CHARS])
    return await note(replace(action, result={**action.result, "way": answer.way}), "recording")


def runs(told: str, name: str) -> bool:
    """Tell whether `JFR.check` tells of a recording that it runs."""
    return any(f"name={name} " in line and RUNNING in line for line in told.splitlines())


async def _until_ended(
    context: Context, found: Reached, name: str, duration_s: int, action: PodAction
) -> None:
    """Wait for the end of its time, then until the JVM says that it has ended.

    :raises FailedError: `timeout`.
    """
    began_at = next((one.at for one in action.steps if one.name == "recording"), datetime.now(UTC))
    ends_at = began_at + timedelta(seconds=duration_s)
    await asyncio.sleep(max(0.0, (ends_at - datetime.now(UTC)).total_seconds()))
    while await _may_run(found, name, ends_at + timedelta(seconds=ENDS_LATE_S)):
        if datetime.now(UTC) > ends_at + timedelta(seconds=ENDS_LATE_S):
            raise FailedError("timeout", f"it still records {ENDS_LATE_S:.0f} s after its time")
        await asyncio.sleep(context[ApiSettings].rollout_poll_s)


async def _may_run(found: Reached, name: str, until: datetime) -> bool:
    """Tell whether the JVM still records; it may where the cluster does not answer for a while.

    :raises FailedError: it can't be asked.
    :raises AskingError: the cluster refuses, or has not answered until then.
    """
    try:
        return runs((await found.ladder.ask(CHECK)).text, name)
    except (FailedError, AskingError) as error:
        if error.reason not in PASSING or datetime.now(UTC) > until:
            raise
        return True


async def _summary(found: Reached, action: PodAction) -> str:
    """Return what the JDK's `jfr` says of it; nothing where neither the image nor the toolbox has it."""
    file = PodFile(**action.result["file"])
    for program in found.jvm.tool("jfr"):
        try:
            told = await found.tools.inside.run(program, "summary", f"{file.root}{file.path}")
        except ExecError:
            continue
        if not told.code:
            return told.out.decode(errors="replace")
    return ""
