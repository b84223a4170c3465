"""Secrets and personal data leave no text, wherever they stand; what is none stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubedoor_api.ai.redaction import MAX_CHARS, Redaction
from support.secrets_made import Planted, planted

ALL = list(planted())
WORDS = st.text(st.characters(categories=("L", "N", "P", "Z")), max_size=40)


def test_there_are_two_hundred() -> None:
    assert len({one.secret for one in ALL}) == 200


@pytest.mark.parametrize("kind", sorted({one.kind for one in ALL}))
def test_no_secret_is_left(kind: str) -> None:
    for one in (each for each in ALL if each.kind == kind):
        said = Redaction()(one.line)
        assert one.secret not in said, one
        for part in one.secret.split():
            assert part not in said, (part, said)


@settings(max_examples=150, deadline=None)
@given(before=WORDS, after=WORDS, one=st.sampled_from(ALL))
def test_nothing_around_a_secret_saves_it(before: str, after: str, one: Planted) -> None:
    said = Redaction()(f"{before} {one.line} {after}")
    assert one.secret not in said


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(WORDS, st.sampled_from([one.line for one in ALL])), max_size=4).map(" ".join))
def test_what_is_redacted_stays_as_it_is(text: str) -> None:
    once = Redaction()(text)
    assert Redaction()(once) == once


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    assert len(Redaction()(text)) <= 40 * (len(text) + 1)


@pytest.mark.parametrize(
    "text",
    [
        "OOMKilled: container app used 2011 MiB of 2048",
        "GET /api/v1/orders/42 took 1250 ms on 2026-11-27 at 10:15:03",
        "Back-off restarting failed container shop-cart-7f9c6d5b8-x2x9k",
        "readiness probe failed: HTTP 503",
        "java.lang.OutOfMemoryError: Java heap space at com.shop.Cart.add(Cart.java:120)",
        "v1.27.3 of registry/shop/cart",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Redaction()(text) == text


def test_an_address_keeps_its_number_within_a_question() -> None:
    redact = Redaction()
    assert redact("10.0.0.1 asked 10.0.0.2") == "ip-1 asked ip-2"
    assert redact("10.0.0.2 and ::1 and 300.1.1.1") == "ip-2 and ip-3 and 300.1.1.1"


@pytest.mark.parametrize(
    "hidden",
    ["pass\u200bword=hunter2hunter", "ｐａｓｓｗｏｒｄ＝hunter2hunter", "\u202epassword=hunter2hunter"],
)
def test_characters_that_nobody_sees_hide_nothing(hidden: str) -> None:
    assert "hunter2" not in Redaction()(hidden)


def test_a_long_text_is_cut_before_a_secret_not_within_it() -> None:
    text = "word " * (MAX_CHARS // 5 - 1) + "password=abcdefghijkl and more"
    assert "abc" not in Redaction()(text)


@pytest.mark.parametrize("run", ["a", "ab_", "a.", "1:", "A1", "token", "://", '"', "a@", "::", "%4"])
def test_no_text_takes_long(run: str) -> None:
    """Quadratic expressions would take minutes for all of these; the test ends at its own timeout."""
    for _ in range(20):
        Redaction()(run * (MAX_CHARS // len(run)))
