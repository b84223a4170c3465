"""Takes questions: reuses answers, holds to the budget, asks in the background, writes it all down."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from kubedoor_api.ai import queries
from kubedoor_api.ai.conversation import ANSWERS, MAX_QUOTED, Asked, Outcome, converse, said
from kubedoor_api.ai.failures import Circuit
from kubedoor_api.ai.gateway import MAX_PAUSE_S, Gateway, Sleep, body_of, connect, tokens_of
from kubedoor_api.ai.queries import AiCallRow
from kubedoor_api.ai.question import Message, canonical
from kubedoor_api.config.ai import AiSettings
from kubedoor_api.web.concurrency import CrowdedError, Limiter
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

log = get_logger(__name__)

REUSED_FOR = timedelta(days=7)
MAX_WAITING = 20
MAX_KEPT = 20_000
"""Characters of an answer."""
MILLISECOND = timedelta(milliseconds=1)


class Desk:
    """Where questions are handed in."""

    def __init__(
        self,
        settings: AiSettings,
        clickhouse: ClickHouse,
        gateway: Gateway | None,
        circuit: Circuit | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.circuit = circuit or Circuit()
        self._clickhouse = clickhouse
        self._gateway = gateway
        self._now = now
        self._limiter = Limiter(settings.ai_concurrency, MAX_WAITING)
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def configured(self) -> bool:
        """Whether there is a model to ask."""
        return self._gateway is not None

    @property
    def _limit(self) -> timedelta:
        """Longest that a question takes, its repair and pauses included."""
        return timedelta(seconds=ANSWERS * self.settings.ai_timeout_s + 4 * MAX_PAUSE_S)

    async def budget_left(self) -> int:
        """Return the tokens that are left of the day's, UTC."""
        today = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        return max(0, self.settings.ai_daily_tokens - await queries.used(self._clickhouse, today))

    async def ask(self, asked: Asked) -> tuple[AiCallRow, bool]:
        """Hand in a question; the answer comes later, unless the same was answered within a week.

        :returns: what stands of it, and whether it was asked before.
        :raises Problem: 409 no model, 429 no budget, 503 the server is left alone.
        """
        if not self.configured:
            raise off("not_configured")
        most = self.settings.ai_max_input_chars
        try:
            message = asked.message(most)
        except ValueError as error:
            detail = f"The question has no room in {most} characters: raise KUBEDOOR_AI_MAX_INPUT_CHARS"
            raise Problem(409, detail, code=ProblemCode.AI_NO_ROOM, parameters={"most": most}) from error
        row = self._row(asked, message)
        async with self._lock:
            now = self._now()
            since = (now - REUSED_FOR, now - self._limit)
            if before := await queries.reusable(self._clickhouse, row, *since):
                return before, True
            if rest_s := self.circuit.rest_s:
                seconds = int(rest_s) + 1
                raise Problem(
                    503,
                    "The model's server failed several times in a row and is left alone for another"
                    f" {seconds} s",
                    code=ProblemCode.AI_LEFT_ALONE,
                    headers={"Retry-After": str(seconds)},
                    parameters={"seconds": seconds},
                )
            await self._reserve(row)
        task = asyncio.create_task(self._answer(asked, message, row))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return row, False

    async def load(self, env: str, call_id: str) -> AiCallRow:
        """Return a question as it stands; one whose instance has died without an answer has failed.

        :raises Problem: 404.
        """
        row = await queries.one(self._clickhouse, env, call_id)
        if row is None:
            detail = f"There is no question {call_id} in env {env!r}; answers are kept for 90 days"
            raise Problem(404, detail, code=ProblemCode.NO_AI_CALL, parameters={"id": call_id})
        if row.state == "asked" and row.at < self._now() - self._limit:
            return replace(row, state="failed", failure="interrupted")
        return row

    async def close(self) -> None:
        """Give up what is being asked."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _row(self, asked: Asked, message: Message) -> AiCallRow:
        settings, task, now = self.settings, asked.task, self._now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        system = task.instructions(asked.language)
        body = body_of(settings, task, system, [said("user", message.text)], "json_schema")
        characters = len(json.dumps(body, ensure_ascii=False)) + len(canonical(task.schema)) + MAX_QUOTED
        key = [task.name, task.version, settings.ai_model, system, message.text]
        return AiCallRow(
            env=asked.env,
            id=uuid.uuid4().hex,
            at=now,
            namespace=asked.namespace,
            kind=asked.kind,
            name=asked.name,
            task=task.name,
            task_version=task.version,
            model=settings.ai_model,
            language=asked.language,
            share=asked.share,
            actor=asked.actor,
            cache_key=hashlib.sha256(canonical(key).encode()).hexdigest(),
            state="asked",
            sent=canonical(body),
            written_at=now,
            tokens=ANSWERS * (tokens_of(characters) + settings.ai_max_output_tokens),
            left_out=message.left_out,
        )

    async def _reserve(self, row: AiCallRow) -> None:
        """Write a question with the most that it may take, then look whether the day's budget bears it.

        In this order, so that of two instances none overlooks what the other one has just reserved.

        :raises Problem: 429 where it does not.
        """
        await queries.insert(self._clickhouse, row)
        today = row.at.replace(hour=0, minute=0, second=0, microsecond=0)
        most = self.settings.ai_daily_tokens
        if await queries.used(self._clickhouse, today) <= most:
            return
        later = row.written_at + MILLISECOND
        refused = replace(row, state="refused", tokens=0, sent="", written_at=later)
        await queries.insert(self._clickhouse, refused)
        raise Problem(
            429,
            f"The model's budget of {most} tokens a day is used up, or has no room for this question: it is"
            " renewed at 00:00 UTC (KUBEDOOR_AI_DAILY_TOKENS)",
            code=ProblemCode.AI_BUDGET,
            headers={"Retry-After": str(int((today + timedelta(days=1) - row.at).total_seconds()) + 1)},
            parameters={"most": most},
        )

    async def _answer(self, asked: Asked, message: Message, row: AiCallRow) -> None:
        outcome = await self._bounded(asked, message)
        if outcome.failure not in ("busy", "failed"):
            self.circuit.told(outcome.failure)
        ended = replace(
            row,
            state="failed" if outcome.failure else "answered",
            failure=outcome.failure or "",
            detail=outcome.detail,
            output_mode=outcome.mode,
            attempts=outcome.attempts,
            tokens=outcome.tokens,
            sent=outcome.sent or row.sent,
            answer=outcome.answer[:MAX_KEPT],
            result=json.dumps(asdict(outcome.result), ensure_ascii=False) if outcome.result else "",
            written_at=max(self._now(), row.written_at + MILLISECOND),
        )
        try:
            await queries.insert(self._clickhouse, ended)
        except KubeDoorError as error:
            log.warning("ai.answer_lost", id=row.id, reason=str(error))
        log.info(
            "ai.asked",
            id=row.id,
            task=row.task,
            state=ended.state,
            failure=ended.failure,
            tokens=ended.tokens,
        )

    async def _bounded(self, asked: Asked, message: Message) -> Outcome:
        try:
            async with self._limiter.slot(), asyncio.timeout(self._limit.total_seconds()):
                assert self._gateway is not None
                return await converse(self._gateway, asked, message)
        except CrowdedError:
            return Outcome(failure="busy")
        except TimeoutError:
            return Outcome(failure="timeout", tokens=tokens_of(len(message.text)))
        except Exception as error:
            log.exception("ai.failed", task=asked.task.name)
            return Outcome(failure="failed", detail=type(error).__name__)


def off(why: str) -> Problem:
    """Return the 409 for where no model may be asked.

    :param why: `not_configured` or `turned_off`.
    """
    ways = {
        "not_configured": "No model is configured: an operator sets KUBEDOOR_AI_URL and KUBEDOOR_AI_MODEL",
        "turned_off": "The model is turned off in this env: an administrator turns it on in the settings",
    }
    return Problem(409, ways[why], code=ProblemCode.AI_OFF, parameters={"condition": why})


@asynccontextmanager
async def opened(
    settings: AiSettings,
    clickhouse: ClickHouse,
    circuit: Circuit | None = None,
    sleep: Sleep = asyncio.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Desk]:
    """Open the desk: with a model where one is configured."""
    if settings.ai_url is None:
        yield Desk(settings, clickhouse, None, circuit, now)
        return
    async with connect(settings, sleep) as gateway:
        desk = Desk(settings, clickhouse, gateway, circuit, now)
        try:
            yield desk
        finally:
            await desk.close()
