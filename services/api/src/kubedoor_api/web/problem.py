"""The problem document's shape, for the description of the API."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from kubedoor_api.web.fields import Model
from kubedoor_core.problem_codes import FieldCode, ProblemCode


class FieldProblem(Model):
    """One wrong field."""

    field: str
    """Where it is, such as `containers.0.limit_cpu_m`"""
    reason: str
    """Why it was not taken, and what would be"""
    code: FieldCode
    """The kind of fault, such as `missing` or `greater_than_equal`; `not_taken`: only the reason tells"""
    parameters: dict[str, Any]
    """What the kind of fault is about, such as `{"ge": 0}`"""


class ProblemDocument(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    """`about:blank`: the status says the kind"""
    title: str
    """The status in words"""
    status: int
    """HTTP status"""
    detail: str
    """One sentence for a person: what is wrong and what to do"""
    code: ProblemCode
    """The kind of refusal: `no_cluster`, `operation_ended`, ...; where the status says all, a word for it"""
    parameters: dict[str, Any]
    """What the detail is about, by name: the `role` that a 403 takes, the `part` that a 503 lacks"""
    errors: list[FieldProblem] | None = None
    """The fields that are wrong"""
    current: dict[str, Any] | None = None
    """With 412: what stands now, as its GET answers it"""
