"""What keeps an operation waiting, by its state and by who works for its env."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kubedoor_api.leader.leadership import Standing
from kubedoor_api.operations.serializers import NOTHING, Waiting, waiting_of

NOW = datetime(2027, 3, 1, 3, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
WORDS = "may not get leases in namespace kubedoor of the cluster prod"
LEADS = Standing(leading=True, holder="me", trouble="", lease="kubedoor/kubedoor-api")
CAN_NOT = Standing(leading=False, holder="", trouble=WORDS, lease="kubedoor/kubedoor-api")
OTHER_WORKS = Standing(
    leading=False, holder="other", trouble=WORDS, lease="kubedoor/kubedoor-api", held_elsewhere=True
)
OTHER_IS_GONE = Standing(leading=False, holder="other", trouble=WORDS, lease="kubedoor/kubedoor-api")
FOLLOWS = Standing(leading=False, holder="other", trouble="", lease="kubedoor/kubedoor-api")
NO_CLUSTER = Standing(leading=False, holder="", trouble="no cluster is configured for prod here", lease="")


@pytest.mark.parametrize(
    ("standing", "state", "run_at", "expected"),
    [
        (LEADS, "pending", None, NOTHING),
        (FOLLOWS, "pending", None, NOTHING),
        (OTHER_WORKS, "pending", None, NOTHING),
        (CAN_NOT, "pending", None, Waiting("lease_unavailable", WORDS)),
        (CAN_NOT, "running", None, Waiting("lease_unavailable", WORDS)),
        (OTHER_IS_GONE, "running", None, Waiting("lease_unavailable", WORDS)),
        (NO_CLUSTER, "pending", None, Waiting("no_cluster", NO_CLUSTER.trouble)),
        (LEADS, "pending", LATER, Waiting("not_due", "It begins at 2027-03-01T04:30:00+00:00")),
        (CAN_NOT, "pending", LATER, Waiting("not_due", "It begins at 2027-03-01T04:30:00+00:00")),
        (LEADS, "pending", NOW, NOTHING),
        (CAN_NOT, "pending", NOW, Waiting("lease_unavailable", WORDS)),
        (CAN_NOT, "succeeded", None, NOTHING),
        (NO_CLUSTER, "cancelled", LATER, NOTHING),
    ],
)
def test_what_keeps_it_waiting(
    standing: Standing, state: str, run_at: datetime | None, expected: Waiting
) -> None:
    assert waiting_of(standing, state, run_at, NOW) == expected
