"""What is asked and told of scores."""

from __future__ import annotations

from datetime import date as LocalDate  # noqa: N812 `date` is a field of most models here
from typing import Annotated

from pydantic import Field

from kubedoor_api.statistics.totals.models import DayQuery
from kubedoor_api.web.fields import LABEL, Model, Page, ServiceName, SortKeys
from kubedoor_core.domain.score import Grade, Part, Rule
from kubedoor_core.domain.score.deductions import Action

ScoreSort = Annotated[str, SortKeys("score", "namespace", "name")]


class ScoresQuery(DayQuery, Page):
    """Which services, and in which order."""

    namespace: Annotated[str, Field(pattern=LABEL, max_length=63)] | None = None
    """Only this namespace"""
    sort: ScoreSort = "score"
    """What to sort by; a leading `-` sorts downwards. Unknown scores come last either way"""


class Remedy(Model):
    """What could be done: one of the actions of this API, with its values."""

    action: Action
    """Which one"""
    parameters: dict[str, str | float]
    """Such as the container, the resource, and its value in m or MiB"""


class Deduction(Model):
    """Something that takes points off the score."""

    part: Part
    """Part of the score"""
    rule: Rule
    """What was found"""
    date: LocalDate
    """Local day on which it was found: the scored one, or that of the last kill"""
    points: float
    """Points of the score that it takes: with the score, all of them are a hundred"""
    value: float
    """What was measured"""
    threshold: float
    """From where on it takes points"""
    container: str | None
    """Name of the container; null where it is not one's"""
    remedy: Remedy | None
    """What could be done; null: none of our own actions helps"""
    changes: int
    """How many changes it takes to have the points back; `remedy` is the one that gives most"""


class ScoreParts(Model):
    """The parts of a score, 0 to 100 each; null where nothing of it is known."""

    cost: float | None
    """What is asked for and used at the peak"""
    safety: float | None
    """What may end a pod, or slow it down"""
    count: float | None
    """How far the pods are from what is needed"""
    runtime: float | None
    """What requests and garbage collection say"""
    steadiness: float | None
    """How evenly the pods work, and how well they are known"""


class ServiceScore(ServiceName):
    """A service's score at the peak of one day."""

    score: float | None
    """0 to 100; null where less than half of its weight is known"""
    grade: Grade | None
    """A from 90, B from 75, C from 60, D from 40, E"""
    known_pct: float
    """Share of the weight that is known"""
    parts: ScoreParts
    """The parts"""
    deductions: list[Deduction]
    """What takes points, the largest first"""


class ScoreDay(Model):
    """A score of one day."""

    date: LocalDate
    """Local day of the peak"""
    score: float | None
    """0 to 100; null while it is not known"""
    grade: Grade | None
    """The same as a letter"""
    known_pct: float
    """Share of the weight that is known"""


class ServiceScoreHistory(ServiceScore):
    """A service's score at the peak of one day, and of the days before."""

    history: list[ScoreDay]
    """The last 90 days up to it that were scored, oldest first"""


class NamespaceScore(Model):
    """The score of a namespace: the mean of its services', each by what its requests cost."""

    namespace: str
    """Kubernetes namespace"""
    services: int
    """Services that were seen"""
    score: float | None
    """0 to 100; null while none of them is known"""
    grade: Grade | None
    """The same as a letter"""
    known_pct: float
    """Share of the weight that is known, a mean likewise"""


class ScoreList(Model):
    """One part of the services' scores at the peak of one day."""

    date: LocalDate | None
    """The day; null while nothing has been collected"""
    items: list[ServiceScore]
    """The services"""
    total: int
    """Services in all parts"""
    score: float | None
    """Score of all of them, each by what its requests cost; null while none is known"""
    grade: Grade | None
    """The same as a letter"""
    known_pct: float
    """Share of the weight that is known, a mean likewise"""
    namespaces: list[NamespaceScore]
    """The same of each namespace, the lowest score first; unknown ones last"""
