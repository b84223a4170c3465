"""A body with a million faults is refused in few words."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from kubedoor_api.control.bulk import Import
from kubedoor_api.web.parse import MAX_LISTED, MAX_NAMED, refuse
from kubedoor_core.problems import Problem


def refusal(count: int) -> Problem:
    with pytest.raises(ValidationError) as error:
        Import.model_validate_json(json.dumps({f"extra-{number}": 1 for number in range(count)}), strict=True)
    return refuse(error.value, "body")


def test_the_first_hundred_faults_are_named_and_the_others_counted() -> None:
    few = refusal(3)
    assert (len(few.errors), "more" in few.detail) == (3, False)
    many = refusal(MAX_NAMED + 5)
    assert len(many.errors) == MAX_NAMED
    assert "(and 5 more than are named here)" in many.detail


def test_faults_without_end_are_counted_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = refusal(MAX_LISTED + 1)
    assert (problem.errors, f"{MAX_LISTED + 1} values" in problem.detail) == ([], True)
    assert len(problem.response().body or b"") < 1000  # type: ignore[arg-type]  # these are bytes
