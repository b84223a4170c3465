"""What is told of an env at its peak."""

from __future__ import annotations

from datetime import date as LocalDate  # noqa: N812 `date` is a field of most models here

from kubedoor_api.statistics.score.models import Deduction, ScoreDay
from kubedoor_api.statistics.totals.models import Money, Totals
from kubedoor_api.web.fields import Model, ServiceName
from kubedoor_core.domain.score import Grade


class PointsToGain(ServiceName, Deduction):
    """Something that takes points of one service, and what the service weighs."""

    money_month: float | None
    """What the service's requests cost a month, so much do its points weigh; null while no price is known"""


class EnvScore(Model):
    """How well the services ask for what they use: the mean of theirs, each by what its requests cost.

    As it is kept: a day is scored within minutes of its collection.
    """

    score: float | None
    """0 to 100; null while none is known, or the day is not scored yet"""
    grade: Grade | None
    """The same as a letter"""
    known_pct: float
    """Share of the weight that is known, a mean likewise"""
    days: list[ScoreDay]
    """The last 90 days up to the shown one that are scored, oldest first"""
    cheapest: list[PointsToGain]
    """The ten changes that would raise it most: points x what the service's requests cost / changes"""


class Overview(Model):
    """An env at its peak: all of it, or the namespaces that you may see."""

    date: LocalDate | None
    """The day; null while nothing has been collected"""
    scope: list[str] | None
    """The namespaces that the figures are of, where you may not see all of the env; null: all"""
    totals: Totals | None
    """Its totals"""
    money: Money | None
    """The same in money; null while no price is known"""
    score: EnvScore | None
    """Its score; null while nothing has been collected"""
    registered: int
    """Registered services"""
    unregistered: int
    """Services that were seen that day and are not registered"""
