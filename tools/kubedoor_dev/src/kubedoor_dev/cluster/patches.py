"""The four patch types that a client may send."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from kubedoor_dev.cluster import jsonpatch, merge
from kubedoor_dev.cluster.errors import ApiError, bad_request, unprocessable_patch

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"
TYPES = (JSON_PATCH, MERGE_PATCH, APPLY_PATCH, STRATEGIC_PATCH)


@dataclass(frozen=True)
class Patch:
    """A patch, decoded."""

    type: str
    body: Json

    @property
    def is_apply(self) -> bool:
        """Whether it is a configuration to apply, which may make the object."""
        return self.type == APPLY_PATCH

    def applied_to(self, document: Json) -> Json:
        """Return the patched document (of all types but server-side apply).

        :raises ApiError: 422 or 400, when it does not apply.
        """
        try:
            return _APPLIERS[self.type](document, self.body)
        except jsonpatch.PatchError as error:
            raise unprocessable_patch(str(error)) from None
        except merge.MergeError as error:
            raise bad_request(str(error)) from None


_APPLIERS: dict[str, Callable[[Json, Json], Json]] = {
    JSON_PATCH: jsonpatch.apply,
    MERGE_PATCH: merge.json_merge,
    STRATEGIC_PATCH: merge.strategic_merge,
}


def read_patch(content_type: str, body: bytes) -> Patch:
    """Decode a patch.

    :raises ApiError: 415 for another type, 400 for a body that cannot be read.
    """
    if content_type not in TYPES:
        known = ", ".join(TYPES)
        message = f"the body of the request was in an unknown format - accepted media types include: {known}"
        raise ApiError(415, message)
    try:
        decoded = yaml.safe_load(body) if content_type == APPLY_PATCH else json.loads(body)
    except (ValueError, yaml.YAMLError) as error:
        raise bad_request(f"error decoding patch: {error}") from None
    if not isinstance(decoded, list if content_type == JSON_PATCH else dict):
        found = type(decoded).__name__
        raise bad_request(f"error decoding patch: json: cannot unmarshal {found} into a patch")
    return Patch(content_type, decoded)
