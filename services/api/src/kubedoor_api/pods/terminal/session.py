"""One terminal while it lasts: what is typed goes in, what is shown comes out, its end is written down."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from aiohttp import WSMsgType
from aiohttp.web import WebSocketResponse
from pydantic import Field, ValidationError

from kubedoor_api.kube import commands as kube
from kubedoor_api.kube.commands import NOT_FOUND_CODES, ContainerRef, ExecError, Running
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.pods import queries
from kubedoor_api.pods.action import ActionReason, FailedError, PodAction
from kubedoor_api.pods.containers import Inside
from kubedoor_api.pods.repository import POD_ACTIONS, turn
from kubedoor_api.pods.terminal import ending
from kubedoor_api.pods.terminal.ending import LASTS, Limits, Window, shell_of
from kubedoor_api.web.endpoint import Context
from kubedoor_api.web.fields import Model
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.problems import Problem

log = get_logger(__name__)

STALLED_S = 60.0
"""So long a viewer may take nothing, or a program read nothing."""
LOOK_S = 5.0
"""Seconds between two looks whether it may go on."""
RECORDED_TRIES = 5


@dataclass(frozen=True)
class Ended:
    """How a terminal ended; without a reason, its shell did by itself."""

    reason: ActionReason = ""
    detail: str = ""
    exit_code: int | None = None


class Terminal:
    """One that somebody has asked for, in this instance.

    The row says that it is open, and until when: whoever looks at it renews that, as long as they may.
    """

    def __init__(self, context: Context, action: PodAction) -> None:
        self._context = context
        self._action = action
        self._window = Window()
        self._bytes_in = 0

    async def open(self) -> None:
        """Take it: it can be opened once.

        :raises Problem: 409, it is open already or over.
        """
        now = datetime.now(UTC)
        begun = self._action.with_step("opened", now)
        self._action = await turn(
            self._context,
            self._action,
            state="open",
            started_at=now,
            steps=begun.steps,
            expires_at=now + LASTS,
            result={"terminal": {"opened_at": now.isoformat(), **self._figures(None)}},
        )
        log.info("terminal.opened", pod_action=self._action.id, env=self._action.env)

    def _figures(self, exit_code: int | None) -> dict[str, int | None]:
        return {"bytes_in": self._bytes_in, "bytes_out": self._window.sent, "exit_code": exit_code}

    async def run(self, socket: WebSocketResponse, closing: asyncio.Event) -> None:
        """Hold it until it ends, for whichever reason."""
        ended = Ended("left")
        try:
            ended = await self._held(socket, closing)
        finally:
            await self._record(ended)
            notice = TerminalNotice(
                event="ended", reason=ended.reason, detail=ended.detail, exit_code=ended.exit_code
            )
            with contextlib.suppress(ConnectionError, TimeoutError):
                await _tell(socket, notice)

    async def _held(self, socket: WebSocketResponse, closing: asyncio.Event) -> Ended:
        action = self._action
        where = ContainerRef(action.env, action.namespace, action.pod, action.container)
        inside = Inside(self._context, where, action.uid)
        apart = inside.clusters.apart(action.env)
        try:
            await inside.require_same()
            async with kube.execute(apart, where, shell_of(action.id), terminal=True) as shell:
                await inside.require_same()
                await _tell(socket, TerminalNotice(event="opened"))
                return await self._first(socket, shell, closing)
        except (FailedError, AskingError) as error:
            return Ended(error.reason, str(error))
        except ExecError as error:
            return Ended("no_shell" if error.reason == "not_started" else "cut", str(error))
        except (ConnectionError, TimeoutError):
            return Ended("left")
        finally:
            await apart.close()

    async def _first(self, socket: WebSocketResponse, shell: Running, closing: asyncio.Event) -> Ended:
        """Show, take and watch until one of them ends, or the server closes."""
        now = asyncio.get_running_loop().time()
        times = Limits(now, now)
        works = (
            self._show(socket, shell),
            self._take(socket, shell, times),
            self._watch(socket, times),
            _closed(closing),
        )
        tasks = [asyncio.create_task(work) for work in works]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return next(task for task in tasks if task.done()).result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _show(self, socket: WebSocketResponse, shell: Running) -> Ended:
        """Pass on what the shell writes, no faster than it is looked at."""
        async for _, data in shell.frames():
            await self._window.room()
            self._window.sent += len(data)
            async with asyncio.timeout(STALLED_S):
                await socket.send_bytes(data)
        if shell.code in NOT_FOUND_CODES and not self._bytes_in:
            return Ended("no_shell", exit_code=shell.code)
        return Ended(exit_code=shell.code)

    async def _take(self, socket: WebSocketResponse, shell: Running, times: Limits) -> Ended:
        """Pass on what is typed, and hear how large the terminal is and how much was shown."""
        async for message in socket:
            async with asyncio.timeout(STALLED_S):
                if message.type is WSMsgType.BINARY:
                    times.typed_at = asyncio.get_running_loop().time()
                    self._bytes_in += len(message.data)
                    await shell.write(message.data)
                    continue
                try:
                    said = TerminalInput.model_validate_json(message.data)
                except ValidationError as error:
                    return Ended("left", f"the viewer sent what is no message: {error.errors()[0]['msg']}")
                if said.columns and said.rows:
                    await shell.resize(said.columns, said.rows)
            if said.seen is not None:
                self._window.seen(said.seen)
        return Ended("left")

    async def _watch(self, socket: WebSocketResponse, times: Limits) -> Ended:
        """Wait for a limit, which is told before, or for the end of the right to go on."""
        clock = asyncio.get_running_loop().time
        told = None
        while clock() < times.end.at:
            if ended := await self._over():
                return ended
            end = times.end
            left_s = end.at - clock()
            if left_s <= ending.WARN_S and told != end:
                told = end
                notice = TerminalNotice(event="ends_soon", reason=end.limit, in_s=max(0, round(left_s)))
                await _tell(socket, notice)
            until_told_s = left_s - ending.WARN_S
            await asyncio.sleep(min(LOOK_S, until_told_s if until_told_s > 0 else max(0.0, left_s)))
        return Ended(times.end.limit)

    async def _over(self) -> Ended | None:
        """Tell whether somebody has ended it elsewhere, or nobody has renewed it."""
        try:
            standing = await queries.one(self._context[ClickHouse], self._action.env, self._action.id)
        except KubeDoorError as error:
            log.warning("terminal.unknown", pod_action=self._action.id, reason=str(error))
        else:
            if standing is None or standing.state != "open":
                return Ended("session_over")
            self._action = standing
        expires_at = self._action.expires_at
        return Ended("session_over") if expires_at is None or expires_at <= datetime.now(UTC) else None

    async def _record(self, ended: Ended) -> None:
        """Write its end down, and have whoever leads end what it left; a leader notices by itself, later."""
        for _ in range(RECORDED_TRIES):
            try:
                standing = await POD_ACTIONS.load(self._context, self._action.env, self._action.id)
                if standing.state != "open":
                    return
                told = {**standing.result["terminal"], **self._figures(ended.exit_code)}
                await turn(
                    self._context, standing, state="closing", reason=ended.reason, detail=ended.detail,
                    runner="", expires_at=None, result={"terminal": told},
                )  # fmt: skip
            except Problem:  # renewed at the same moment
                continue
            except KubeDoorError as error:
                log.warning("terminal.recorded_later", pod_action=self._action.id, reason=str(error))
            return


async def _closed(closing: asyncio.Event) -> Ended:
    await closing.wait()
    return Ended("api_ended")


async def _tell(socket: WebSocketResponse, notice: TerminalNotice) -> None:
    if not socket.closed:
        async with asyncio.timeout(STALLED_S):
            await socket.send_str(notice.model_dump_json())


MAX_CELLS = 1000


class TerminalInput(Model):
    """A text that the viewer sends."""

    columns: Annotated[int, Field(ge=1, le=MAX_CELLS)] | None = None
    """Width of the terminal, characters; null: as it is"""
    rows: Annotated[int, Field(ge=1, le=MAX_CELLS)] | None = None
    """Its height; goes with `columns`"""
    seen: Annotated[int, Field(ge=0)] | None = None
    """So many bytes have been shown in all; no more than 256 KiB are sent ahead of that"""


class TerminalNotice(Model):
    """A text that the viewer gets."""

    event: Literal["opened", "ends_soon", "ended"]
    """`opened`: the shell runs; `ends_soon`: see `reason`; `ended`: the last message"""
    reason: ActionReason = ""
    """Why it ends, or will unless somebody types: `idle`, 10 minutes without a key; `time_limit`, an hour;
    when it has ended, whatever the action says. Empty: the shell ended by itself"""
    detail: str = ""
    """The same in words, where the cluster said some"""
    in_s: int | None = None
    """Of `ends_soon`: seconds that are left"""
    exit_code: int | None = None
    """Of `ended`: that of the shell; null where it was ended"""
