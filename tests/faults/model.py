"""What must hold of edits and decisions: a ledger of what was acknowledged, independent of the product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What is known of an edit."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """No answer, or a failure: it may have been made, and may still be."""


@dataclass
class Edit:
    """One edit of one service, which sets all its values from one number; times are monotonic seconds."""

    number: int
    sent_s: float
    outcome: Outcome = Outcome.SENT
    ended_s: float = float("inf")

    def end(self, outcome: Outcome, at_s: float) -> None:
        """Say what came of it."""
        self.outcome, self.ended_s = outcome, at_s


class Ledger:
    """The edits of each service in their order; a service has one editor, who sends one after the other."""

    def __init__(self) -> None:
        self._edits: dict[str, list[Edit]] = defaultdict(list)

    def send(self, service: str, number: int, at_s: float) -> Edit:
        """Note that an edit is sent."""
        edit = Edit(number, at_s)
        self._edits[service].append(edit)
        return edit

    @property
    def services(self) -> list[str]:
        """All that were edited."""
        return sorted(self._edits)

    def count(self, outcome: Outcome) -> int:
        """How many edits came out so."""
        return sum(edit.outcome is outcome for edits in self._edits.values() for edit in edits)

    def allowed(self, service: str, since_s: float, until_s: float) -> set[int]:
        """The numbers that a decision between two moments may come from.

        That is the last edit that was acknowledged before the first moment, and whatever was sent after it
        and before the second.
        """
        edits = self._edits[service]
        base = max(
            (
                place
                for place, edit in enumerate(edits)
                if edit.outcome is Outcome.ACKNOWLEDGED and edit.ended_s <= since_s
            ),
            default=0,
        )
        later = edits[base:]
        return {edit.number for edit in later if edit.sent_s <= until_s and edit.outcome != Outcome.REFUSED}

    def wrong_history(self, service: str, found: Sequence[int]) -> list[str]:
        """Hold a service's history against the ledger; return what is wrong, in words.

        :param found: the numbers of its versions, oldest first.
        """
        edits, wrong = self._edits[service], []
        for edit in edits:
            times = found.count(edit.number)
            if edit.outcome is Outcome.ACKNOWLEDGED and times == 0:
                wrong.append(f"{service}: the acknowledged edit {edit.number} is lost")
            if edit.outcome is Outcome.REFUSED and times:
                wrong.append(f"{service}: the refused edit {edit.number} was made")
            if times > 1:
                wrong.append(f"{service}: the edit {edit.number} was made {times} times")
        known = [edit.number for edit in edits]
        wrong += [f"{service}: {number} was never sent" for number in found if number not in known]
        if list(found) != sorted(found):
            wrong.append(f"{service}: the edits were made in another order: {list(found)}")
        return wrong

    def wrong_standing(self, service: str, number: int | None) -> list[str]:
        """Hold what stands now against the ledger."""
        allowed = self.allowed(service, float("inf"), float("inf"))
        if number in allowed:
            return []
        return [f"{service}: {number} stands instead of {' or '.join(map(str, sorted(allowed)))}"]


@dataclass(frozen=True)
class Decision:
    """What admission made of a Deployment with absurd values."""

    allowed: bool
    replicas: int | None = None
    cpu_m: int | None = None
    mem_mib: int | None = None


BASE = 1000
"""An edit of number N means N pods, BASE + N millicores and BASE + N MiB."""


def wrong_decision(service: str, decision: Decision, numbers: set[int]) -> str | None:
    """Hold a decision against the numbers that it may come from; return what is wrong, in words."""
    if not decision.allowed:
        return f"{service}: refused, though it is registered"
    number = decision.replicas
    if number is None or (decision.cpu_m, decision.mem_mib) != (BASE + number, BASE + number):
        return f"{service}: {decision} is no whole edit"
    if number not in numbers:
        return f"{service}: decided by {number} instead of {' or '.join(map(str, sorted(numbers)))}"
    return None


def wrong_generations(
    before: dict[str, int], now: dict[str, int], done: dict[str, int], *, what: str = "touched"
) -> list[str]:
    """Hold how often each Deployment was changed against how often that was reported as done."""
    return [
        f"{name}: {what} {now.get(name, 0) - before.get(name, 0)} times, {done.get(name, 0)} were reported"
        for name in sorted(before)
        if now.get(name, 0) - before.get(name, 0) != done.get(name, 0)
    ]
