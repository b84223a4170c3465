"""Labels of services and their namespaces: who owns a service, and what else it is grouped by.

The leader lists them, metadata alone, and writes what has changed; they are told from the table, and so are
there while a cluster is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.kube import surroundings as kube
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.settings import store
from kubedoor_api.surroundings import queries
from kubedoor_api.surroundings.queries import LabelKey, LabelRow, Labels
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing, ServiceName
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import LABEL_COLUMNS, OWNER_LABELS
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import Trouble, get_logger

LIST_PAUSE_S = 300.0
RETRY_S = 30.0
NAMESPACE = "Namespace"

log = get_logger(__name__)


def changed(standing: Mapping[LabelKey, LabelRow], found: Mapping[LabelKey, Labels]) -> Iterator[LabelRow]:
    """Yield the rows that bring what is stored to what is found."""
    for key, labels in found.items():
        row = standing.get(key)
        if row is None or row.deleted or row.labels != labels:
            yield LabelRow(*key, labels, deleted=False, version=row.version if row else 0)
    for key, row in standing.items():
        if key not in found and not row.deleted:
            yield row._replace(labels={}, deleted=True)


async def keep_labels(context: Context, env: str) -> None:
    """Keep what is stored of an env's labels as its cluster has them."""
    if env not in context[Clusters].names:
        await asyncio.Event().wait()
    trouble = Trouble(log, "labels.not_listed", env=env)
    while True:
        try:
            # Where the cluster or ClickHouse can't be asked, nothing is taken away.
            deployments = await kube.labels(context[Clusters], env, "deployments")
            namespaces = await kube.labels(context[Clusters], env, "namespaces")
            found: dict[LabelKey, Labels] = {
                (space, "Deployment", name): of for (space, name), of in deployments.items()
            }
            found |= {(name, NAMESPACE, name): of for (_, name), of in namespaces.items()}
            now = datetime.now(UTC)
            standing = {row.key: row for row in await queries.labels(context[ClickHouse], env)}
            rows = [row.columns(env, now) for row in changed(standing, found)]
            await queries.insert(context[ClickHouse], "workload_label", rows)
            trouble.note("")
        except KubeDoorError as error:
            trouble.note(str(error))
        await asyncio.sleep(RETRY_S if trouble.reason else LIST_PAUSE_S)


class LabeledService(ServiceName):
    """Who owns a service, and the labels that the console has columns for."""

    owner: str
    """The team that owns it, as a label of it or of its namespace says; empty: none does"""
    labels: dict[str, str]
    """Its labels of the keys in `columns`, those that it bears"""


class ServiceLabels(Model):
    """Owners and labels of the services of an env."""

    owner_labels: list[str]
    """Keys of the labels that name the owner, as the setting `owner_labels` has them"""
    columns: list[str]
    """Keys of the labels that are told, as the setting `label_columns` has them"""
    items: list[LabeledService]
    """The services that bear any of them, or whose namespace names an owner"""


def owner_of(keys: Iterable[str], own: Labels, of_namespace: Labels) -> str:
    """Return the owner that the first of some keys names, of a service first, then of its namespace."""
    keys = tuple(keys)
    return next((labels[key] for labels in (own, of_namespace) for key in keys if labels.get(key)), "")


@endpoint("GET", "/envs/{env}/labels", tag="services", role=Role.VIEWER, by_target=True)
async def list_labels(call: Call[EnvPath, Nothing, Nothing]) -> ServiceLabels:
    """Return the owners and labels of the services that you may see, as they were last listed in the cluster.

    They are listed every five minutes, and kept while the cluster is away.
    """
    env = call.path.env
    policy = await store.policy(call.context, env)
    owners, columns = policy[OWNER_LABELS].keys, policy[LABEL_COLUMNS].keys
    scope = await namespace_scope(call.caller, call.context, env)
    rows = await queries.labels(call.context[ClickHouse], env, (*owners, *columns), scope)
    standing = [row for row in rows if not row.deleted]
    of_namespaces = {row.namespace: row.labels for row in standing if row.kind == NAMESPACE}
    items = [
        LabeledService(
            namespace=row.namespace,
            kind="Deployment",
            name=row.name,
            owner=owner_of(owners, row.labels, of_namespaces.get(row.namespace, {})),
            labels={key: row.labels[key] for key in columns if key in row.labels},
        )
        for row in standing
        if row.kind != NAMESPACE
    ]
    told = [one for one in items if one.owner or one.labels]
    return ServiceLabels(owner_labels=list(owners), columns=list(columns), items=told)
