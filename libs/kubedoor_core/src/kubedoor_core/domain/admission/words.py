"""Changes and notes in English, for kubectl and logs. Nothing reads them back."""

from __future__ import annotations

from collections.abc import Mapping

from kubedoor_core.domain.admission.notes import Change, Note, NoteCode, ValueName

MAX_WARNING_CHARS = 200

WORDS: Mapping[NoteCode, str] = {
    NoteCode.NOT_REGISTERED: "{kind} {namespace}/{name} is not registered in KubeDoor:"
    " register it in the console, under Services",
    NoteCode.NAME_GENERATED: "A {kind} in {namespace} has no name yet (metadata.generateName), so it can't be"
    " registered in KubeDoor: give it a metadata.name, and register that in the console",
    NoteCode.REPLICAS_UNKNOWN: "replicas left at {replicas}: no count is known for this service yet",
    NoteCode.SCALED_BY_AUTOSCALER: "replicas left at {replicas}: set by an autoscaler",
    NoteCode.SCALE_TO_ZERO_ALLOWED: "replicas left at {replicas}: scaling to zero and back is allowed here",
    NoteCode.CONTAINER_DUPLICATED: "{container}: named twice, its resources are left alone",
    NoteCode.QUANTITY_INVALID: "{container}: {resource} {kind} is left alone: {value} is not a quantity",
    NoteCode.REQUEST_ABOVE_LIMIT: "{container}: {resource} request {before} is above the limit, lowered to"
    " {after}",
    NoteCode.REQUEST_DEFAULTS_TO_LIMIT: "{container}: no {resource} request is known, so the pod requests its"
    " limit of {limit}",
    NoteCode.LIMIT_OF_ZERO: "{container}: {resource} limit of 0, which is no limit, is removed:"
    " Kubernetes takes no request beside it",
    NoteCode.LIMIT_RANGE: "{container}: {resource} {kind} {before} is not allowed by the namespace's"
    " LimitRange, set to {after}",
    NoteCode.POD_RESOURCES_EXCEEDED: "resources are left alone: the containers' {resource} {kind} together"
    " would exceed the pod's {resource} {pod_kind} of {pod_value}",
    NoteCode.POD_LIMIT_RANGE: "resources are left alone: the pod's {resource} {kind} would not be allowed"
    " by the namespace's LimitRange",
    NoteCode.VALUES_NOT_SET: "not set in KubeDoor, left alone: {values}",
    NoteCode.COPY_STALE: "KubeDoor's copy of the control table is {age_s} s old and no longer used: allowed"
    " unchanged",
    NoteCode.COPY_STALE_REFUSED: "KubeDoor's copy of the control table is {age_s} s old and no longer used:"
    " refused until ClickHouse is back",
}


def note_words(note: Note) -> str:
    """Say a note."""
    return WORDS[note.code].format_map(dict(note.parameters))


def value_words(name: ValueName | Change) -> str:
    """Say which value is meant: `replicas`, or `app: cpu request`."""
    if name.resource == "replicas":
        return "replicas"
    return f"{name.container}: {name.resource} {name.kind}"


def change_words(change: Change) -> str:
    """Say a change: `replicas 10 -> 3 (manual)`."""
    before = "none" if change.before is None else change.before
    source = f" ({change.source})" if change.source else ""
    return f"{value_words(change)} {before} -> {change.after}{source}"


def shortened(text: str) -> str:
    """Return a warning as Kubernetes takes it: printable, at most 200 characters."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return text if len(text) <= MAX_WARNING_CHARS else text[: MAX_WARNING_CHARS - 3] + "..."
