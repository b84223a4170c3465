"""Stored texts that are none of their column's values: read as unset, so that one row never takes others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, get_args

from kubedoor_core.domain.autoscaler import AutoscalerSource
from kubedoor_core.domain.control import ReplicasPolicy
from kubedoor_core.domain.derivation.rules import MemoryRule, RequestRule
from kubedoor_core.domain.mode import Mode
from kubedoor_core.domain.workload import WORKLOAD_KINDS

UNSET = ""
"""What an empty column holds; NULL is read as it."""
FIXED = "fixed"
"""The `replicas_policy` of rows from before autoscalers were found."""
VALID: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "control": {
        "kind": WORKLOAD_KINDS,
        "mode": (*Mode, UNSET),
        "replicas_policy": (*get_args(ReplicasPolicy), FIXED, UNSET),
    },
    "derived": {
        "kind": WORKLOAD_KINDS,
        "request_rule": (*get_args(RequestRule), UNSET),
        "memory_rule": (*get_args(MemoryRule), UNSET),
    },
    "autoscaler": {"kind": WORKLOAD_KINDS, "source": get_args(AutoscalerSource)},
}
"""The columns of each table that hold one of a few texts, and these."""
NAMED = 3
"""So many services are named where several have the same column wrong."""


class InvalidValue(NamedTuple):
    """A text that a row must not hold, and where."""

    table: str
    column: str
    namespace: str
    name: str
    value: str

    @property
    def key(self) -> tuple[str, str]:
        """Of which services: namespace and name."""
        return self.namespace, self.name


def complaints(found: Iterable[InvalidValue]) -> dict[str, int]:
    """Say what is wrong, a sentence for each column, with the number of its rows."""
    by_column: dict[tuple[str, str], list[InvalidValue]] = {}
    for one in sorted(found):
        by_column.setdefault((one.table, one.column), []).append(one)
    return {_sentence(*column, rows): len(rows) for column, rows in by_column.items()}


def _sentence(table: str, column: str, rows: list[InvalidValue]) -> str:
    named = ", ".join(f"{one.namespace}/{one.name} ({one.value!r})" for one in rows[:NAMED])
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    valid = ", ".join(value for value in VALID[table][column] if value != UNSET)
    read = "these rows are left out" if column == "kind" else "it is read as unset"
    return (
        f"the column {column} of the table {table} holds what is none of its values, of {named}{more}:"
        f" {read}; valid are {valid}: write the row again"
    )
