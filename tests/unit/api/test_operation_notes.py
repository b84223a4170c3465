"""What operations and schedules have to say: each code has words, here and in the console."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import get_args

import pytest

from kubedoor_api.kube.retry import AskingError, AskingReason
from kubedoor_api.kube.rollout import TroubleKind
from kubedoor_api.operations.notes import (
    NOTES,
    WORDS,
    OperationNoteCode,
    Reason,
    cluster_note,
    note,
    sentence,
)

CODES: tuple[OperationNoteCode, ...] = get_args(OperationNoteCode)
I18N = Path(__file__).resolve().parents[3] / "frontend/src/i18n"


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_console_says_every_note_with_its_parameters(language: str) -> None:
    messages = json.loads((I18N / language / "operationNote.json").read_text())
    assert set(messages) == set(CODES)
    wanted = {code: parameters(WORDS.get(code, "{text}")) for code in CODES}
    assert {code: parameters(messages[code]) for code in CODES} == wanted


def test_what_the_cluster_answers_has_a_code() -> None:
    said = [cluster_note(AskingError("its words", reason)) for reason in get_args(AskingReason)]
    said += [note(kind, text="its words") for kind in get_args(TroubleKind)]
    assert {str(one) for one in said} == {"its words"}
    assert [one.reason for one in said] == [*get_args(AskingReason), *get_args(TroubleKind)]


def test_a_note_says_why_in_one_word() -> None:
    assert note("count_changed_since", by="ann", count=4).reason == "left_as_it_is"
    assert note("set_to_autoscaled", service="shop/cart").reason == "autoscaled"
    assert note("has_count_already", count=3).reason == ""
    assert {note(code, text="").reason for code in CODES} == set(get_args(Reason))


def test_notes_are_read_back_and_said_one_after_the_other() -> None:
    made = (note("no_progress", text="0 of 2 pods"), note("rollback_failed"))
    assert NOTES.validate_json(NOTES.dump_json(made)) == made
    assert sentence(made) == "0 of 2 pods; rolled back, and that failed too"
