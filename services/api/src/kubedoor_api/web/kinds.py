"""What can be done with a service by its kind: Deployments are governed, the others are shown."""

from __future__ import annotations

from kubedoor_api.web.fields import ServiceName, ServicePath
from kubedoor_core.domain.workload import DEPLOYMENT
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import FieldError, Problem

CONFLICT = 409


def require_deployment(service: ServicePath) -> None:
    """Refuse to govern or to look for in the cluster what is no Deployment.

    :raises Problem: 409 with the kind.
    """
    if service.kind != DEPLOYMENT:
        raise Problem(
            CONFLICT,
            _reason(service),
            code=ProblemCode.KIND_NOT_GOVERNED,
            parameters=service.model_dump(),
        )


def kind_error(service: ServiceName, field: str) -> FieldError | None:
    """Return what is wrong with a service among many whose values are to change."""
    if service.kind == DEPLOYMENT:
        return None
    return {
        "field": field,
        "reason": _reason(service),
        "code": FieldCode.KIND_NOT_GOVERNED,
        "parameters": service.model_dump(include={"namespace", "kind", "name"}),
    }


def _reason(service: ServiceName) -> str:
    return (
        f"{service.full_name} is measured and shown, but admission and operations are for Deployments only:"
        " set its requests in its own manifest"
    )
