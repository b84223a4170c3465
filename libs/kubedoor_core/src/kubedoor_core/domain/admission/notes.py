"""What a decision says: changes and notes, as values. The words are made from them where they are read."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NamedTuple

Resource = Literal["replicas", "cpu", "memory"]
ValueKind = Literal["", "request", "limit"]
ChangeSource = Literal["", "manual", "ai", "observed"]


class NoteCode(StrEnum):
    """Why something is refused, left alone, or set to another value than the control table's."""

    NOT_REGISTERED = "not_registered"
    NAME_GENERATED = "name_generated"
    REPLICAS_UNKNOWN = "replicas_unknown"
    SCALED_BY_AUTOSCALER = "scaled_by_autoscaler"
    SCALE_TO_ZERO_ALLOWED = "scale_to_zero_allowed"
    CONTAINER_DUPLICATED = "container_duplicated"
    QUANTITY_INVALID = "quantity_invalid"
    REQUEST_ABOVE_LIMIT = "request_above_limit"
    REQUEST_DEFAULTS_TO_LIMIT = "request_defaults_to_limit"
    LIMIT_OF_ZERO = "limit_of_zero"
    LIMIT_RANGE = "limit_range"
    POD_RESOURCES_EXCEEDED = "pod_resources_exceeded"
    POD_LIMIT_RANGE = "pod_limit_range"
    VALUES_NOT_SET = "values_not_set"
    COPY_STALE = "copy_stale"
    COPY_STALE_REFUSED = "copy_stale_refused"


Parameter = str | int


class Note(NamedTuple):
    """A code and its parameters, which are in the order of their names so that equal notes are equal."""

    code: NoteCode
    parameters: tuple[tuple[str, Parameter], ...] = ()

    @classmethod
    def of(cls, code: NoteCode, **parameters: Parameter) -> Note:
        """Make a note."""
        return cls(code, tuple(sorted(parameters.items())))

    def json(self) -> dict[str, object]:
        """Return it as the admission log and the API have it."""
        return {"code": self.code.value, "parameters": dict(self.parameters)}


class Change(NamedTuple):
    """One governed value before and after, as Kubernetes writes it; None where there was none.

    :ivar container: empty for the count of pods.
    :ivar source: where a count comes from.
    """

    container: str
    resource: Resource
    kind: ValueKind
    before: str | None
    after: str
    source: ChangeSource = ""

    def json(self) -> dict[str, object]:
        """Return it as the admission log and the API have it."""
        container, resource, kind, before, after, source = self
        return {
            "container": container,
            "resource": resource,
            "kind": kind,
            "before": before,
            "after": after,
            "source": source,
        }


class ValueName(NamedTuple):
    """A value of a container, such as `app: cpu request`."""

    container: str
    resource: Resource
    kind: ValueKind
