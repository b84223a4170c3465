"""From what was used to what is asked for: margin, floor, limit, autoscaler, and falls that are held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kubedoor_core.domain.arrays import Floats

FULL_PCT = 100.0
STEERED_BAND = 0.2
"""An autoscaler leaves the pods as they are within a tenth of its target, and lags behind a load that climbs.
Within twice that the request by which it steers stays: one that followed every day's last tenth would take
away a tenth of the pods each day, or keep the autoscaler from adding any while the load grows."""


@dataclass(frozen=True, eq=False)
class Bounds:
    """What a resource's requests keep to; an array has a value per container, NaN where there is none.

    Margin, fall and floor are one for all, or one for each.

    :ivar margin_pct: added to what was used.
    :ivar hold_fall_pct: a fall by no more than this is not made.
    :ivar floor: the least that is ever asked for; ``limit`` the most.
    :ivar target_pct: the utilisation that an autoscaler steers to.
    :ivar leave: where an autoscaler steers, the request stays as it is.
    """

    margin_pct: float | Floats
    hold_fall_pct: float | Floats
    floor: float | Floats
    limit: Floats
    target_pct: Floats
    leave: bool = False


def requests(used: Floats, old: Floats, bounds: Bounds, seen: Floats) -> Floats:
    """Return each container's request, in whole units; unknown use keeps the old one.

    Where an autoscaler steers by utilisation, a request that follows the use would be a loop: request down,
    utilisation up, pods up. Use / target is what leaves the pods as they were at that use; a margin on it
    would be a loop the other way. What stands stays while it is about that.

    :param old: the derived request that holds now; NaN for none.
    :param seen: what the pods themselves asked for; counts where an autoscaler steers and nothing is derived.
    """
    steered = np.isfinite(bounds.target_pct)
    target = np.where(steered, bounds.target_pct, FULL_PCT)
    margin = np.where(steered, 0.0, bounds.margin_pct)
    most = np.where(np.isfinite(bounds.limit), np.maximum(bounds.limit, bounds.floor), np.inf)
    needed = whole(used * (FULL_PCT + margin) / target)
    wanted = np.minimum(np.maximum(needed, bounds.floor), most)
    holds = (old >= bounds.floor) & (old <= most) & (wanted < old)
    held = holds & (old - wanted <= old * bounds.hold_fall_pct / FULL_PCT)
    stands = np.where(np.isfinite(old), old, seen)
    steady = steered & (np.abs(used * FULL_PCT / target - stands) <= stands * STEERED_BAND)
    steady &= (stands >= bounds.floor) & (stands <= most)
    left = steered & bounds.leave
    kept = ~np.isfinite(used) | held | left
    return np.where(kept, old, np.where(steady, stands, wanted))


def whole(values: Floats) -> Floats:
    """Round up to whole units; what is a whole number but for arithmetic stays."""
    return np.asarray(np.ceil(np.round(values, 6)), dtype=np.float64)
