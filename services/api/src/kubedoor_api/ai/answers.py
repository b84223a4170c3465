"""What a model may answer: the schemas that it is sent, and the types that its answer is held to."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

Json = dict[str, Any]

Level = Literal["low", "medium", "high"]
Watch = Literal["cpu", "memory", "latency", "errors", "gc", "restarts"]
Check = Literal[
    "logs",
    "previous_logs",
    "threads",
    "heap_info",
    "histogram",
    "compare_revisions",
    "node",
    "traffic",
    "rollback",
    "raise_memory_limit",
    "isolate",
]


class _Answer(BaseModel):
    """What is beyond the schema is left out: it means nothing to us."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class Reason(_Answer):
    """A sentence, and the facts that it relies on."""

    text: str
    facts: list[str]


class Cause(Reason):
    """A reason with how likely it is."""

    likelihood: Level


class Explanation(_Answer):
    """Why a score is what it is."""

    headline: str
    causes: list[Cause]
    unknown: list[str]


class Narrative(Explanation):
    """What may be behind a problem, and where to look."""

    checks: list[Check]


class Review(_Answer):
    """A second opinion on a count of pods."""

    agree: bool
    replicas: int | None
    risk: Level
    reasons: list[Reason]
    watch: list[Watch]


def _object(**properties: Json) -> Json:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


_TEXT: Json = {"type": "string"}
_TEXTS = _list(_TEXT)
_LEVEL: Json = {"type": "string", "enum": list(get_args(Level))}
_CAUSES = _list(_object(text=_TEXT, facts=_TEXTS, likelihood=_LEVEL))

# Lengths and ranges are checked here, not in the schemas: strict modes of several servers refuse them.
EXPLANATION = _object(headline=_TEXT, causes=_CAUSES, unknown=_TEXTS)
NARRATIVE = _object(
    headline=_TEXT,
    causes=_CAUSES,
    checks=_list({"type": "string", "enum": list(get_args(Check))}),
    unknown=_TEXTS,
)
REVIEW = _object(
    agree={"type": "boolean"},
    replicas={"type": ["integer", "null"]},
    risk=_LEVEL,
    reasons=_list(_object(text=_TEXT, facts=_TEXTS)),
    watch=_list({"type": "string", "enum": list(get_args(Watch))}),
)
