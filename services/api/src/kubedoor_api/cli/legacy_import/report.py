"""What was taken of the old tables, what was corrected on the way, and what was left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Generic, Literal, TypeVar

R = TypeVar("R")
Outcome = Literal["taken", "corrected", "left", "there"]
EXAMPLES = 3
TITLES: dict[Outcome, str] = {
    "taken": "taken",
    "corrected": "corrected on the way",
    "there": "there already",
    "left": "left, and why",
}


@dataclass(frozen=True)
class Note:
    """One row, or one value of it.

    :ivar date: the end of its window as the old table has it; empty in the control table.
    """

    outcome: Outcome
    table: str
    what: str
    env: str
    namespace: str = ""
    name: str = ""
    date: str = ""

    @property
    def where(self) -> str:
        """Name the row."""
        parts = [part for part in (self.env, self.namespace, self.name) if part]
        return "/".join(parts) + (f" {self.date}" if self.date else "")


@dataclass
class Moves(Generic[R]):
    """New rows, and what is to be told."""

    rows: list[R] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass
class Report:
    """Every note, and how many rows were read."""

    read: dict[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    applied: bool = False

    def add(self, notes: Iterable[Note]) -> None:
        """Add notes."""
        self.notes.extend(notes)

    def count(self, outcome: Outcome, table: str) -> int:
        """Return how many notes of a kind there are."""
        return sum(note.outcome == outcome and note.table == table for note in self.notes)

    def json(self) -> dict[str, object]:
        """Return everything."""
        return {"applied": self.applied, "read": self.read, "notes": [asdict(note) for note in self.notes]}

    def text(self) -> str:
        """Return a summary: how often what, with examples."""
        lines = [f"read: {', '.join(f'{n} rows of {table}' for table, n in self.read.items())}"]
        for outcome, title in TITLES.items():
            groups: dict[tuple[str, str], list[Note]] = defaultdict(list)
            for note in self.notes:
                if note.outcome == outcome:
                    groups[note.table, note.what].append(note)
            lines += ["", f"{title}:"] + ([] if groups else ["  nothing"])
            for (table, what), notes in sorted(groups.items(), key=lambda item: -len(item[1])):
                more = " ..." if len(notes) > EXAMPLES else ""
                examples = ", ".join(note.where for note in notes[:EXAMPLES])
                lines += [f"  {len(notes):>7} of {table}: {what}", f"          {examples}{more}"]
        done = "written" if self.applied else "a dry run: nothing was written; say --apply to write it"
        return "\n".join([*lines, "", done])
