"""What autoscalers steer to by utilisation."""

from __future__ import annotations

from typing import NamedTuple


class UtilisationTargets(NamedTuple):
    """The utilisation of requests that a service's autoscaler steers to, per cent; None for none."""

    cpu_pct: int | None = None
    mem_pct: int | None = None


NO_TARGETS = UtilisationTargets()
