"""What is asked of the model's endpoints, and what they tell."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.ai.failures import Failure
from kubedoor_api.ai.guards import RefusedBecause
from kubedoor_api.ai.question import Language, Share
from kubedoor_api.ai.tasks import Check, Level, Watch
from kubedoor_api.web.fields import SEGMENT, AskedService, EnvPath, Model, Page, ServiceName, Time

AiTask = Literal["explain_score", "review_advice", "narrate_finding"]
AiState = Literal["asked", "answered", "failed", "refused"]


class AiTaskPath(EnvPath):
    """A task."""

    task: AiTask
    """What the model is asked"""


class AiCallPath(EnvPath):
    """A question."""

    id: Annotated[str, Field(pattern=SEGMENT, max_length=128)]
    """Identity of the question"""


class NewAiCall(AskedService):
    """A question about a service."""

    language: Language = "en"
    """Language of the answer"""
    finding: Annotated[str, Field(pattern=r"^[0-9a-z-]{0,64}$")] = ""
    """With `narrate_finding`: identity of a finding about the service"""


class AiReason(Model):
    """A sentence of the model's, as plain text."""

    text: str
    """What it says"""
    facts: list[str]
    """Ids of the facts that it relies on; they are in `sent`"""
    likelihood: Level | None
    """How likely it is, as the model thinks; null where it was not asked"""


class AiRefused(Model):
    """A count that the model proposed and that is out of bounds."""

    replicas: int
    """What it proposed"""
    code: RefusedBecause
    """Which way it is out of bounds"""
    bound: int
    """The bound"""
    because: str
    """Name of what makes the bound, such as `availability`; may be empty"""


class AiAnswer(Model):
    """What the model says, within its bounds: plain text without links. Nothing of it is carried out."""

    headline: str
    """The whole in a sentence; may be empty"""
    reasons: list[AiReason]
    """Reasons, each with a fact that was sent"""
    unknown: list[str]
    """What would have to be measured"""
    checks: list[Check]
    """Where to look"""
    agrees: bool | None
    """Whether it agrees with our count; null where it reviewed none"""
    proposal: int | None
    """The count that it proposes beside ours, within the bounds"""
    refused: AiRefused | None
    """A proposal out of bounds"""
    risk: Level | None
    """Its estimate of the risk"""
    watch: list[Watch]
    """What to watch afterwards"""
    dropped: int
    """Reasons that were left out: without a known fact, or with another namespace's name"""


class AiCall(ServiceName):
    """A question to the model, and what became of it."""

    id: str
    """Identity"""
    task: str
    """What was asked"""
    state: AiState
    """`asked` until there is an answer, or none will come"""
    failure: Failure | None
    """Why there is no answer"""
    at: Time
    """When it was asked, UTC"""
    model: str
    """Name of the model"""
    language: Language
    """Language of the answer"""
    share: Share
    """What was shared with the model"""
    left_out: int
    """Facts and lines for which the question had no room"""
    reused: bool
    """The same was asked within the last seven days: this is that question"""
    answer: AiAnswer | None
    """The answer"""
    sent: str
    """What was sent, JSON"""


class AiStatus(Model):
    """Whether there is a model, and how much of it is left today."""

    configured: bool
    """Whether a model is configured"""
    model: str | None
    """Its name"""
    budget_left: int | None
    """Tokens that are left of the day's (UTC), of all envs together; null without a model"""
    budget: int | None
    """Tokens of a day"""
    circuit: Literal["closed", "open"]
    """`open`: its server failed several times and is left alone for some minutes"""


class AiCallsQuery(Page):
    """Which part of the list."""


class ListedAiCall(ServiceName):
    """A question in the list, without its texts."""

    id: str
    """Identity"""
    at: Time
    """When it was asked, UTC"""
    task: str
    """What was asked"""
    model: str
    """Name of the model"""
    language: str
    """Language of the answer"""
    share: str
    """What was shared"""
    actor: str
    """Who asked"""
    state: AiState
    """What became of it"""
    failure: str
    """Why there is no answer, in one word; empty where there is one"""
    detail: str
    """What the server said of it, or what was wrong with the answer"""
    output_mode: str
    """How the model was held to JSON"""
    attempts: int
    """Answers that it gave"""
    tokens: int
    """What it took; while it is asked: the most that it may take"""


class AiCallList(Model):
    """Questions to the model, the latest first."""

    items: list[ListedAiCall]
    """The questions"""
    total: int
    """How many there are"""
