"""What leaves: rounded numbers, names by their numbers, lines as templates, and no more than has room."""

from __future__ import annotations

import json

import pytest

from kubedoor_api.ai.question import MAX_LINE_CHARS, MAX_LINES, Message, Question, Share, message_of, rounded
from kubedoor_api.ai.redaction import Name

QUESTION = Question(
    about={"least": 3, "most": 123, "service": Name("svc", "cart"), "namespace": Name("ns", "shop")},
    facts=[
        {"id": "f1", "name": "demand_cpu_m", "value": 3481.7, "container": Name("ctr", "app")},
        {"id": "f2", "name": "qps", "value": 0.04567, "container": Name("ctr", "app")},
    ],
    changes=[{"id": "c1", "what": "scaled", "of": Name("svc", "cart")}],
    lines=["cart: GET /a took 12 ms", "cart: GET /a took 99 ms", "password=abcdefgh"],
)


def sent(share: Share = "numbers", max_chars: int = 24_000, question: Question = QUESTION) -> Message:
    return message_of(
        question, {"task": "t", "version": 1, "language": "en"}, share=share, max_chars=max_chars
    )


def test_only_numbers_leave_by_default() -> None:
    message = sent()
    read = json.loads(message.text)
    assert read["bounds"] == {"least": 3, "most": 123, "namespace": "ns-01", "service": "svc-01"}
    assert read["facts"][0] == {"id": "f1", "name": "demand_cpu_m", "value": 3500, "container": "ctr-01"}
    assert (read["facts"][1]["value"], read["facts"][1]["container"], read["data"]) == (0.046, "ctr-01", [])
    assert not {"cart", "shop", "app"} & set(message.text.replace('"', " ").split())
    assert message.names == {"svc-01": "cart", "ns-01": "shop", "ctr-01": "app"}
    assert message.ids == {"f1", "f2", "c1"}


def test_names_and_lines_leave_where_they_are_shared() -> None:
    assert json.loads(sent("names").text)["bounds"]["service"] == "cart"
    assert json.loads(sent("names").text)["data"] == []
    data = json.loads(sent("names_and_logs").text)["data"]
    assert data == [
        {"text": "cart: GET /a took 12 ms", "times": 2},
        {"text": "password=[removed]", "times": 1},
    ]


def test_lines_are_bounded() -> None:
    lines = [f"{letter * 3}{other} {'y' * 999}" for letter in "abcdefgh" for other in "qwertzuiop"]
    data = json.loads(sent("names_and_logs", question=Question({}, [{"id": "f"}], lines=lines)).text)["data"]
    assert len(data) == MAX_LINES
    assert {len(one["text"]) for one in data} == {MAX_LINE_CHARS}


def test_what_has_no_room_is_left_out_in_the_order_of_its_weight() -> None:
    whole = len(sent("names_and_logs").text)
    without_a_line = sent("names_and_logs", whole - 1)
    assert (without_a_line.left_out, len(json.loads(without_a_line.text)["data"])) == (1, 1)
    bare = len(sent("names", question=Question(QUESTION.about, QUESTION.facts)).text)
    facts_only = sent("names_and_logs", bare)
    read = json.loads(facts_only.text)
    assert (read["data"], read["changes"]) == ([], [])
    assert facts_only.ids == {"f1", "f2"}
    assert facts_only.left_out == 3
    with pytest.raises(ValueError, match="does not fit"):
        sent(max_chars=100)


def test_the_same_question_is_the_same_text() -> None:
    shuffled = Question(
        dict(reversed(list(QUESTION.about.items()))),
        [dict(reversed(list(one.items()))) for one in QUESTION.facts],
        QUESTION.changes,
    )
    assert json.loads(sent(question=shuffled).text)["facts"] == json.loads(sent().text)["facts"]
    slightly = [{**QUESTION.facts[0], "value": 3460.0}, QUESTION.facts[1]]
    assert sent(question=Question(QUESTION.about, slightly, QUESTION.changes)).text == sent().text


@pytest.mark.parametrize(
    ("number", "short"), [(412, 410), (0.0, 0), (float("nan"), None), (float("inf"), None), (-1.26, -1.3)]
)
def test_two_digits_are_kept(number: float, short: float | None) -> None:
    assert rounded(number) == short
