"""`POST /mutate`: from the body to the answer."""

from __future__ import annotations

import time
from dataclasses import dataclass

from aiohttp import web

from kubedoor_core.domain.admission.decide import decide, in_scope
from kubedoor_core.domain.admission.decision import Decision, Result
from kubedoor_core.domain.admission.notes import Note, NoteCode
from kubedoor_core.domain.admission.review import Review
from kubedoor_core.domain.mode import Mode
from kubedoor_core.errors import BadValueError
from kubedoor_core.problems import Problem
from kubedoor_webhook.answer import answer
from kubedoor_webhook.bodies import Bodies, NoRoomError, TooSlowError
from kubedoor_webhook.decoding import read_review
from kubedoor_webhook.gathering import Gathering
from kubedoor_webhook.journal import Journal
from kubedoor_webhook.listener import Connections
from kubedoor_webhook.metrics import Metrics
from kubedoor_webhook.records import Origin, Reminder, records_of
from kubedoor_webhook.settings import WebhookSettings
from kubedoor_webhook.snapshot import Snapshot
from kubedoor_webhook.store import CachedSnapshot, SnapshotStore

LARGE_BYTES = 256 * 1024
OUT_OF_SCOPE = Decision(1, Result.ALLOWED_UNCHANGED)
RETRY_AFTER = {"Retry-After": "1"}
CLOSE = {"Connection": "close"}


@dataclass(slots=True)
class Admission:
    """The handler and what it needs."""

    settings: WebhookSettings
    store: SnapshotStore
    journal: Journal
    metrics: Metrics
    reminder: Reminder
    origin: Origin
    gathering: Gathering
    bodies: Bodies
    connections: Connections
    leaving: bool = False
    in_flight: int = 0

    async def mutate(self, request: web.Request) -> web.Response:
        """Answer one AdmissionReview; it counts as a request in work once its body is there."""
        began_s = time.monotonic()
        self._check_client(request)
        body = await self._read(request)
        try:
            answered = await self._decided(body)
        except BadValueError as error:
            raise self._bad_request(error) from error
        finally:
            self.bodies.release(len(body))
        now_s = time.monotonic()
        self.connections.used(request.transport, now_s)
        self.metrics.seconds.observe(now_s - began_s)
        response = web.Response(body=answered, content_type="application/json")
        if self.leaving:
            response.force_close()  # so that no pooled connection is left to break when we go
        return response

    async def _read(self, request: web.Request) -> bytes:
        try:
            return await self.bodies.read(request)
        except BadValueError as error:
            raise self._bad_request(error) from error
        except NoRoomError as error:
            raise self._refuse("no_room", "too many large requests at once; try again shortly") from error
        except TooSlowError as error:
            self.metrics.refused.labels("slow_body").inc()
            raise Problem(
                408, f"the body did not come within {self.settings.body_timeout_s:g} s", headers=CLOSE
            ) from error

    def _bad_request(self, error: BadValueError) -> Problem:
        self.metrics.refused.labels("bad_request").inc()
        return Problem(400, str(error))

    def _refuse(self, reason: str, detail: str) -> Problem:
        self.metrics.refused.labels(reason).inc()
        return Problem(503, detail, headers=RETRY_AFTER)

    def _check_client(self, request: web.Request) -> None:
        if self.settings.tls_client_ca_file and not (
            request.transport and request.transport.get_extra_info("peercert")
        ):
            self.metrics.refused.labels("no_client_certificate").inc()
            raise Problem(403, "a client certificate that the API server is configured with is required")

    async def _decided(self, body: bytes) -> bytes:
        if self.in_flight >= self.settings.max_in_flight:
            raise self._refuse("busy", "too many requests at once; try again shortly")
        self.in_flight += 1
        try:
            return await self._answer(body)
        finally:
            self.in_flight -= 1

    async def _answer(self, body: bytes) -> bytes:
        """Decide while the check of the control table is under way; again, if it brought something new.

        A large body is parsed after the check: parsed it takes many times its size, and so there is one at a
        time.
        """
        checked = self.store.ask()
        if checked is not None and len(body) > LARGE_BYTES:
            await checked
            checked = None
        review = read_review(body)
        if not in_scope(review):
            self.metrics.decided(OUT_OF_SCOPE)
            return answer(review, OUT_OF_SCOPE)
        copy = self._copy()
        decision, mode = _decide(review, copy.snapshot)
        if checked is not None:
            await checked
        newest = self._copy()
        if newest.snapshot is not copy.snapshot:
            decision, mode = _decide(review, newest.snapshot)
        return self._conclude(review, self._unless_stale(decision, newest), mode)

    def _copy(self) -> CachedSnapshot:
        if self.store.copy is None:
            raise self._refuse("cold", f"not ready: {self.store.problem}")
        return self.store.copy

    def _unless_stale(self, decision: Decision, copy: CachedSnapshot) -> Decision:
        """Put ON_STALE in the place of a decision whose copy is too old to go by."""
        age_s = copy.age_s(time.monotonic())
        if age_s <= self.settings.max_staleness or decision.result is Result.ALLOWED_UNCHANGED:
            return decision
        if self.settings.on_stale == "deny" and decision.result in (
            Result.DENIED,
            Result.PATCHED,
            Result.UNCHANGED,
        ):
            refusal = Note.of(NoteCode.COPY_STALE_REFUSED, age_s=round(age_s))
            return Decision(decision.rule, Result.DENIED, refusal=refusal)
        stale = Note.of(NoteCode.COPY_STALE, age_s=round(age_s))
        return Decision(decision.rule, Result.UNCHANGED, notes=(stale,))

    def _conclude(self, review: Review, decision: Decision, mode: Mode) -> bytes:
        self.metrics.decided(decision)
        records = records_of(review, decision, mode, self.origin, self.reminder, self.gathering)
        for table, row in records.entries:
            self.journal.put(table, row)
        return answer(review, decision, records.warnings)


def _decide(review: Review, snapshot: Snapshot) -> tuple[Decision, Mode]:
    service = snapshot.find(review.namespace, review.name)
    mode = snapshot.policy.mode(review.namespace, service.mode if service else None)
    return decide(review, service, mode, snapshot.rules(review.namespace, review.name)), mode
