"""The load that goes on while parts fail: edits, admissions, operations and schedules."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import aiohttp

from faults.model import BASE, Decision, Ledger, Outcome, wrong_decision
from faults.results import eventually, must
from faults.system import API, System, namespace, now_s
from kubedoor_dev.demo.clients import Json, Reply
from kubedoor_dev.demo.stack import ENV, USER
from support.operations import deployment as running_deployment
from support.reviews import deployment, review
from support.rows import containers, derived_row
from support.webhook import Answer, ask

EDITED, ACTED = "edited", "acted"
EDITORS = 10
ADMITTERS = 4
PROBE = "probe"
"""The service that is edited to find out whether edits govern."""
PACE_S = 0.05
EDITOR_RESTS_S = 0.5
"""Ten who never rest would leave a small machine no time for what else is looked at."""
DUE_IN_S = 2.0
NEVER_S = float("inf")
SETTLED_S = 600.0
GONE = (aiohttp.ClientError, OSError, TimeoutError, json.JSONDecodeError)
ENDED = ("succeeded", "failed", "cancelled")
UNITS = {"m": 1, "": 1000}
MEMORY = {"Mi": 1, "Gi": 1024}
MOST_WRONG = 3


SMALL = containers(app=(10, None, 32, None))
"""What is acted upon: the simulated nodes have room for all of it, rollouts included."""
Work = Callable[[], Awaitable[None]]


def edit_of(number: int) -> Json:
    """The edit that sets all values of a service from one number."""
    values = {"request_cpu_m": BASE + number, "request_mem_mib": BASE + number}
    limits = {"limit_cpu_m": 9000, "limit_mem_mib": 9000}
    container = {"name": "app", **values, **limits}
    return {"replicas_manual": number, "note": str(number), "containers": [container]}


def quantity(text: str, units: dict[str, int]) -> int | None:
    """Read a quantity of a manifest in the unit that counts as 1."""
    found = re.fullmatch(r"(\d+)([A-Za-z]*)", text)
    return int(found[1]) * units[found[2]] if found and found[2] in units else None


def decision_of(answer: Answer, document: Json) -> Decision:
    """Read what admission made of a Deployment."""
    if not answer.response["allowed"]:
        return Decision(allowed=False)
    spec = answer.admitted(document)["spec"]
    requests = spec["template"]["spec"]["containers"][0]["resources"]["requests"]
    cpu, memory = quantity(requests["cpu"], UNITS), quantity(requests["memory"], MEMORY)
    return Decision(allowed=True, replicas=spec["replicas"], cpu_m=cpu, mem_mib=memory)


@dataclass
class Load:
    """What goes on, and what was seen.

    :ivar targets: how many Deployments an operation acts upon.
    :ivar stale_since_s: since when decisions may come from a copy of then; infinite: not at all.
    :ivar fresh_s: when the latest admission was sent that was decided by what stood then.
    :ivar wrong: what must not happen and did.
    :ivar unanswered: admissions that got no answer because the webhook was not there.
    """

    system: System
    targets: int
    ledger: Ledger = field(default_factory=Ledger)
    stale_since_s: float = NEVER_S
    fresh_s: float = 0.0
    webhook_may_be_away: bool = False
    wrong: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    schedules: set[str] = field(default_factory=set)
    _numbers: Counter[str] = field(default_factory=Counter)
    _turn: int = 0

    # Setting up

    async def prepare(self) -> None:
        """Register and deploy what is edited and acted upon; enforce."""
        await self._namespaces()
        for name in (*(f"service-{number}" for number in range(EDITORS)), PROBE):
            await self.register(name)
        console, names = self.system.console, self._target_names
        rows = [derived_row(ENV, ACTED, name, replicas_observed=2, **SMALL) for name in names]
        await self.system.database.insert("derived", rows)
        await asyncio.gather(*(self._deploy(name) for name in names))
        now = await console.ask("GET", f"{API}/mode")
        await console.ask("PUT", f"{API}/mode", {"mode": "enforce"}, If_Match=f'"{now["version"]}"')
        await self.until_fresh()

    @property
    def _target_names(self) -> list[str]:
        return [f"target-{number:02}" for number in range(self.targets)]

    async def _deploy(self, name: str) -> None:
        made = running_deployment(name)
        made["metadata"]["namespace"] = ACTED
        await self.system.cluster.ask("POST", f"/apis/apps/v1/namespaces/{ACTED}/deployments", made)

    async def _namespaces(self) -> None:
        for name in (EDITED, ACTED):
            await self.system.cluster.ask("POST", "/api/v1/namespaces", namespace(name))

    async def register(self, name: str) -> None:
        """Register a service that will be edited."""
        edit = self.ledger.send(name, self._next(name), now_s())
        await self.system.console.ask("PUT", f"{API}/services/{EDITED}/{name}", edit_of(edit.number))
        edit.end(Outcome.ACKNOWLEDGED, now_s())

    def _next(self, name: str) -> int:
        self._numbers[name] += 1
        return self._numbers[name]

    # What goes on

    @asynccontextmanager
    async def going_on(self, *, editing: bool = True, acting: bool = True) -> AsyncIterator[None]:
        """Keep editing, admitting and, where asked, acting, while the block lasts; then end in order."""
        stopped = asyncio.Event()
        names = [f"service-{number}" for number in range(EDITORS if editing else 0)]
        works: list[Work] = [partial(self._edit_and_rest, name) for name in names]
        if acting:
            works += [self._operations, self._schedules]
        tasks = [asyncio.create_task(again_until(stopped, work)) for work in works]
        tasks += [asyncio.create_task(self._admissions(stopped, number)) for number in range(ADMITTERS)]
        try:
            yield
        finally:
            stopped.set()
            done, late = await asyncio.wait(tasks, timeout=SETTLED_S)
            for task in late:
                task.cancel()
            errors = [error for task in done if (error := task.exception())]
        must(not late, f"{len(late)} of the load's clients still wait for an answer after {SETTLED_S:.0f} s")
        if errors:
            raise errors[0]

    async def _edit_and_rest(self, name: str) -> None:
        await self.edit(name)
        await asyncio.sleep(EDITOR_RESTS_S)

    async def edit(self, name: str) -> bool:
        """Edit a service as a person does: look, then change what was seen."""
        path = f"{API}/services/{EDITED}/{name}"
        standing = await self.send("GET", path)
        if standing is None or standing.status != 200:
            self.seen["looks that failed"] += 1
            return False
        edit = self.ledger.send(name, self._next(name), now_s())
        version = {"If_Match": f'"{standing.document["version"]}"'}
        answer = await self.send("PATCH", path, edit_of(edit.number), **version)
        status = answer.status if answer else 0
        edit.end(outcome_of(status), now_s())
        self.seen[f"edits {edit.outcome}"] += 1
        if status in (400, 401, 403, 404, 500):
            self.wrong.append(f"an edit got {status}: {answer.document if answer else ''}")
        return edit.outcome is Outcome.ACKNOWLEDGED

    async def send(self, method: str, path: str, body: Json | None = None, **headers: str) -> Reply | None:
        """Send a request through the console's nginx; none where no answer came."""
        try:
            async with asyncio.timeout(60):
                answer = await self.system.console.send(method, path, body, **headers)
        except GONE:
            return None
        if answer.status == 500:
            self.wrong.append(f"{method} {path} got 500: {answer.document}")
        return answer

    async def look(self, path: str) -> Json:
        """Look at what must be there; a busy ClickHouse may ask for patience (503)."""

        async def found() -> Reply | None:
            answer = await self.send("GET", path)
            return answer if answer and answer.status != 503 else None

        answer = await eventually(f"{path} is shown", found, SETTLED_S)
        must(answer and answer.status == 200, f"{path} got {answer}")
        return answer.document if answer else {}

    async def _admissions(self, stopped: asyncio.Event, number: int) -> None:
        async with self.system.session() as session:
            for turn in itertools.count(number):
                name = f"service-{turn % EDITORS}" if turn % 11 else "rogue"
                try:
                    await self.admit(session, name)
                except GONE as error:
                    self.seen["admissions unanswered"] += 1
                    if not self.webhook_may_be_away:
                        self.wrong.append(f"an admission failed: {error!r}")
                if stopped.is_set():
                    return
                await asyncio.sleep(PACE_S)

    async def admit(self, session: aiohttp.ClientSession, name: str) -> None:
        """Ask for one admission and hold it against the ledger."""
        document = review(deployment(name=name, namespace=EDITED))
        began_s = now_s()
        answer = await ask(session, document)
        if answer.status == 503 and self.webhook_may_be_away:
            self.seen["admissions unanswered"] += 1
            return
        if answer.status != 200:
            self.wrong.append(f"an admission got {answer.status}: {answer.document}")
            return
        self.seen["admissions"] += 1
        decision = decision_of(answer, document)
        if name == "rogue":
            if decision.allowed:
                self.wrong.append("an unregistered Deployment was let through")
            return
        numbers = self.ledger.allowed(name, min(began_s, self.stale_since_s), now_s())
        if problem := wrong_decision(name, decision, numbers):
            self.wrong.append(problem)
        elif self.stale_since_s == NEVER_S:
            self.fresh_s = max(self.fresh_s, began_s)

    def may_be_stale(self) -> None:
        """ClickHouse is about to be in trouble: from now on the webhook may decide by its copy.

        That is as old as its last look, which the last admission before has made at the latest.
        """
        self.stale_since_s = self.fresh_s

    async def _operations(self) -> None:
        """Restart or scale all targets, and wait for the end."""
        self._turn += 1
        scaling = self._turn % 2 == 0
        more = {"replicas": 3 + self._turn // 2 % 7} if scaling else {}
        targets = [{"namespace": ACTED, "name": name, **more} for name in self._target_names]
        body = {"kind": "scale" if scaling else "restart", "targets": targets}
        answer = await self.send("POST", f"{API}/operations", body)
        if answer and answer.status == 202:
            self.operations.add(answer.document["id"])
        elif answer and answer.status < 500:
            self.wrong.append(f"an operation got {answer.status}: {answer.document}")
        await eventually("what people asked for is over", self._is_quiet, SETTLED_S)

    async def _is_quiet(self) -> bool:
        for state in ("pending", "running"):
            answer = await self.send("GET", f"{API}/operations?state={state}&actor={USER}&limit=1")
            if answer is None or answer.status != 200 or answer.document["items"]:
                return False
        return True

    async def _schedules(self) -> None:
        """Make a schedule that is due in a moment, and runs late rather than never."""
        at = (datetime.now(UTC) + timedelta(seconds=DUE_IN_S)).isoformat(timespec="milliseconds")
        name = self._target_names[len(self.schedules) % self.targets]
        body: Json = {
            "name": f"due {at}", "kind": "restart", "targets": [{"namespace": ACTED, "name": name}],
            "once_at": at.replace("+00:00", "Z"), "timezone": "UTC", "misfire": "run_late", "grace_s": 3600,
        }  # fmt: skip
        answer = await self.send("POST", f"{API}/schedules", body)
        if answer and answer.status == 201:
            self.schedules.add(answer.document["id"])
        await asyncio.sleep(1.0)

    # Waiting

    async def until_fresh(self) -> None:
        """Wait until the webhook decides by an edit that was made just now; then nothing older may count."""
        name = PROBE

        async def edited() -> bool:
            return await self.edit(name)

        await eventually("an edit is acknowledged", edited, SETTLED_S)

        async def decided() -> bool:
            numbers = self.ledger.allowed(name, now_s(), now_s())
            document = review(deployment(name=name, namespace=EDITED))
            with suppress(*GONE):
                async with self.system.session() as session:
                    answer = await ask(session, document)
                return answer.status == 200 and decision_of(answer, document).replicas in numbers
            return False

        await eventually("an edit governs", decided, SETTLED_S)
        self.stale_since_s = NEVER_S


def outcome_of(status: int) -> Outcome:
    """What an answer's status says of an edit."""
    if status == 200:
        return Outcome.ACKNOWLEDGED
    return Outcome.REFUSED if 400 <= status < 500 else Outcome.UNKNOWN


async def again_until(stopped: asyncio.Event, work: Callable[[], Awaitable[Any]]) -> None:
    """Do a piece of work again and again."""
    while not stopped.is_set():
        await work()
