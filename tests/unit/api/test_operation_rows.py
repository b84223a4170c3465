"""An operation is read from its row, also from one that an API before this one wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kubedoor_api.operations.notes import note
from kubedoor_api.operations.operation import (
    CountBefore,
    Desired,
    Operation,
    Refused,
    Restart,
    Rollback,
    Target,
    ToCount,
    operation_of,
    row_of,
)

AT = datetime(2027, 3, 1, 3, 30, tzinfo=UTC)
BEFORE = CountBefore(live=2, manual=None, made=4)
DESIRED: tuple[Desired, ...] = (
    Restart(),
    ToCount(replicas=4),
    Rollback(operation="0", before=BEFORE),
    Refused(note=note("twice", service="shop/cart")),
)


def operation(*targets: Target) -> Operation:
    return Operation(
        id="1", env="prod", kind="scale", requested_by="alice", requested_at=AT, targets=targets,
        rollback_on_failure=True,
    )  # fmt: skip


def stored(made: Operation) -> dict[str, object]:
    """The row as ClickHouse tells it."""
    return {**row_of(made), "requested_at": AT.isoformat(), "version": 7}


@pytest.mark.parametrize("desired", DESIRED)
def test_what_is_written_is_read(desired: Desired) -> None:
    target = Target("shop", "cart", desired, before=BEFORE, notes=(note("has_count_already", count=4),))
    found = operation_of(stored(operation(target, Target("shop", "pay", desired))))
    assert found.version == 7
    assert found.targets == (target, Target("shop", "pay", desired))
    assert found.targets[0].detail == "it asked for 4 already"


def test_a_row_of_before_there_were_notes_keeps_its_sentence() -> None:
    row = stored(operation(Target("shop", "cart", Restart())))
    found = operation_of({**row, "targets.detail": ["no room"], "targets.notes": [""]})
    assert found.targets[0].notes == (note("said", text="no room"),)


def test_a_rollback_goes_the_other_way_round_and_takes_what_was_changed() -> None:
    failed = [Target("shop", name, ToCount(replicas=4), before=BEFORE, state="failed") for name in "abc"]
    unknown = Target("shop", "d", ToCount(replicas=4), state="failed")
    back = operation(*failed, unknown).rollback("1-back", "bob", AT)
    assert [target.name for target in back.targets] == ["c", "b", "a"]
    assert (back.rollback_of, back.requested_by, back.rollback_on_failure) == ("1", "bob", False)
