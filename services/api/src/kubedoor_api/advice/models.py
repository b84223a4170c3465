"""What is asked and told of advice."""

from __future__ import annotations

from datetime import date as LocalDate  # noqa: N812 `date` is a field of some models here
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kubedoor_api.operations.models import MAX_TARGETS, Care, OperationDetail
from kubedoor_api.web.fields import (
    LABEL,
    AskedService,
    Model,
    NamespaceName,
    Note,
    Page,
    Replicas,
    ServiceName,
    SortKeys,
    Time,
    Version,
    WorkloadName,
    require_once,
)
from kubedoor_core.domain.advice import BoundName, Reason, TextCode, Verdict
from kubedoor_core.domain.advice.facts import FactName, FactSource

AdviceSort = Annotated[str, SortKeys("money", "namespace", "name", "confidence", "replicas_now", "pods")]
Identity = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class AdviceQuery(Page):
    """Which advice, and in which order."""

    verdict: Verdict | None = None
    """Only of this verdict"""
    namespace: Annotated[str, Field(pattern=LABEL, max_length=63)] | None = None
    """Only of this namespace"""
    min_month: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """Only what saves at least so much money a month; nothing where no price is known"""
    sort: AdviceSort = "-money"
    """What to sort by, such as the money saved or the pods (`pods`); a leading `-` sorts downwards. Where no
    price is known, by the cpu that is saved"""


class AdviceFact(Model):
    """A number that advice is founded on."""

    id: str
    """What bounds name it by"""
    name: FactName
    """What it is"""
    value: float
    """The number, in the unit of its name"""
    date: LocalDate | None
    """The local day that it is of; null where it is not a day's"""
    source: Annotated[FactSource, Field(alias="from")]
    """Where it comes from"""
    container: str | None
    """The container that it is of; null for the service's"""


class AdviceBound(Model):
    """The least pods for one reason."""

    name: BoundName
    """Which reason"""
    least: int
    """The least pods"""
    text_code: TextCode
    """Which sentence its numbers make"""
    parameters: dict[str, float | str]
    """The numbers of that sentence, by their names"""
    facts: list[str]
    """The facts that it follows from, by their ids"""
    container: str | None
    """The container that needs most; null where it is the service that does"""


class AdviceSaving(Model):
    """What is asked for less; below 0 where it is more."""

    cpu_m: float
    """CPU requests, millicores"""
    mem_mib: float
    """Memory requests, MiB"""
    money_month: float | None
    """The same in money a month; null where a price is not known"""
    currency: str
    """Currency, three letters (ISO 4217)"""


class Advice(ServiceName):
    """Advice on how many pods a service should have."""

    id: str
    """Identity: what an acceptance names"""
    at: Time
    """When it was made, UTC"""
    verdict: Verdict
    """`fewer`, `same` or `more`; `none` where reasons stand against advice; `unknown` where its days don't
    tell enough"""
    replicas_now: int
    """Pods that the service has, or, `of_least`, the least that its autoscaler keeps"""
    replicas_needed: int | None
    """The largest of its bounds but for the step; null where it is unknown"""
    replicas_advised: int | None
    """One careful step towards it"""
    replicas_available: int | None
    """The least that disruptions need: no smaller count is accepted"""
    binding: BoundName | None
    """The bound that decides on what is needed"""
    confidence: float
    """How far its days can be trusted, 0..1"""
    as_of: LocalDate
    """The last local day that it looked at"""
    next_step_after: LocalDate | None
    """When the next step can come if this one is accepted on the day after `as_of` and holds; null: there is
    none"""
    bounds: list[AdviceBound]
    """The bounds"""
    facts: list[AdviceFact]
    """The numbers that they follow from"""
    saving: AdviceSaving | None
    """What is asked for less with the advised count; null where it is unknown"""
    not_because: list[Reason]
    """Why there is no advice"""
    of_least: bool
    """Whether it is about the least count of an autoscaler"""
    version: Version
    """Version of the service that it was computed from"""
    load: list[float | None]
    """Requests a second of one pod in the peak hours of each day up to `as_of`, the oldest first; null where
    that is not known, empty where no source counts them"""
    ai: None = None
    """What a model says of it; null: nothing was asked"""


class VerdictCount(Model):
    """How much advice there is of one verdict."""

    verdict: Verdict
    """The verdict"""
    services: int
    """Services"""


class AdviceTotals(Model):
    """What all the advice of a list comes to, in all of its parts."""

    services: int
    """Services"""
    pods: int
    """Pods that are advised less; below 0 where it is more"""
    cpu_m: float
    """CPU requests that are saved, millicores"""
    mem_mib: float
    """Memory requests that are saved, MiB"""
    money_month: float | None
    """Money a month that is saved; null where no price is known"""
    currency: str
    """Currency, three letters (ISO 4217)"""
    verdicts: list[VerdictCount]
    """How many services have which verdict, whichever is listed"""


