"""What an env's leader does about findings: it looks every half minute, keeps what it finds and tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.findings import queries
from kubedoor_api.findings.before import WINDOW, Change, node_changes, ranked, rollouts
from kubedoor_api.findings.causes import RECENT, signs
from kubedoor_api.findings.facts import Facts, Subject
from kubedoor_api.findings.measured import Measuring, keep_usual, measure
from kubedoor_api.findings.models import FindingView, finding_of, view_of
from kubedoor_api.findings.reading import (
    read_claim,
    read_deployment,
    read_node,
    read_pod,
    read_quota,
    read_replica_set,
    read_volume,
)
from kubedoor_api.findings.told import REASONS, with_events
from kubedoor_api.findings.tracking import Finding, Folded, Tracked, fold, step
from kubedoor_api.findings.words import headline, message
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.surroundings import LookedAtName, WatchedName
from kubedoor_api.kube_events import queries as kube_events
from kubedoor_api.kube_events.event import KubeEvent
from kubedoor_api.surroundings.watch import QuotaWatches, Watched
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.events import event_row
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

LOOK_PAUSE_S = 30.0
TOLD_WITHIN = timedelta(hours=1)
AGAIN_PAUSE_S = 15.0
"""What was seen once is looked for again sooner, so that it is found within a minute of its beginning. A new
leader looks sooner, too: it may still be listing what there is."""
READERS: Mapping[WatchedName | LookedAtName, Callable[[Any], object]] = {
    "pods": read_pod,
    "nodes": read_node,
    "deployments": read_deployment,
    "replicasets": read_replica_set,
    "persistentvolumeclaims": read_claim,
    "persistentvolumes": read_volume,
}
"""What is watched, and what is kept of each object. Quotas are watched for the surroundings anyway."""
OPENED, CLOSED = "finding.opened", "finding.closed"

log = get_logger(__name__)


@dataclass(frozen=True)
class Look:
    """How the last look of this instance at an env went.

    :ivar trouble: why there was none; empty otherwise. ``unmeasured``: why some of what only metrics tell
        was not looked for.
    """

    at: datetime | None = None
    trouble: str = ""
    unmeasured: str = ""


class Looks(dict[str, Look]):
    """The last look at each env that this instance leads."""


async def keep_findings(context: Context, env: str) -> None:
    """Watch an env's cluster and look for what is wrong, while leading it and where it is switched on."""
    clusters = context[Clusters]
    if not context[ApiSettings].findings or env not in clusters.names:
        await asyncio.Event().wait()
    told = asyncio.Event()
    watched: dict[str, Watched[Any]] = {name: Watched(name, read, told) for name, read in READERS.items()}
    looks, measuring = context[Looks], Measuring()
    async with asyncio.TaskGroup() as group:
        for one in watched.values():
            group.create_task(one.run(clusters, env))
        group.create_task(keep_usual(context, env, measuring))
        tracked: Tracked | None = None
        while True:
            try:
                tracked = await _look(context, env, watched, measuring, tracked)
            except KubeDoorError as error:
                trouble = str(error)
                if trouble != looks.get(env, Look()).trouble:
                    log.warning("findings.not_looked", env=env, reason=trouble)
                looks[env] = replace(looks.get(env, Look()), trouble=trouble)
            again = tracked is None or bool(tracked.waiting)
            await asyncio.sleep(min(AGAIN_PAUSE_S, LOOK_PAUSE_S) if again else LOOK_PAUSE_S)


class NotWatchedError(KubeDoorError):
    """Part of the cluster is not known, so that nothing can be said of it."""


