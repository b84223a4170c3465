"""Which services a selector means, among the live Deployments of the governed namespaces."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters
from kubedoor_api.schedules.label_selector import NoRequirementError, check_selector
from kubedoor_api.schedules.times import BadFieldError
from kubedoor_api.settings import store
from kubedoor_api.web.fields import AskedService, ServiceName
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from kubedoor_api.schedules.models import Selector
    from kubedoor_api.web.endpoint import Context

FORBIDDEN, BUSY, BROKEN = 403, 429, 500
APART = 5
"""Up to so many namespaces are asked for one by one; for more, all Deployments are."""


def check_labels(text: str) -> str:
    """Return a label selector that Kubernetes takes.

    :raises BadFieldError: naming the requirement that is none.
    """
    try:
        check_selector(text)
    except NoRequirementError as error:
        code = FieldCode.LABELS_UNREADABLE
        raise BadFieldError("selector.labels", str(error), code, value=error.part) from error
    return text


async def _live(context: Context, env: str, selector: Selector) -> AsyncIterator[ServiceName]:
    apart = selector.namespaces if len(selector.namespaces) <= APART else []
    for namespace in apart or [""]:
        try:
            async for found in workloads.every(context[Clusters], env, namespace, selector.labels):
                metadata = found["metadata"]
                yield AskedService(namespace=metadata["namespace"], name=metadata["name"])
        except ClusterRefusedError as error:
            raise _refused(error, env, namespace) from error


def _refused(error: ClusterRefusedError, env: str, namespace: str) -> Problem:
    where = f"in namespace {namespace}" if namespace else "in all namespaces"
    if error.status == FORBIDDEN:
        return Problem(
            409,
            f"may not list deployments {where} of the cluster {env}: {error.words}",
            code=ProblemCode.CLUSTER_FORBIDS,
            parameters={"env": env, "namespace": namespace, "verb": "list", "resource": "deployments"},
        )
    if error.status == BUSY or error.status >= BROKEN:
        return unavailable(str(error), env)
    return Problem(409, str(error), code=ProblemCode.CLUSTER_REFUSED, parameters={"env": env})


async def select(context: Context, env: str, selector: Selector) -> list[ServiceName]:
    """Return the services that a selector means now, by namespace and name.

    :raises Problem: 409 where the env has no cluster or refuses, 503 where it has too much to do.
    :raises UnavailableError: the cluster can't be asked.
    """
    governs = await store.governs(context, env)
    found = [
        service
        async for service in _live(context, env, selector)
        if governs(service.namespace)
        and (not selector.namespaces or service.namespace in selector.namespaces)
        and fnmatch.fnmatchcase(service.name, selector.name or "*")
    ]
    return sorted(found, key=lambda service: (service.namespace, service.name))
