"""A log's lines, however the bytes are cut."""

from __future__ import annotations

import pytest

from kubedoor_api.pods.log_lines import MAX_LINE_BYTES, Line, LineSplitter

STAMP = "2026-11-03T10:00:00.123456789Z"


def lines(*chunks: bytes) -> list[Line]:
    splitter = LineSplitter()
    found = [line for chunk in chunks for line in splitter.add(chunk)]
    return found + splitter.end()


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_the_same_lines_come_however_the_bytes_are_cut(step: int) -> None:
    text = f"{STAMP} first\n{STAMP} zoë \x1b[31mred\x1b[0m\nno time\n\n{STAMP} last".encode()
    chunks = [text[i : i + step] for i in range(0, len(text), step)]
    assert lines(*chunks) == [
        Line(STAMP, "first"),
        Line(STAMP, "zoë \x1b[31mred\x1b[0m"),
        Line("", "no time"),
        Line("", ""),
        Line(STAMP, "last"),
    ]


def test_what_is_no_text_is_shown_as_such() -> None:
    assert lines(f"{STAMP} ".encode() + b"\xff\xfe\n") == [Line(STAMP, "\ufffd\ufffd")]


@pytest.mark.parametrize("step", [1000, 10_000, 1_000_000])
def test_a_line_without_end_comes_in_pieces_that_nothing_is_lost_of(step: int) -> None:
    words = "".join(f"{number} " for number in range(20_000))
    text = f"{STAMP} {words}\n{STAMP} next\n".encode()
    found = lines(*(text[i : i + step] for i in range(0, len(text), step)))
    assert found[-1] == Line(STAMP, "next")
    assert "".join(line.text for line in found[:-1]) == words
    assert [line.continued for line in found[:-1]] == [False] + [True] * (len(found) - 2)
    assert all(line.at == STAMP and len(line.text) <= 2 * MAX_LINE_BYTES for line in found)
