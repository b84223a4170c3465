"""What is asked and told of accepted advice."""

from __future__ import annotations

from datetime import date as LocalDate  # noqa: N812 as in the other models

from kubedoor_api.advice.outcomes.looks import OutcomeState, Worse
from kubedoor_api.web.fields import Model, Page, ServiceName, Time


class OutcomesQuery(Page):
    """Which accepted advice, the newest first."""

    state: OutcomeState | None = None
    """Only of this state"""
    since: LocalDate | None = None
    """First local day; without it a year ago"""


class AcceptedAdvice(ServiceName):
    """The latest acceptance of a service, and what became of it."""

    advice_id: str
    """The advice"""
    at: Time
    """When it was accepted, UTC"""
    actor: str
    """Who accepted it"""
    before: int
    """Pods that the service had when the advice was made"""
    replicas: int
    """The count that was accepted"""
    looks: int
    """Days since on which the service ran with that count and was looked at, at most three"""
    state: OutcomeState
    """`held`: nothing got worse on three days; `regretted`: something did; `watched`: not known yet"""
    worse: list[Worse]
    """What got worse on the last of these days"""
    stands: bool
    """Whether the control table has its count still, so that it can be rolled back"""
    operation_id: str
    """The operation that scaled to the count; empty where none did"""


class AcceptedAdvicePage(Model):
    """One part of the accepted advice of an env."""

    items: list[AcceptedAdvice]
    """The acceptances"""
    total: int
    """How many there are in all parts"""
