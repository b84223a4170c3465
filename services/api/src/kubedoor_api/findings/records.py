"""What the tables have of changes: edits, derived values, admissions and operations, as causes. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from kubedoor_api.findings.before import (
    Aspect,
    Change,
    ChangeCode,
    number_aspect,
    values_aspects,
)
from kubedoor_api.findings.facts import Subject
from kubedoor_api.kube.manifests import COLUMNS, control_value
from kubedoor_core.domain.control import ContainerValues, containers_of
from kubedoor_core.errors import BadValueError

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Version:
    """A row of the control table, or of what was derived, as it was."""

    subject: Subject
    version: int
    at: datetime
    by: str
    replicas: int | None
    mode: str
    removed: bool
    containers: tuple[ContainerValues, ...]


def version_from_row(row: Row) -> Version:
    """Read a row of a history."""
    return Version(
        subject=_subject(row),
        version=int(row["version"]),
        at=datetime.fromisoformat(row["updated_at"]),
        by=row["updated_by"],
        replicas=row["replicas"],
        mode=row["mode"] or "",
        removed=bool(row["deleted"]),
        containers=containers_of(row),
    )


def _subject(row: Row) -> Subject:
    return Subject(row["kind"], row["namespace"], row["name"])


def of_versions(code: ChangeCode, versions: Iterable[Version], since: datetime) -> Iterator[Change]:
    """Return what changed from each version to the next.

    :param versions: of several services, each one's together.
    """
    for _, group in groupby(versions, key=lambda one: one.subject):
        ordered = sorted(group, key=lambda one: one.version)
        for before, after in pairwise(ordered):
            if after.at >= since:
                aspects = tuple(_aspects(before, after))
                yield Change(code, after.at, after.by, after.subject, str(after.version), aspects)


def _aspects(before: Version, after: Version) -> Iterator[Aspect]:
    if before.removed != after.removed:
        yield Aspect("removed" if after.removed else "registered")
        return
    count = number_aspect("replicas", before.replicas, after.replicas)
    if count is not None:
        yield count
    if before.mode != after.mode:
        yield Aspect("mode", "", before.mode or None, after.mode or None)
    yield from values_aspects(before.containers, after.containers)


def of_admission(row: Row) -> Change:
    """Read what admission changed of a Deployment as it was applied."""
    changes: Sequence[Row] = json.loads(row["changes"] or "[]")
    aspects = tuple(aspect for one in changes if (aspect := _of_admitted(one)) is not None)
    at = datetime.fromisoformat(row["at"])
    return Change("admission", at, row["user"], _subject(row), row["uid"], aspects)


def _of_admitted(change: Row) -> Aspect | None:
    """Return the aspect of one value that admission wrote."""
    name = (
        change["resource"] if change["resource"] == "replicas" else f"{change['kind']}_{change['resource']}"
    )
    try:
        before, after = (
            None if text is None else int(text) if name == "replicas" else control_value(name, str(text))
            for text in (change["before"], change["after"])
        )
    except (BadValueError, ValueError):
        return None
    return number_aspect(COLUMNS.get(name, name), before, after, change["container"])


def of_operation(row: Row) -> Change:
    """Read what an operation did to a service."""
    kind, before, after = row["operation"], row["replicas_before"], row["replicas_after"]
    aspect = number_aspect("replicas", before, after) if kind == "scale" else Aspect(kind)
    code: ChangeCode = "schedule" if row["schedule_id"] else "operation"
    at = datetime.fromisoformat(row["at"])
    return Change(code, at, row["by"], _subject(row), row["id"], (aspect,) if aspect else ())


def of_setting(row: Row) -> Change:
    """Read a setting that was changed for a namespace or the whole env."""
    key = row["key"]
    aspect = Aspect("mode" if key == "mode" else "setting", key, None, row["value"][:200])
    at, where = datetime.fromisoformat(row["updated_at"]), Subject("Namespace", row["namespace"], "")
    return Change("setting", at, row["updated_by"], where, f"{key}:{row['version']}", (aspect,))
