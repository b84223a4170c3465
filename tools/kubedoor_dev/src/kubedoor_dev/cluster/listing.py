"""Lists: selectors, pages, and the form of a list."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import selectors
from kubedoor_dev.cluster.attributes import labels_of
from kubedoor_dev.cluster.copies import copied
from kubedoor_dev.cluster.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kubedoor_dev.cluster.resources import Resource
    from kubedoor_dev.cluster.store import Store

Json = dict[str, Any]


@dataclass(frozen=True)
class ListOptions:
    """The parameters of a list or watch."""

    labels: str = ""
    fields: str = ""
    limit: int = 0
    token: str = ""

    @staticmethod
    def of(query: Mapping[str, str]) -> ListOptions:
        """Read the parameters of a URL.

        :raises ApiError: 400, when the limit is no number.
        """
        limit = query.get("limit", "") or "0"
        if not limit.isdigit():
            raise bad_request(f'strconv.ParseInt: parsing "{limit}": invalid syntax')
        return ListOptions(
            query.get("labelSelector", ""),
            query.get("fieldSelector", ""),
            int(limit),
            query.get("continue", ""),
        )

    def predicate(self, resource: Resource) -> Callable[[Json], bool]:
        """Return what tells whether an object is selected.

        :raises ApiError: 400, when a selector cannot be read.
        """
        try:
            labels = selectors.from_text(self.labels)
            fields = selectors.fields_from_text(self.fields, resource.selectable)
        except selectors.SelectorError as error:
            raise bad_request(str(error)) from None
        return lambda obj: (
            selectors.matches(labels, labels_of(obj)) and all(one.matches(obj) for one in fields)
        )


def listed(store: Store, resource: Resource, namespace: str | None, options: ListOptions) -> Json:
    """Return a list, or a page of one.

    :raises ApiError: 400, when a selector or the continue token cannot be read.
    """
    selected = options.predicate(resource)
    version, start = _read_token(options.token) if options.token else (store.version, ("", ""))
    found = [obj for obj in store.all_of(resource.id, namespace) if _place(obj) > start and selected(obj)]
    page = found[: options.limit] if options.limit else found
    metadata: Json = {"resourceVersion": str(version)}
    if len(page) < len(found):
        metadata["continue"] = _write_token(version, _place(page[-1]))
        if not (options.labels or options.fields):
            metadata["remainingItemCount"] = len(found) - len(page)
    return {
        "kind": f"{resource.kind}List",
        "apiVersion": resource.api_version,
        "metadata": metadata,
        "items": [_item(obj) for obj in page],
    }


def _item(obj: Json) -> Json:
    """Items carry no kind and version of their own."""
    kept = {key: value for key, value in obj.items() if key not in ("kind", "apiVersion")}
    return copied(kept)


def _place(obj: Json) -> tuple[str, str]:
    return obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def _write_token(version: int, place: tuple[str, str]) -> str:
    token = {"v": "meta.k8s.io/v1", "rv": version, "start": list(place)}
    return base64.urlsafe_b64encode(json.dumps(token).encode()).decode()


def _read_token(token: str) -> tuple[int, tuple[str, str]]:
    try:
        decoded = json.loads(base64.urlsafe_b64decode(token))
        namespace, name = decoded["start"]
        return int(decoded["rv"]), (str(namespace), str(name))
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise bad_request(f"continue key is not valid: {error}") from None
