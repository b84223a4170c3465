"""One question to a model's server, and one more with what was wrong with its answer; then the guards."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kubedoor_api.ai.failures import Failure, GatewayError
from kubedoor_api.ai.gateway import Gateway, tokens_of
from kubedoor_api.ai.guards import Bounds, Guarded, guard
from kubedoor_api.ai.question import Language, Message, Question, Share, canonical, message_of
from kubedoor_api.ai.tasks import InvalidAnswerError, Task, read_answer

ANSWERS = 2
"""The answer, and one that is repaired."""
MAX_QUOTED = 4000
"""Characters of an invalid answer that its repair quotes."""


@dataclass(frozen=True)
class Asked:
    """A question of somebody about one service.

    :ivar bounds: what the answer is held to; its ids and names come from the message.
    """

    env: str
    namespace: str
    kind: str
    name: str
    actor: str
    task: Task
    question: Question
    language: Language = "en"
    share: Share = "numbers"
    bounds: Bounds = field(default_factory=lambda: Bounds(frozenset()))

    def message(self, max_chars: int) -> Message:
        """Return what leaves.

        :raises ValueError: not even one fact has room.
        """
        task = self.task
        head = {"task": task.name, "version": task.version, "language": self.language}
        return message_of(self.question, head, share=self.share, max_chars=max_chars, keys=task.keys)


@dataclass(frozen=True)
class Outcome:
    """How a question ended.

    :ivar sent: the last body as it was sent, JSON; empty where nothing was answered.
    """

    result: Guarded | None = None
    failure: Failure | None = None
    detail: str = ""
    answer: str = ""
    sent: str = ""
    mode: str = ""
    attempts: int = 0
    tokens: int = 0


async def converse(gateway: Gateway, asked: Asked, message: Message) -> Outcome:
    """Ask, and once more with what is wrong with the answer; whatever happens is an outcome."""
    bounds = replace(asked.bounds, ids=message.ids, names=message.names)
    spoken, outcome = [said("user", message.text)], Outcome()
    for attempt in range(1, ANSWERS + 1):
        try:
            reply = await gateway.ask(asked.task, asked.task.instructions(asked.language), spoken)
        except GatewayError as error:
            tokens = outcome.tokens + (tokens_of(len(message.text)) if error.code == "timeout" else 0)
            return replace(outcome, failure=error.code, detail=error.detail, tokens=tokens)
        cut_off = reply.finish == "length"
        outcome = Outcome(
            failure="declined" if reply.declined else "cut_off" if cut_off else "invalid",
            answer=reply.text,
            sent=canonical(reply.body),
            mode=reply.mode,
            attempts=attempt,
            tokens=outcome.tokens + reply.tokens,
        )
        if reply.declined:
            return outcome
        try:
            answer = read_answer(reply.text, asked.task.answer, cut_off=cut_off)
        except InvalidAnswerError as error:
            outcome = replace(outcome, detail=str(error))
            quoted = said("assistant", reply.text[:MAX_QUOTED])
            again = (
                f"Your answer was not valid. {error} Answer again, only with the JSON object of the schema."
            )
            spoken = [spoken[0], quoted, said("user", again)]
            continue
        return replace(outcome, failure=None, result=guard(answer, bounds))
    return outcome


def said(role: str, content: str) -> dict[str, str]:
    """Return a message of a conversation."""
    return {"role": role, "content": content}