async def _look(
    context: Context,
    env: str,
    watched: Mapping[str, Watched[Any]],
    measuring: Measuring,
    before: Tracked | None,
) -> Tracked:
    """Look once; nothing is opened or closed where part of the cluster is not known.

    :param before: None: this instance has just become the leader.
    :raises KubeDoorError: the cluster or ClickHouse could not be asked.
    """
    clickhouse, now = context[ClickHouse], datetime.now(UTC)
    quotas = context[QuotaWatches].get(env)
    if quotas is None:
        raise NotWatchedError("the resourcequotas are being listed")
    watched = {**watched, "resourcequotas": quotas}
    for name, one in watched.items():
        if one.found is None:
            raise NotWatchedError(one.trouble or f"the {name} are being listed")
    if before is None:
        standing = [finding_of(one, now) for one in await queries.still_open(clickhouse, env)]
        before = Tracked({one.key: one for one in standing}, {})
    measured = await measure(context, env, measuring)
    facts = replace(
        facts_of(watched, now),
        refusals=await queries.refusals(clickhouse, env, now - RECENT),
        events=await _told(context, env, now),
        figures=measured.figures,
        unknown=measured.unknown,
    )
    found = await asyncio.to_thread(causes, facts)
    after = step(env, before, found, now, facts.unknown)
    opened = await _with_changes(clickhouse, env, after.opened, facts)
    views = [view_of(one) for one in (*opened, *after.changed, *after.closed)]
    if views:
        await queries.write(clickhouse, env, views, now)
        events = [_event(env, OPENED, view_of(one), now) for one in opened]
        events += [_event(env, CLOSED, view_of(one), now) for one in after.closed]
        await clickhouse.insert("event", events)
        log.info("findings.changed", env=env, opened=len(opened), closed=len(after.closed))
    context[Looks][env] = Look(now, unmeasured=measured.trouble)
    return replace(after.tracked, open={**after.tracked.open, **{one.key: one for one in opened}})


async def _told(context: Context, env: str, now: datetime) -> tuple[KubeEvent, ...]:
    """Return what Kubernetes has told lately that may be evidence; nothing where it is not kept."""
    if not context[ApiSettings].keep_events:
        return ()
    return tuple(await kube_events.by_reason(context[ClickHouse], env, sorted(REASONS), now - TOLD_WITHIN))


def facts_of(watched: Mapping[str, Watched[Any]], now: datetime) -> Facts:
    """Return what is known of a cluster now: copies, which a thread may read while the watches go on."""
    found = {name: dict(one.found or {}) for name, one in watched.items()}
    return Facts(
        now=now,
        pods=found["pods"],
        nodes={name: node for (_, name), node in found["nodes"].items()},
        deployments=found["deployments"],
        replica_sets=found["replicasets"],
        claims=found["persistentvolumeclaims"],
        volumes={name: volume for (_, name), volume in found["persistentvolumes"].items()},
        quotas=tuple(quota for one in found["resourcequotas"].values() if (quota := read_quota(one))),
    )


def causes(facts: Facts) -> list[Folded]:
    """Return what is wrong, one for each cause."""
    return fold([with_events(sign, facts) for sign in signs(facts)], facts)


async def _with_changes(
    clickhouse: ClickHouse, env: str, opened: list[Finding], facts: Facts
) -> list[Finding]:
    """Return new findings with what was changed within the hour before each."""
    if not opened:
        return []
    since = min(one.began_at for one in opened) - WINDOW
    services = sorted({service for one in opened for service in _concerned(one)})
    changes = await queries.changes(clickhouse, env, services, since)
    changes += [change for service in services for change in rollouts(facts, service, since)]
    changes += node_changes(facts, since)
    return [replace(one, changes=tuple(_before(one, changes))) for one in opened]


def _concerned(finding: Finding) -> tuple[Subject, ...]:
    """Return the workloads whose changes may have brought a finding about."""
    own = finding.key.subject
    return finding.affected if own.kind in ("Node", "ResourceQuota") else (own,)


def _before(finding: Finding, changes: list[Change]) -> list[Change]:
    concerned = _concerned(finding)
    node = finding.key.subject.kind == "Node"
    own = [
        one
        for one in changes
        if one.subject in concerned
        or (one.subject.kind == "Node" and (not node or one.subject != finding.key.subject))
        or (one.subject.kind == "Namespace" and one.subject.namespace in ("", finding.key.subject.namespace))
    ]
    reason = str(finding.evidence[0].parameters.get("reason", "")) if finding.evidence else ""
    return ranked(finding.key.kind, finding.key.container, finding.began_at, own, reason)


def _event(env: str, kind: str, finding: FindingView, now: datetime) -> dict[str, str]:
    """Return what people are told, under one identity however often it is written."""
    over = kind == CLOSED
    return event_row(
        f"{kind}:{finding.id}",
        now,
        env,
        kind,
        f"over: {headline(finding)}" if over else message(finding),
        {"finding": finding.id, "kind": finding.kind},
        severity="" if over else finding.severity,
        namespace=finding.namespace,
        name=finding.name if finding.object == "Deployment" else "",
    )
