"""What may be scaled, restarted and rolled back: the rule that the preview and the execution share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kubedoor_api.operations.manifests import Autoscaler, Live
from kubedoor_api.operations.notes import RefusedError
from kubedoor_api.operations.operation import (
    Bounds,
    BoundsBefore,
    CountBefore,
    Restart,
    Rollback,
    TemplateBefore,
    ToBounds,
    ToCount,
)
from kubedoor_api.operations.plan import Observed, Registered, plan

LIVE = Live({"metadata": {"name": "cart"}, "spec": {"replicas": 2, "template": {}}})
PAUSED = Live({**LIVE.manifest, "spec": {**LIVE.manifest["spec"], "paused": True}})
LEAVING = Live({**LIVE.manifest, "metadata": {"name": "cart", "deletionTimestamp": "2027-03-01T00:00:00Z"}})
ROW = Registered(replicas=3, autoscaled=False, manual=5, updated_by="ann")
STANDS = Observed(governed=True, live=LIVE, registered=ROW)
TO_BOUNDS = ToBounds(bounds=Bounds(min_replicas=2, max_replicas=6))


def autoscaler(name: str, owner: str = "") -> Autoscaler:
    return Autoscaler(name, Bounds(min_replicas=1, max_replicas=4), owner)


def back(before: CountBefore | BoundsBefore | TemplateBefore) -> Rollback:
    return Rollback(operation="op", before=before)


OWN = (autoscaler("a"),)
TWO = (*OWN, autoscaler("b"))
COUNT = CountBefore(live=1, manual=1, made=4)
BOUNDS = BoundsBefore(
    autoscaler="a", bounds=Bounds(min_replicas=1, max_replicas=2), made=Bounds(min_replicas=1, max_replicas=3)
)


@pytest.mark.parametrize(
    ("desired", "observed", "reason"),
    [
        (Restart(), replace(STANDS, governed=False), "not_governed"),
        (Restart(), replace(STANDS, live=None), "missing"),
        (Restart(), replace(STANDS, live=LEAVING), "being_deleted"),
        (Restart(), replace(STANDS, live=PAUSED), "paused"),
        (ToCount(replicas=4), replace(STANDS, registered=None), "not_registered"),
        (ToCount(replicas=4), replace(STANDS, autoscalers=OWN), "autoscaled"),
        (ToCount(replicas=4), replace(STANDS, autoscalers=TWO), "several_autoscalers"),
        (ToCount(replicas=4), replace(STANDS, registered=replace(ROW, autoscaled=True)), "autoscaled"),
        (ToCount(), replace(STANDS, registered=replace(ROW, replicas=None)), "no_count"),
        (TO_BOUNDS, STANDS, "no_autoscaler"),
        (TO_BOUNDS, replace(STANDS, autoscalers=TWO), "several_autoscalers"),
        (TO_BOUNDS, replace(STANDS, autoscalers=(autoscaler("a", "web"),)), "owned_autoscaler"),
        (back(COUNT), STANDS, "left_as_it_is"),
        (back(COUNT), replace(STANDS, registered=None), "not_registered"),
        (back(BOUNDS), STANDS, "left_as_it_is"),
        (back(BOUNDS), replace(STANDS, autoscalers=OWN), "left_as_it_is"),
        (back(TemplateBefore(restarted_by="earlier")), STANDS, "left_as_it_is"),
    ],
)
def test_what_can_not_be_done_is_refused(desired: Any, observed: Observed, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        plan("prod", "shop", "cart", desired, observed)
    assert refused.value.note.reason == reason


def test_a_scale_keeps_what_stood_before() -> None:
    planned = plan("prod", "shop", "cart", ToCount(replicas=4), STANDS)
    assert (planned.replicas, planned.before) == (4, CountBefore(live=2, manual=5, made=4))
    assert plan("prod", "shop", "cart", ToCount(), STANDS).replicas == 3


def test_bounds_are_moved_and_moved_back() -> None:
    moved = plan("prod", "shop", "cart", TO_BOUNDS, replace(STANDS, autoscalers=OWN))
    standing = Bounds(min_replicas=1, max_replicas=4)
    assert (moved.autoscaler, moved.bounds) == ("a", TO_BOUNDS.bounds)
    assert moved.before == BoundsBefore(autoscaler="a", bounds=standing, made=TO_BOUNDS.bounds)
    rollback = back(replace_made(BOUNDS, standing))
    assert plan("prod", "shop", "cart", rollback, replace(STANDS, autoscalers=OWN)).bounds == (BOUNDS.bounds)


def replace_made(before: BoundsBefore, made: Bounds) -> BoundsBefore:
    return before.model_copy(update={"made": made})


def test_a_rollback_restores_what_nobody_has_changed_since() -> None:
    count = CountBefore(live=1, manual=None, made=5)
    assert plan("prod", "shop", "cart", back(count), STANDS).replicas == 1
    assert plan("prod", "shop", "cart", back(TemplateBefore()), STANDS).before == TemplateBefore()
