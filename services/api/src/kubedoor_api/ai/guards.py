"""Bounds an answer: cited facts must be known, a count lies within its bounds, texts are plain and short.

The real guard is that an answer can do nothing: it is words, enums and one bounded number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from kubedoor_api.ai.redaction import restored, visible
from kubedoor_api.ai.tasks import Check, Explanation, Level, Narrative, Reason, Review, Watch

MAX_CHARS = 300
MAX_REASONS = 8
_LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}:(?=/|\\)[^\s]*|\b(?:javascript|data|mailto|vbscript|tel):\S*|\bwww\.\S+"
    r"|(?<![\w.])(?:/|\\){2}[\w.-]+\S*)",
    re.IGNORECASE,
)
_DOMAIN = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.)+(?:com|net|org|io|dev|cn|ru|xyz|top|info|example|test|sh|app|ai|co|me)"
    r"(?![\w-])(?:[:/]\S*)?",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"!?\[([^\]]{0,300})\]\([^)]{0,2000}\)")
_REFERENCE = re.compile(r"!?\[([^\]]{0,300})\]\[[^\]]{0,300}\]|^[ \t]*\[[^\]]{1,300}\]:.*$", re.MULTILINE)
_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>?|<!--.*?(?:-->|\Z)", re.DOTALL)
_MARKS = re.compile(r"[`*_~]{2,}|`|^\s*#{1,6}\s", re.MULTILINE)
REMOVED = "[…]"


def plain_text(text: str, names: Mapping[str, str]) -> str:
    """Return what a model wrote as plain text: no link, no HTML, no Markdown, no control characters.

    :param names: the names by what stood for them.
    """
    text = visible(text[: 20 * MAX_CHARS])
    folded = unicodedata.normalize("NFKC", text)
    if _LINK.search(folded) or _DOMAIN.search(folded) or _TAG.search(folded):
        text = folded
    for pattern, instead in (
        (_MARKDOWN, r"\1"),
        (_REFERENCE, r"\1"),
        (_TAG, ""),
        (_LINK, REMOVED),
        (_DOMAIN, REMOVED),
        (_MARKS, ""),
    ):
        text = pattern.sub(instead, text)
    text = "".join(" " if unicodedata.category(one).startswith(("C", "Z")) else one for one in text)
    text = restored(" ".join(text.split()), names)
    return text if len(text) <= MAX_CHARS else text[: MAX_CHARS - 1] + "…"


@dataclass(frozen=True)
class Bounds:
    """What an answer is held to.

    :ivar ids: of the facts that were sent.
    :ivar names: the names by what stood for them.
    :ivar foreign: names of other namespaces, which no text may tell.
    :ivar least: fewest pods that a proposal may have, and ``most``; None where the task knows no count.
    :ivar because: name of the bound that holds the least.
    """

    ids: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    least: int | None = None
    most: int | None = None
    because: str = ""

    def tells_foreign(self, text: str) -> bool:
        """Tell whether a text names another namespace."""
        folded = unicodedata.normalize("NFKC", text).casefold()
        return any(word in self.foreign for word in re.findall(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", folded))


RefusedBecause = Literal["below_least", "above_most"]


@dataclass(frozen=True)
class Refused:
    """A proposal that was not taken."""

    replicas: int
    code: RefusedBecause
    bound: int
    because: str


@dataclass(frozen=True)
class GuardedReason:
    """A sentence, the facts that it relies on, and how likely it is where that was asked."""

    text: str
    facts: tuple[str, ...]
    likelihood: Level | None = None


@dataclass(frozen=True)
class Guarded:
    """An answer within its bounds.

    :ivar agrees: None where nothing was reviewed; ``proposal`` is beside ours, and a person accepts either.
    :ivar dropped: reasons without a known fact, or that told another namespace's name.
    """

    headline: str = ""
    reasons: tuple[GuardedReason, ...] = ()
    unknown: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    agrees: bool | None = None
    proposal: int | None = None
    refused: Refused | None = None
    risk: Level | None = None
    watch: tuple[Watch, ...] = ()
    dropped: int = 0


def guard(answer: Explanation | Review, bounds: Bounds) -> Guarded:
    """Return what of an answer may be shown."""
    if isinstance(answer, Review):
        reasons, dropped = _reasons(answer.reasons, bounds)
        proposal = None if answer.agree else answer.replicas
        refused = _refused(proposal, bounds)
        return Guarded(
            reasons=reasons,
            agrees=answer.agree or answer.replicas is None,
            proposal=None if refused else proposal,
            refused=refused,
            risk=answer.risk,
            watch=tuple(dict.fromkeys(answer.watch)),
            dropped=dropped,
        )
    kept, dropped = _reasons(answer.causes, bounds)
    headline = plain_text(answer.headline, bounds.names)
    plain = [plain_text(text, bounds.names) for text in answer.unknown[:MAX_REASONS]]
    unknown = tuple(text for text in plain if text and not bounds.tells_foreign(text))
    shown = Guarded("" if bounds.tells_foreign(headline) else headline, kept, unknown, dropped=dropped)
    checks = answer.checks if isinstance(answer, Narrative) else ()
    return replace(shown, checks=tuple(dict.fromkeys(checks)))


def _reasons(reasons: Sequence[Reason], bounds: Bounds) -> tuple[tuple[GuardedReason, ...], int]:
    kept = []
    for one in reasons:
        text = plain_text(one.text, bounds.names)
        facts = tuple(dict.fromkeys(fact for fact in one.facts if fact in bounds.ids))
        if facts and text and not bounds.tells_foreign(text):
            kept.append(GuardedReason(text, facts, getattr(one, "likelihood", None)))
    return tuple(kept[:MAX_REASONS]), len(reasons) - len(kept)


def _refused(proposal: int | None, bounds: Bounds) -> Refused | None:
    if proposal is None:
        return None
    shown = max(-(2**31), min(proposal, 2**31 - 1))
    if bounds.least is not None and proposal < bounds.least:
        return Refused(shown, "below_least", bounds.least, bounds.because)
    if bounds.most is not None and proposal > bounds.most:
        return Refused(shown, "above_most", bounds.most, "")
    return None
