"""Merge patches: JSON merge patch (RFC 7386) and Kubernetes' strategic merge patch."""

from __future__ import annotations

from typing import Any

from kubedoor_dev.cluster.copies import copied

Json = Any

# Lists that are merged by the value of a key, by the last name on their path; all others are atomic.
MERGE_KEYS = {
    "containers": "name", "initContainers": "name", "ephemeralContainers": "name", "env": "name",
    "ports": "containerPort", "volumes": "name", "volumeMounts": "mountPath",
    "volumeDevices": "devicePath", "imagePullSecrets": "name", "hostAliases": "ip",
    "topologySpreadConstraints": "topologyKey", "ownerReferences": "uid", "conditions": "type",
    "webhooks": "name", "claims": "name", "resourceClaims": "name",
}  # fmt: skip
MERGED_VALUES = {"finalizers"}  # lists of scalars that are united
DIRECTIVE, REPLACE, DELETE = "$patch", "replace", "delete"


class MergeError(Exception):
    """The patch cannot be merged; the message is for the client."""


def json_merge(document: Json, patch: Json) -> Json:
    """Return the document with a JSON merge patch applied: null removes."""
    if not isinstance(patch, dict):
        return copied(patch)
    merged = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = json_merge(merged.get(key), value)
    return merged


def strategic_merge(document: Json, patch: Json) -> Json:
    """Return the document with a strategic merge patch applied.

    :raises MergeError: when an item of a merged list lacks its key, or a directive is unknown.
    """
    if not isinstance(patch, dict):
        raise MergeError("cannot unmarshal a patch that is no object")
    return _merge_objects(document, patch)


def _merge_objects(document: Json, patch: dict[str, Json]) -> Json:
    directive = patch.get(DIRECTIVE)
    if directive == REPLACE:
        return _clean({key: value for key, value in patch.items() if key != DIRECTIVE})
    if directive == DELETE:
        return {}
    if directive not in (None, "merge"):
        raise MergeError(f"Unknown patch type: {directive}")
    merged = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        _merge_key(merged, key, value, patch)
    retained = patch.get("$retainKeys")
    return merged if retained is None else {k: v for k, v in merged.items() if k in retained}


def _merge_key(merged: dict[str, Json], key: str, value: Json, patch: dict[str, Json]) -> None:
    if key.startswith("$deleteFromPrimitiveList/"):
        name = key.partition("/")[2]
        merged[name] = [one for one in merged.get(name, []) if one not in value]
    elif key.startswith("$"):
        return  # $patch and $retainKeys are the caller's; $setElementOrder is applied with its list
    elif value is None:
        merged.pop(key, None)
    elif isinstance(value, dict):
        merged[key] = _merge_objects(merged.get(key), value)
    elif isinstance(value, list):
        order = patch.get(f"$setElementOrder/{key}")
        merged[key] = _merge_lists(key, merged.get(key) or [], value, order)
    else:
        merged[key] = value


def _merge_lists(name: str, items: list[Json], patch: list[Json], order: Json) -> list[Json]:
    if name in MERGED_VALUES:
        return [*items, *(one for one in patch if one not in items)]
    key = MERGE_KEYS.get(name)
    if not key or not all(isinstance(one, dict) for one in [*items, *patch]):
        return [_clean(one) for one in patch]
    if any(one.get(DIRECTIVE) == REPLACE for one in patch):
        return [_clean(one) for one in patch if one.get(DIRECTIVE) != REPLACE]
    merged = {_key_of(one, key): one for one in items}
    for one in patch:
        place = _key_of(one, key)
        if one.get(DIRECTIVE) == DELETE:
            merged.pop(place, None)
        else:
            merged[place] = _merge_objects(merged.get(place), one)
    if order is None:
        return list(merged.values())
    places = [_key_of(one, key) for one in order]
    return sorted(merged.values(), key=lambda one: _position(places, _key_of(one, key)))


def _position(places: list[Json], place: Json) -> int:
    return places.index(place) if place in places else len(places)


def _key_of(item: dict[str, Json], key: str) -> Json:
    """Ports are told apart by protocol as well, so that 53/UDP and 53/TCP both stay."""
    if key not in item:
        raise MergeError(f"map: {item} does not contain declared merge key: {key}")
    if isinstance(item[key], dict | list):
        raise MergeError(f"merge key {key} is not a scalar: {item[key]}")
    if key == "containerPort":
        return item[key], str(item.get("protocol", "TCP"))
    return item[key]


def _clean(value: Json) -> Json:
    """Leave out nulls and directives of what is put in whole."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if v is not None and not k.startswith("$")}
        return {key: _clean(one) for key, one in kept.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value
