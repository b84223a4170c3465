"""How much of each fault: the whole suite, or the short one that continuous integration runs."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Scale:
    """Counts and durations of a run.

    :ivar kills: how often each service is killed, and frozen.
    :ivar targets: Deployments upon which one operation acts.
    :ivar trouble_s: seconds for which a part is in trouble.
    :ivar rate_per_min: admissions a minute below the limit.
    :ivar rate_s: seconds of them.
    :ivar hostile: hostile inputs in all.
    :ivar users: console users at once.
    :ivar services: services in the control table of the large company.
    """

    kills: int = 20
    targets: int = 50
    trouble_s: float = 10.0
    rate_per_min: int = 20_000
    rate_s: float = 600.0
    overload_s: float = 60.0
    hostile: int = 100_000
    users: int = 200
    users_s: float = 60.0
    services: int = 20_000


WHOLE = Scale()
SHORT = Scale(
    kills=2, targets=20, trouble_s=1.0, rate_s=10.0, overload_s=5.0, hostile=2_000, users_s=6.0,
)  # fmt: skip
SHORT_ON_REAL = replace(SHORT, kills=1, targets=10)
"""What is made once more on a real control plane, which takes its time for each roll-out."""
