"""One evaluation of each env for all who look at it, every fifteen seconds, and none while nobody does."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.metrics_store import StoreSecretError, store_of
from kubedoor_api.now.asking import QUERY_S, Evaluation, away, evaluate
from kubedoor_api.web.endpoint import Context
from kubedoor_core.metrics.selecting import Scope
from kubedoor_core.metrics.settings import sources_of
from kubedoor_core.metrics.traffic.dialects import dialects
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem
from kubedoor_core.prometheus import Pool, Prometheus, PrometheusUnavailableError, Store

EVERY_S = 15
SHOWN_S = 60
"""An evaluation that is not older is shown at once, while the next one is made."""
MOST_VIEWERS = 250
"""Of one env and one instance: each has a connection."""
RETRY_AFTER_S = 15
DUE_SURELY_S = 0.01
"""A clock's resolution, and more."""
BEAT_S = 10.0
"""After so many seconds without anything to tell a stream says that it is still there."""


@dataclass
class _Env:
    """What is known of an env; ``due`` is monotonic seconds."""

    latest: Evaluation | None = None
    due: float = 0.0
    under_way: asyncio.Task[Evaluation] | None = None


class NowBoard:
    """Holds the latest evaluation of each env."""

    def __init__(self) -> None:
        self._envs: dict[str, _Env] = {}
        self._viewers: Counter[str] = Counter()

    async def latest(self, context: Context, env: str) -> Evaluation:
        """Return an evaluation that is not older than fifteen seconds; whoever asks meanwhile gets the same.

        :raises Problem: 409 where no Prometheus is configured.
        """
        known = self._envs.setdefault(env, _Env())
        if known.latest is not None and time.monotonic() < known.due:
            return known.latest
        return await asyncio.shield(self._begun(context, env, known))  # one who goes takes it from nobody

    async def shown(self, context: Context, env: str) -> Evaluation:
        """Return the latest evaluation at once where it is at most a minute old; else wait for one.

        One that is older than fifteen seconds has the next one made: who follows gets it.

        :raises Problem: 409 where no Prometheus is configured.
        """
        known = self._envs.setdefault(env, _Env())
        now = time.monotonic()
        if known.latest is None or now >= known.due - EVERY_S + SHOWN_S:
            return await self.latest(context, env)
        if now >= known.due:
            self._begun(context, env, known)
        return known.latest

    def _begun(self, context: Context, env: str, known: _Env) -> asyncio.Task[Evaluation]:
        """Begin an evaluation, if none is under way."""
        if known.under_way is None:
            known.under_way = asyncio.create_task(self._evaluated(context, env, known))
            known.under_way.add_done_callback(_looked_at)
        return known.under_way

    async def _evaluated(self, context: Context, env: str, known: _Env) -> Evaluation:
        began = time.monotonic()
        try:
            known.latest = await _evaluate(context, env, known.latest)
            known.due = began + EVERY_S
            return known.latest
        finally:
            known.under_way = None

    async def following(self, context: Context, env: str) -> AsyncIterator[Evaluation | None]:
        """Yield the latest evaluation, then each new one; None now and then where nothing is new."""
        found = await self.shown(context, env)
        yield found
        while True:
            waiting = asyncio.ensure_future(self._after(context, env, found.number))
            try:
                while not (await asyncio.wait({waiting}, timeout=BEAT_S))[0]:
                    yield None
            finally:
                waiting.cancel()
            found = waiting.result()
            yield found

    async def _after(self, context: Context, env: str, number: int) -> Evaluation:
        known = self._envs.get(env)
        if known is not None and known.latest is not None and known.latest.number <= number:
            await asyncio.sleep(max(0.0, known.due - time.monotonic()) + DUE_SURELY_S)
        return await self.latest(context, env)

    @contextmanager
    def viewer(self, env: str) -> Iterator[None]:
        """Count one more who follows an env, for as long as they do.

        :raises Problem: 429 where too many do.
        """
        if self._viewers[env] >= MOST_VIEWERS:
            raise Problem(
                429,
                f"{MOST_VIEWERS} people follow {env} here, the most at once: try again later",
                code=ProblemCode.TOO_MANY_NOW_VIEWERS,
                headers={"Retry-After": str(RETRY_AFTER_S)},
                parameters={"env": env, "most": MOST_VIEWERS},
            )
        self._viewers[env] += 1
        try:
            yield
        finally:
            self._viewers[env] -= 1


def _looked_at(done: asyncio.Task[Evaluation]) -> None:
    """Take an error that nobody may wait for: whoever asks next meets it again."""
    if not done.cancelled():
        done.exception()


async def client_of(context: Context, env: str, timeout_s: float = QUERY_S) -> tuple[Prometheus, Store]:
    """Return who asks an env's store for what is there now, and the store.

    :raises Problem: 409 where none is configured.
    :raises StoreSecretError, PrometheusUnavailableError: it can't be asked.
    """
    store = store_of(context, env)
    return await context[Pool].client(replace(store, timeout_s=timeout_s)), store


async def _evaluate(context: Context, env: str, had: Evaluation | None) -> Evaluation:
    try:
        prometheus, store = await client_of(context, env)
    except (StoreSecretError, PrometheusUnavailableError) as error:
        return away(had, Scope(), str(error))
    settings = context[ApiSettings]
    sources = dialects(sources_of(settings.traffic_sources), settings.namespace_label, settings.pod_label)
    return await evaluate(prometheus, Scope(env_label=store.env_label), had, store.concurrency, sources)
