"""The count that is meant to last, where the one in the control table is for a time only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kubedoor_api.operations import queries
from kubedoor_api.operations.plan import Lasting
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import effective

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Context
    from kubedoor_api.web.fields import ServicePath
    from kubedoor_core.domain.control import DerivedRow, ExpertRow


async def lasting_count(
    context: Context, path: ServicePath, expert: ExpertRow | None, derived: DerivedRow | None
) -> Lasting | None:
    """Return what comes back after the manual count that stands; None: that one is meant to last."""
    if expert is None or expert.replicas_manual is None:
        return None
    key = (path.namespace, path.name)
    before = await queries.counts_before_those_for_a_time(context[ClickHouse], path.env, [key])
    if key not in before:
        return None
    held = effective(replace(expert, replicas_manual=before[key]), derived)
    return Lasting(before[key], held.replicas if held else None)
