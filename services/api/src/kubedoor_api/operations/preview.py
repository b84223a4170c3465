"""What an operation would do, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.auth.roles import Role
from kubedoor_api.operations.service import authorize_targets, require_cluster
from kubedoor_core.problems import unavailable

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_api.http.operation import Caller
    from kubedoor_api.operations.models import NewOperation
    from kubedoor_api.operations.preview_models import OperationPreview


async def preview(caller: Caller, context: Context, env: str, request: NewOperation) -> OperationPreview:
    """Say what becomes of each service."""
    authorize_targets(caller, Role.OPERATOR, env, (target.namespace for target in request.targets))
    require_cluster(context, env)
    raise unavailable(f"The cluster {env} can't be asked for a preview yet")
