"""The endpoints of the model that explains. It works besides everything else: nothing waits for it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial

from kubedoor_api.access.roles import Role, authorize
from kubedoor_api.advice import routes as advice
from kubedoor_api.advice.models import Advice
from kubedoor_api.ai import queries
from kubedoor_api.ai.conversation import Asked
from kubedoor_api.ai.desk import Desk, off
from kubedoor_api.ai.guards import Bounds
from kubedoor_api.ai.models import (
    AiAnswer,
    AiCall,
    AiCallList,
    AiCallPath,
    AiCallsQuery,
    AiStatus,
    AiTask,
    AiTaskPath,
    ListedAiCall,
    NewAiCall,
)
from kubedoor_api.ai.queries import AiCallRow
from kubedoor_api.ai.question import Question
from kubedoor_api.ai.questions import advice_question, finding_question, score_question
from kubedoor_api.ai.tasks import TASKS, Task
from kubedoor_api.auth.queries import known
from kubedoor_api.findings import queries as findings
from kubedoor_api.settings import store
from kubedoor_api.statistics.score import routes as scores
from kubedoor_api.statistics.score.models import ServiceScore
from kubedoor_api.statistics.totals.models import DayQuery
from kubedoor_api.web.concurrency import Polls
from kubedoor_api.web.endpoint import Call, Stream, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, page_of, path_of
from kubedoor_api.web.stream import event, follow
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import AI_ENABLED, AI_SHARE
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

COLLECTION = "/envs/{env}/ai"
ITEM = COLLECTION + "/calls/{id}"
NOTHING = {
    "explain_score": "Nothing takes points off the score of {}, or it is not known",
    "review_advice": "No other count is advised for {}: there is nothing to review",
    "narrate_finding": "There is no such finding about {}",
}

NewCall = Call[AiTaskPath, Nothing, NewAiCall]


@endpoint(
    "POST", COLLECTION + "/{task}", tag="ai", role=Role.VIEWER, status=202, conflicts=True, by_target=True
)
async def ask_model(call: Call[AiTaskPath, Nothing, NewAiCall]) -> AiCall:
    """Ask the model about a service: its score, the advice on it, or a finding.

    The answer comes later: look at the question or follow its events. The same question is answered from
    what the model said within the last seven days. Facts of the one service leave, without secrets, and
    without names unless the env's settings share them. Nothing that the model says is carried out.
    """
    env, service, context = call.path.env, call.body, call.context
    authorize(call.caller.principal.grants, Role.VIEWER, env, service.namespace)
    desk, policy = context[Desk], await store.policy(context, env)
    if not desk.configured:
        raise off("not_configured")
    if policy[AI_ENABLED] == "off":
        raise off("turned_off")
    task = TASKS[call.path.task]
    found = await ABOUT[call.path.task](call)
    if found is None:
        given = {"service": call.body.full_name, "condition": call.path.task}
        detail = NOTHING[call.path.task].format(call.body.full_name)
        raise Problem(409, detail, code=ProblemCode.AI_NOTHING, parameters=given)
    question, bounds = found
    others = set(await known(context[ClickHouse], env)) - {service.namespace}
    asked = Asked(
        env,
        service.namespace,
        service.kind,
        service.name,
        call.caller.principal.name,
        task,
        question,
        service.language,
        policy[AI_SHARE],
        replace(bounds, foreign=foreign_names(others, task)),
    )
    call.audit.set(None, {"task": task.name, "service": service.full_name})
    row, reused = await desk.ask(asked)
    return _call_of(row, reused=reused)


def foreign_names(namespaces: set[str], task: Task) -> frozenset[str]:
    """Return the namespaces whose names no answer may tell; words of the task tell nothing."""
    words = set(f"{task.system} {json.dumps(task.schema)}".lower().replace("`", " ").split())
    return frozenset(namespaces - words)


async def _about_score(call: NewCall) -> tuple[Question, Bounds] | None:
    place, day = path_of(call.path.env, call.body), DayQuery()
    of_score = Call(path=place, query=day, body=Nothing(), caller=call.caller, context=call.context)
    score = await scores.get_score.handler(of_score)
    assert isinstance(score, ServiceScore)
    question = score_question(score)
    return None if question is None else (question, Bounds(frozenset()))


async def _about_advice(call: NewCall) -> tuple[Question, Bounds] | None:
    place = path_of(call.path.env, call.body)
    of_one = Call(path=place, query=Nothing(), body=Nothing(), caller=call.caller, context=call.context)
    shown = await advice.get_advice.handler(of_one)
    assert isinstance(shown, Advice)
    return advice_question(shown)


async def _about_finding(call: NewCall) -> tuple[Question, Bounds] | None:
    """Return the question about a finding of this very service: whoever asks may see its namespace."""
    body = call.body
    found = await findings.one(call.context[ClickHouse], call.path.env, body.finding)
    if found is None or (found.object, found.namespace, found.name) != (body.kind, body.namespace, body.name):
        return None
    question = finding_question(found)
    return None if question is None else (question, Bounds(frozenset()))


ABOUT: Mapping[AiTask, Callable[[NewCall], Awaitable[tuple[Question, Bounds] | None]]] = {
    "explain_score": _about_score,
    "review_advice": _about_advice,
    "narrate_finding": _about_finding,
}
"""What each task is asked; None where there is nothing to ask."""


async def _load(call: Call[AiCallPath, Nothing, Nothing]) -> AiCallRow:
    """Return a question to whoever may see the service that it is about."""
    row = await call.context[Desk].load(call.path.env, call.path.id)
    authorize(call.caller.principal.grants, Role.VIEWER, row.env, row.namespace)
    return row


@endpoint("GET", COLLECTION + "/calls", tag="ai", role=Role.ADMIN)
async def list_ai_calls(call: Call[EnvPath, AiCallsQuery, Nothing]) -> AiCallList:
    """List the questions to the model: who asked what, what became of it, and what it took."""
    part = partial(queries.calls, call.context[ClickHouse], call.path.env)
    rows, total = await page_of(part, call.query)
    return AiCallList(
        items=[
            ListedAiCall.model_validate(
                {name: value for name, value in row._asdict().items() if name != "total"}
            )
            for row in rows
        ],
        total=total,
    )


@endpoint("GET", ITEM, tag="ai", role=Role.VIEWER, by_target=True)
async def get_ai_call(call: Call[AiCallPath, Nothing, Nothing]) -> AiCall:
    """Show a question to the model: what was sent, and the answer."""
    return _call_of(await _load(call))


@endpoint(
    "GET",
    ITEM + "/events",
    tag="ai",
    role=Role.VIEWER,
    by_target=True,
    media_types=("text/event-stream",),
    event_model=AiCall,
)
async def watch_ai_call(call: Call[AiCallPath, Nothing, Nothing]) -> Stream:
    """Follow a question to the model.

    Server-sent events: `progress` while it is asked, and `end` with the answer or why there is none, after
    which the stream closes. The data of both is an `AiCall`. Comments keep the connection open.
    """
    context, row, told = call.context, await _load(call), ""

    def tell(now: AiCallRow) -> str:
        nonlocal told
        before, told = told, "progress" if now.state == "asked" else "end"
        return "" if told == before else event(told, _call_of(now))

    look = partial(context[Desk].load, row.env, row.id)
    key = ("ai", row.env, row.id)
    return Stream(follow(context[Polls], key, row, look, tell, lambda one: one.state == "asked"))


@endpoint("GET", "/ai/status", tag="ai", role=Role.VIEWER)
async def get_ai_status(call: Call[Nothing, Nothing, Nothing]) -> AiStatus:
    """Say whether there is a model, and how much of it is left today."""
    desk = call.context[Desk]
    if not desk.configured:
        return AiStatus(configured=False, model=None, budget_left=None, budget=None, circuit="closed")
    return AiStatus(
        configured=True,
        model=desk.settings.ai_model,
        budget_left=await desk.budget_left(),
        budget=desk.settings.ai_daily_tokens,
        circuit=desk.circuit.state,
    )


def _call_of(row: AiCallRow, *, reused: bool = False) -> AiCall:
    """Return a question in the API's words."""
    answer = AiAnswer.model_validate_json(row.result) if row.result else None
    shared = (
        "namespace",
        "kind",
        "name",
        "id",
        "task",
        "state",
        "at",
        "model",
        "language",
        "share",
        "left_out",
    )
    values = {name: getattr(row, name) for name in (*shared, "sent")}
    return AiCall(**values, failure=row.failure or None, reused=reused, answer=answer)
