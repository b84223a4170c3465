"""Jobs that an env's leader does: looked for again and again, each begun once, ended with the leadership."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    retry_if_not_exception_type,
    wait_fixed,
)

from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

RETRY_S = 1.0

T = TypeVar("T")


class DeposedError(KubeDoorError):
    """Another instance has taken a job over."""


async def patiently(
    do: Callable[[], Awaitable[T]], errors: type[KubeDoorError], event: str, **about: str | int
) -> T:
    """Return what something comes to that can be done again: every second while some errors are raised.

    :param errors: what passes, such as ClickHouse being away.
    :param event: what the log calls the wait; `about` goes with it.
    :raises DeposedError: at once, and what else is none of the errors.
    """

    def tell(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        log.warning(event, reason=str(error), **about)

    retrying = AsyncRetrying(
        retry=retry_if_exception_type(errors) & retry_if_not_exception_type(DeposedError),
        wait=wait_fixed(RETRY_S),
        before_sleep=tell,
    )

    async def attempt() -> T:  # tenacity awaits a coroutine function, which a lambda is not
        return await do()

    return await retrying(attempt)


class Jobs:
    """The jobs of one kind and env that are under way in this instance."""

    def __init__(self, kind: str, env: str) -> None:
        """Begin with none.

        :param kind: what the log calls one, such as `operation`.
        """
        self._kind = kind
        self._env = env
        names = (f"{kind}.{what}" for what in ("waiting", "deposed", "failed"))
        self._waiting, self._deposed, self._failed = names
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def run(self, look: Callable[[], Awaitable[None]], wait: Callable[[], Awaitable[None]]) -> None:
        """Look for jobs until cancelled, and then end those that are under way.

        :param wait: returns when there is reason to look again.
        """
        try:
            while True:
                try:
                    await look()
                except KubeDoorError as error:
                    log.warning(self._waiting, env=self._env, reason=str(error))
                await wait()
        finally:
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def begin(self, job_id: str, do: Callable[[str], Awaitable[None]]) -> None:
        """Begin a job, unless it is under way."""
        if job_id not in self._tasks:
            self._tasks[job_id] = asyncio.create_task(self._done(job_id, do))

    async def _done(self, job_id: str, do: Callable[[str], Awaitable[None]]) -> None:
        told = {self._kind: job_id}
        try:
            await do(job_id)
        except DeposedError as error:
            log.warning(self._deposed, reason=str(error), **told)
        except KubeDoorError as error:
            log.warning(self._waiting, reason=str(error), **told)
        except Exception:
            log.exception(self._failed, **told)
        finally:
            self._tasks.pop(job_id, None)
