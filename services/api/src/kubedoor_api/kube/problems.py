"""What people are told where a cluster refuses, or lacks, what they ask for."""

from __future__ import annotations

from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem


def forbidden(env: str, namespace: str, verb: str, resource: str, why: object) -> Problem:
    """Return the refusal of what the api's account may not do in a cluster.

    :param namespace: empty: in none of its namespaces.
    :param why: the cluster's words, or the error that holds them.
    """
    where = f"in namespace {namespace}" if namespace else "in all namespaces"
    return Problem(
        409,
        f"KubeDoor may not {verb} {resource} {where} of the cluster {env}: {why}",
        code=ProblemCode.CLUSTER_FORBIDS,
        parameters={"env": env, "namespace": namespace, "verb": verb, "resource": resource},
    )


def no_deployment(env: str, namespace: str | None, name: str | None) -> Problem:
    """Return the refusal of what is about a Deployment that does not run."""
    return Problem(
        404,
        f"There is no Deployment {namespace}/{name} in {env}",
        code=ProblemCode.NO_DEPLOYMENT,
        parameters={"env": env, "namespace": namespace, "name": name},
    )
