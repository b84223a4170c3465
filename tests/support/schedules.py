"""Schedules for tests, and what makes them run without waiting for a clock on the wall."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.auth.people import RoleCheck
from kubedoor_api.commits.writer import Writer
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.cluster_configs import cluster_configs
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.notifications.courier import Sender
from kubedoor_api.operations.repository import OperationAdded
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, Api

SCHEDULES = f"{BASE}/schedules"
_END_OF_MARCH = date(datetime.now(UTC).year + 1, 3, 31)
SPRING = _END_OF_MARCH - timedelta(days=_END_OF_MARCH.isoweekday() % 7)
"""The next year's Sunday on which Berlin's clocks skip an hour, from 02:00 to 03:00."""
CART: Mapping[str, Any] = {"namespace": "shop", "name": "cart"}
Json = dict[str, Any]


class FakeClock:
    """A clock that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """The time."""
        return self.at

    def pass_(self, **delta: float) -> None:
        """Let time pass."""
        self.at += timedelta(**delta)


@asynccontextmanager
async def parts(settings: ApiSettings, clickhouse: ClickHouse) -> AsyncIterator[Context]:
    """What a handler or a work of the leader may use, without an application around it."""
    clusters = Clusters(cluster_configs(settings.env, settings.kubeconfig, settings.clusters_file))
    leadership = Leadership(settings, clusters)
    recorder, sender = AuditLogger(clickhouse), Sender("")
    yield Context(
        settings,
        clickhouse,
        Writer(clickhouse),
        clusters,
        recorder,
        sender,
        OperationAdded(),
        leadership,
        RoleCheck(),
    )
    await clusters.close()


def schedule(**changes: Any) -> Json:
    """A schedule as it is asked for: every night a restart of `shop/cart`, unless changed."""
    values = {"name": "nightly", "kind": "restart", "targets": [dict(CART)], "cron": "30 3 * * *"}
    return {**values, "timezone": "UTC", **changes}


def soon(seconds: float) -> str:
    """A time shortly ahead."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def made(api: Api, **changes: Any) -> Json:
    """Make a schedule and return it."""
    answer = await api.change("POST", SCHEDULES, schedule(**changes))
    assert answer.status == 201, answer.text
    found: Json = answer.json
    return found


async def runs_of(api: Api, schedule_id: str) -> list[Json]:
    """The runs of a schedule, the latest first."""
    answer = await api.get(f"{SCHEDULES}/{schedule_id}/runs")
    assert answer.status == 200, answer.text
    found: list[Json] = answer.json["items"]
    return found
