"""JSON Patch (RFC 6902) as the API server applies it, with its library's departures from the RFC.

The API server uses evanphx/json-patch v4. There, `replace` of a missing key of an object succeeds,
a negative index counts from the end, and the whole document (path "") can be replaced and tested
but neither added nor removed. A missing parent fails, as does `remove` of a missing key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kubedoor_dev.cluster.copies import copied

Json = Any
INDEX = re.compile(r"[+-]?[0-9]+")
Container = dict[str, Json] | list[Json]


class PatchError(Exception):
    """The patch does not apply; the message is the API server's."""


def apply(document: Json, patch: Sequence[Mapping[str, Json]]) -> Json:
    """Return the patched document; the one given stays as it is.

    :param document: a JSON object or array, decoded.
    :param patch: the operations, decoded.
    :raises PatchError: at the first operation that does not apply.
    """
    if not isinstance(patch, list | tuple):
        raise PatchError(f"a JSON patch is a list of operations, not {type(patch).__name__}")
    patched = copied(document)
    for operation in patch:
        patched = _apply_one(patched, operation)
    return patched


def _apply_one(document: Json, operation: Json) -> Json:
    if not isinstance(operation, Mapping):
        raise PatchError(f"an operation is an object, not {type(operation).__name__}")
    kind = operation.get("op", "unknown")
    handler = _OPERATIONS.get(kind) if isinstance(kind, str) else None
    if handler is None:
        raise PatchError(f"Unexpected kind: {kind}")
    return handler(document, operation)


def _add(document: Json, operation: Mapping[str, Json]) -> Json:
    path = _pointer(operation, "path", "add")
    parent, key = _find(document, path, f'add operation does not apply: doc is missing path: "{path}"')
    _insert(parent, key, _value(operation), f"error in add for path: '{path}'")
    return document


def _remove(document: Json, operation: Mapping[str, Json]) -> Json:
    path = _pointer(operation, "path", "remove")
    missing = f'remove operation does not apply: doc is missing path: "{path}"'
    parent, key = _find(document, path, missing)
    _delete(parent, key, f"error in remove for path: '{path}'")
    return document


def _replace(document: Json, operation: Mapping[str, Json]) -> Json:
    path, value = _pointer(operation, "path", "replace"), _value(operation)
    if path == "":
        if not isinstance(value, dict | list):
            raise PatchError("replace operation value must be object or array")
        return value
    missing = f"replace operation does not apply: doc is missing path: {path}"
    parent, key = _find(document, path, missing)
    if isinstance(parent, dict):
        parent[key] = value
    else:
        index = _index(parent, key, f"replace operation does not apply: doc is missing key: {path}")
        parent[index] = value
    return document


def _move(document: Json, operation: Mapping[str, Json]) -> Json:
    source = _pointer(operation, "from", "move")
    parent, key = _find(document, source, _missing_from("move", source))
    value = _get(parent, key, f"error in move for path: '{key}'")
    _delete(parent, key, f"error in move for path: '{key}'")
    return _put(document, operation, value, "move")


def _copy(document: Json, operation: Mapping[str, Json]) -> Json:
    source = _pointer(operation, "from", "copy")
    parent, key = _find(document, source, _missing_from("copy", source))
    value = copied(_get(parent, key, f"error in copy for from: '{source}'"))
    return _put(document, operation, value, "copy")


def _put(document: Json, operation: Mapping[str, Json], value: Json, name: str) -> Json:
    path = _pointer(operation, "path", name)
    missing = f"{name} operation does not apply: doc is missing destination path: {path}"
    parent, key = _find(document, path, missing)
    _insert(parent, key, value, f"error in {name} for path: '{path}'")
    return document


def _test(document: Json, operation: Mapping[str, Json]) -> Json:
    path, expected = _pointer(operation, "path", "test"), _value(operation)
    if path == "":
        found = document
    else:
        missing = f"test operation does not apply: is missing path: {path}"
        parent, key = _find(document, path, missing)
        found = _get(parent, key, f"error in test for path: '{path}'")
    if not _equal(found, expected):
        raise PatchError(f"testing value {path} failed")
    return document


_OPERATIONS: dict[str, Callable[[Json, Mapping[str, Json]], Json]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _missing_from(name: str, source: str) -> str:
    return f"{name} operation does not apply: doc is missing from path: {source}"


def _pointer(operation: Mapping[str, Json], field: str, name: str) -> str:
    pointer = operation.get(field)
    if not isinstance(pointer, str):
        raise PatchError(f"{name} operation failed to decode {field}")
    return pointer


def _value(operation: Mapping[str, Json]) -> Json:
    """A missing value is null, as in the library."""
    return copied(operation.get("value"))


def _find(document: Json, pointer: str, missing: str) -> tuple[Container, str]:
    """Return the container that the pointer's last part is a key of, and that key."""
    first, *parts = pointer.split("/")
    if not parts or not isinstance(document, dict | list):
        raise PatchError(missing)
    *parents, key = map(_unescape, parts)
    _ = first  # the library ignores what stands before the first slash
    here: Container = document
    for part in parents:
        below = _get(here, part, missing)
        if not isinstance(below, dict | list):
            raise PatchError(missing)
        here = below
    return here, key


def _unescape(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _get(container: Container, key: str, failure: str) -> Json:
    """A missing key of an object reads as null, as in the library."""
    if isinstance(container, dict):
        return container.get(key)
    return container[_index(container, key, failure)]


def _index(array: list[Json], key: str, failure: str, size: int | None = None) -> int:
    """Return the position in an array of `size` places (default: as many as it has)."""
    places = len(array) if size is None else size
    if not INDEX.fullmatch(key):
        raise PatchError(f"{failure}: value was not a proper array index: '{key}'")
    index = int(key)
    if not -places <= index < places:
        raise PatchError(f"{failure}: Unable to access invalid index: {index}")
    return index % places


def _insert(container: Container, key: str, value: Json, failure: str) -> None:
    if isinstance(container, dict):
        container[key] = value
    elif key == "-":
        container.append(value)
    else:
        container.insert(_index(container, key, failure, len(container) + 1), value)


def _delete(container: Container, key: str, failure: str) -> None:
    if isinstance(container, list):
        del container[_index(container, key, failure)]
    elif key in container:
        del container[key]
    else:
        raise PatchError(f"{failure}: Unable to remove nonexistent key: {key}")


def _equal(one: Json, other: Json) -> bool:
    """Compare as JSON does: true is not 1, but 1.0 is 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
