"""What the tables have of changes: edits, derived values, admissions and operations, as causes. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
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
from kubedoor_core.domain.control import ContainerValues, containers_of, merged
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


def of_versions(
    edits: Iterable[Version], derived: Iterable[Version], since: datetime, most: int
) -> Iterator[Change]:
    """Return what each edit and each derivation changed of what holds for its service.

    What the first derivation changed is not known.

    :param most: so many edits of a service are given at the most: of the oldest of so many it is not known,
        either.
    """
    found: list[tuple[ChangeCode, Version]] = [("edit", one) for one in edits]
    found += [("derived", one) for one in derived]
    found.sort(key=lambda each: (each[1].subject, each[1].at, each[1].version))
    for _, group in groupby(found, key=lambda each: each[1].subject):
        own = list(group)
        cut = sum(code == "edit" for code, _ in own) == most
        standing: dict[ChangeCode, Version] = {}
        for code, one in own:
            before = _holding(standing)
            known = code in standing or (code == "edit" and not cut)
            standing[code] = one
            if known and one.at >= since:
                aspects = tuple(_aspects(before, _holding(standing)))
                yield Change(code, one.at, one.by, one.subject, str(one.version), aspects)


def _holding(standing: Mapping[ChangeCode, Version]) -> Version | None:
    """Return what holds: what the expert says, with what was derived where that says nothing."""
    edit, derived = standing.get("edit"), standing.get("derived")
    if edit is None or derived is None or edit.removed:
        return edit or derived
    replicas = derived.replicas if edit.replicas is None else edit.replicas
    return replace(edit, replicas=replicas, containers=merged(edit.containers, derived.containers))


def _aspects(before: Version | None, after: Version | None) -> Iterator[Aspect]:
    removed = [one is None or one.removed for one in (before, after)]
    if before is None or after is None or removed[0] != removed[1]:
        if removed[0] != removed[1]:
            yield Aspect("removed" if removed[1] else "registered")
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