class AdviceList(Model):
    """One part of the advice of an env."""

    items: list[Advice]
    """The advice"""
    totals: AdviceTotals
    """What all of it comes to"""
    as_of: LocalDate | None
    """The last local day that the latest of it looked at; null while none has been made"""
    stale: bool
    """Whether that day is more than two days ago"""


class AcceptItem(AskedService):
    """An advice to accept."""

    namespace: NamespaceName
    """Kubernetes namespace"""
    kind: Literal["Deployment"] = "Deployment"
    """Kind of workload: advice is accepted for Deployments"""
    name: WorkloadName
    """Name of the workload"""
    replicas: Replicas
    """The count, or, of advice `of_least`, the least count: the advised one or another, but none below
    `replicas_available`"""
    advice_id: Identity
    """The advice"""
    version: Version
    """Version of the service that it is based on"""


class Accept(Care):
    """Advice to accept, all of it or none, and how it takes effect."""

    items: Annotated[list[AcceptItem], Field(min_length=1, max_length=MAX_TARGETS)]
    """The advice, each service once"""
    how: Literal["control", "now"] = "control"
    """`control`: the control table has the count, and the next rollout or scale takes it; `now`: it is scaled
    to besides, by an operation"""

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        require_once("items", self.items)
        return self


class Accepted(ServiceName):
    """An advice that was accepted."""

    advice_id: str
    """The advice"""
    replicas: int
    """The count"""
    replicas_before: int | None
    """The count that the control table held before; null: it had none"""


class AcceptResult(Model):
    """What was accepted."""

    items: list[Accepted]
    """The advice, in the given order"""
    version: Version | None
    """Version of the services' rows since; null where the control table was left alone"""
    operation: OperationDetail | None
    """What scales to the counts; null: nothing does yet"""


class DismissItem(AskedService):
    """An advice that nobody wants to hear."""

    namespace: NamespaceName
    """Kubernetes namespace"""
    name: WorkloadName
    """Name of the workload"""
    advice_id: Identity
    """The advice"""


class Dismiss(Model):
    """Advice to dismiss."""

    items: Annotated[list[DismissItem], Field(min_length=1, max_length=MAX_TARGETS)]
    """The advice, each service once"""
    until: LocalDate
    """The local day from which on there is advice again"""
    reason: Note = ""
    """Why, for whoever looks next"""

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        require_once("items", self.items)
        return self


class Dismissed(Model):
    """What was dismissed."""

    items: list[ServiceName]
    """The services"""
    until: LocalDate
    """The local day from which on there is advice again"""


class RollBackItem(AskedService):
    """An accepted advice to take back."""

    namespace: NamespaceName
    """Kubernetes namespace"""
    name: WorkloadName
    """Name of the workload"""
    advice_id: Identity
    """The advice that was accepted"""


class StatisticsQuery(Model):
    """Since when."""

    since: LocalDate | None = None
    """First local day; without it a year ago"""


class DecidedInMonth(Model):
    """What was decided on the services of a namespace in a month."""

    namespace: str
    """Kubernetes namespace"""
    month: LocalDate
    """First day of the month, UTC"""
    accepted: int
    """Pieces of advice that were accepted"""
    dismissed: int
    """Pieces of advice that were dismissed"""
    expired: int
    """Pieces of advice that nobody decided on before they could not be accepted any more"""
    held: int
    """Of the accepted ones, those after which nothing got worse on three days"""
    regretted: int
    """Of the accepted ones, those after which something did"""
    cpu_m: float | None
    """CPU that is requested less since than at equal load before, millicores; null: nothing is known yet"""
    mem_mib: float | None
    """Memory likewise, MiB"""
    money_month: float | None
    """The same in money a month; null where no price is known, or nothing else is"""


class AdviceStatistics(Model):
    """What became of advice."""

    since: LocalDate
    """First local day"""
    accepted: int
    """Pieces of advice that were accepted"""
    dismissed: int
    """Pieces of advice that were dismissed"""
    expired: int
    """Pieces of advice that nobody decided on before they could not be accepted any more"""
    held: int
    """Of the accepted ones, those after which nothing got worse on three days"""
    regretted: int
    """Of the accepted ones, those after which something did"""
    money_month: float | None
    """What is saved a month by those that were not regretted, as measured: requests on a day since against
    those on the day before whose load was nearest; null where no price is known"""
    currency: str
    """Currency, three letters (ISO 4217)"""
    items: list[DecidedInMonth]
    """By month and namespace"""
