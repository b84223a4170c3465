"""How many pods a service needs: pure functions of its daily rows and of what the cluster asks of it."""

from kubedoor_core.domain.advice.advise import Advice, Verdict, advise
from kubedoor_core.domain.advice.bounds import Bound, BoundName, TextCode
from kubedoor_core.domain.advice.constraints import Constraints, Held
from kubedoor_core.domain.advice.demand import Demand, demand_of
from kubedoor_core.domain.advice.facts import Fact
from kubedoor_core.domain.advice.history import ContainerHistory, ServiceHistory, TrafficHistory
from kubedoor_core.domain.advice.reasons import Reason
from kubedoor_core.domain.advice.saving import Saving
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.prices import Prices

__all__ = [
    "Advice",
    "AdvicePolicy",
    "Bound",
    "BoundName",
    "Constraints",
    "ContainerHistory",
    "Demand",
    "Fact",
    "Held",
    "Prices",
    "Reason",
    "Saving",
    "ServiceHistory",
    "TextCode",
    "TrafficHistory",
    "Verdict",
    "advise",
    "demand_of",
]
