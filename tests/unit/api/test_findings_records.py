"""What was changed of what holds for a service: by edits, and by what is derived behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kubedoor_api.findings.before import Aspect, Change
from kubedoor_api.findings.facts import Subject
from kubedoor_api.findings.records import Version, of_versions
from kubedoor_core.domain.control import ContainerValues
from support.findings import NOW

CART = Subject("Deployment", "shop", "cart")
SINCE = NOW - timedelta(hours=1)
MOST = 6


def version(
    minutes: float, limit_mem: int | None = None, *, removed: bool = False, mode: str = ""
) -> Version:
    """What was said so long before the look: a limit, or nothing of it."""
    values = (ContainerValues("app", None, None, None, limit_mem),)
    at = NOW - timedelta(minutes=minutes)
    return Version(CART, int(at.timestamp()), at, "jane", None, mode, removed, values)


def told(edits: list[Version], derived: list[Version]) -> list[tuple[str, tuple[Aspect, ...]]]:
    found: list[Change] = list(of_versions(edits, derived, SINCE, MOST))
    return [(one.code, one.aspects) for one in found if one.aspects]


def lowered(before: int, after: int) -> tuple[Aspect, ...]:
    return (Aspect("limit_mem_mib lowered", "app", before, after),)


def test_the_first_edit_changes_what_was_derived() -> None:
    assert told([version(5, 384)], [version(9000, 512)]) == [("edit", lowered(512, 384))]


def test_an_edit_that_is_taken_back_leaves_what_is_derived() -> None:
    raised = (Aspect("limit_mem_mib raised", "app", 384, 512),)
    assert told([version(90, 384), version(5)], [version(9000, 512)]) == [("edit", raised)]


def test_what_is_derived_behind_an_edit_changes_nothing() -> None:
    derived = [version(9000, 512), version(5, 256)]
    assert told([version(90, 384)], derived) == []
    assert told([version(90)], derived) == [("derived", lowered(512, 256))]
    assert told([], derived) == [("derived", lowered(512, 256))]


def test_what_nobody_knows_before_is_not_told() -> None:
    assert told([], [version(5, 512)]) == []
    many = [version(10 - number, 500 - number) for number in range(MOST)]
    assert told(many, [version(9000, 512)]) == [
        ("edit", lowered(500 - number, 499 - number)) for number in range(MOST - 1)
    ]


@pytest.mark.parametrize("derived", [[], [version(9000, 512)]])
def test_a_service_is_registered_and_removed(derived: list[Version]) -> None:
    registered = told([version(90, removed=True), version(5, 384)], derived)
    assert registered == [("edit", (Aspect("registered"),))]
    removed = told([version(90, 384), version(5, removed=True)], derived)
    assert removed == [("edit", (Aspect("removed"),))]


def test_a_mode_is_told_and_what_is_older_is_not() -> None:
    edits = [version(90, 384), version(70, 300), version(5, 300, mode="off")]
    assert told(edits, []) == [("edit", (Aspect("mode", "", None, "off"),))]
