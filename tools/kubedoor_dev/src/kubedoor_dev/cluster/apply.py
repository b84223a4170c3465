"""Server-side apply in a simple form: what one manager applied before and leaves out now is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.merge import MERGE_KEYS, strategic_merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Json = Any
Leaf = tuple[str, Json]


def server_side_apply(live: Json, config: Json, before: Json | None) -> Json:
    """Return the live object with a manager's configuration applied.

    :param before: what the same manager applied last.
    """
    pruned = _without(live, before, config) if before is not None else live
    return strategic_merge(pruned, config)


def _without(live: Json, before: Json, config: Json) -> Json:
    """Take out what is in `before` and not in `config`."""
    if not isinstance(live, dict) or not isinstance(before, dict) or not isinstance(config, dict):
        return live
    kept: dict[str, Json] = {}
    for key, value in live.items():
        if key not in before:
            kept[key] = value
        elif key in config:
            kept[key] = _without_items(key, value, before[key], config[key])
    return kept


def _without_items(name: str, live: Json, before: Json, config: Json) -> Json:
    key = MERGE_KEYS.get(name)
    if not key or not isinstance(live, list):
        return _without(live, before, config)
    had, has = ({one.get(key): one for one in items} for items in (before, config))
    return [
        _without(one, had.get(one.get(key)), has.get(one.get(key)))
        for one in live
        if one.get(key) not in had or one.get(key) in has
    ]


def check_conflicts(config: Json, others: Mapping[str, Json]) -> None:
    """Compare with what other managers applied.

    :raises ApiError: 409, when a field of theirs would get another value.
    """
    wanted = dict(_leaves(config, ""))
    causes = [
        {"reason": "FieldManagerConflict", "message": f'conflict with "{manager}"', "field": path}
        for manager, theirs in others.items()
        for path, value in _leaves(theirs, "")
        if path in wanted and wanted[path] != value
    ]
    if causes:
        many = "conflict" if len(causes) == 1 else "conflicts"
        told = ", ".join(f"{cause['message']}: {cause['field']}" for cause in causes)
        message = f"Apply failed with {len(causes)} {many}: {told}"
        raise ApiError(409, message, details={"causes": causes})


IDENTITY = (".apiVersion", ".kind", ".metadata.name", ".metadata.namespace")


def _leaves(value: Json, path: str) -> Iterator[Leaf]:
    if path in IDENTITY:
        return
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(one, f"{path}.{key}")
        return
    key = MERGE_KEYS.get(path.rsplit(".", 1)[-1])
    if key and isinstance(value, list):
        for one in value:
            yield from _leaves(one, f'{path}[{key}="{one.get(key)}"]')
        return
    yield path, value
