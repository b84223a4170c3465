"""From a body to a review: of a Deployment only what a decision looks at is read, a fraction of its manifest.

A manifest is mostly what no decision depends on. It is passed over, and the two templates are first held
against one another as they are written. Whatever is not as expected is read as a whole, by `parse_review`, so
that it is answered, or refused, with the same words.
"""

from __future__ import annotations

from typing import Any, TypedDict

import msgspec
import orjson

from kubedoor_core.domain.admission.decide import equal
from kubedoor_core.domain.admission.review import Review, parse_review
from kubedoor_core.errors import BadValueError


class _Container(TypedDict, total=False):
    name: Any
    resources: Any
    restartPolicy: Any


class _PodSpec(TypedDict, total=False):
    containers: list[_Container] | None
    initContainers: list[_Container] | None
    resources: Any


class _Template(TypedDict, total=False):
    spec: _PodSpec | None


class _Spec(TypedDict, total=False):
    replicas: Any
    template: msgspec.Raw


class _Metadata(TypedDict, total=False):
    name: Any
    deletionTimestamp: Any


class _Object(TypedDict, total=False):
    metadata: _Metadata | None
    spec: _Spec


class _User(TypedDict, total=False):
    username: Any


class _Request(TypedDict, total=False):
    uid: Any
    operation: Any
    resource: Any
    subResource: Any
    namespace: Any
    name: Any
    userInfo: _User | None
    dryRun: Any
    object: _Object
    oldObject: _Object | None


class _Document(TypedDict, total=False):
    apiVersion: Any
    kind: Any
    request: _Request


ANOTHER_TEMPLATE = {"template": "another one"}
"""In the place of an old template that differs: it is looked at only for whether it does."""

_document = msgspec.json.Decoder(_Document)
_template = msgspec.json.Decoder(_Template | None)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read_review(body: bytes) -> Review:
    """Read an AdmissionReview.

    :raises BadValueError: with the field and what is wrong with it.
    """
    return _review_in_part(body) or parse_review(_parsed(body))


def _parsed(body: bytes | msgspec.Raw) -> object:
    try:
        return orjson.loads(memoryview(body))
    except orjson.JSONDecodeError as error:
        raise BadValueError(f"the body is not JSON: {error}") from error


def _review_in_part(body: bytes) -> Review | None:
    """Read what a decision depends on; None where that is not all as it should be."""
    try:
        if not body.isascii():
            body.decode()  # what is passed over must be text all the same
        document: Any = _document.decode(body)
        request = document["request"]
        _read_templates(request["object"]["spec"], _spec(request.get("oldObject")))
        return parse_review(document)
    except (msgspec.MsgspecError, KeyError, ValueError, RecursionError, BadValueError):
        return None


def _spec(old: _Object | None) -> Any:  # noqa: ANN401 a part of the document
    """Return the old object's spec, or an empty one where there is no old object.

    :raises KeyError: it has none.
    """
    return old["spec"] if old is not None else {}


def _read_templates(spec: Any, old: Any) -> None:  # noqa: ANN401 parts of the document
    """Put what is looked at in the place of the new template, and leave out both where they are equal."""
    template, before = spec.pop("template", None), old.pop("template", None)
    if template is not None and before is not None and _same(template, before):
        return
    if template is not None:
        spec["template"] = _template.decode(template)
    if before is not None:
        old["template"] = ANOTHER_TEMPLATE


def _same(one: msgspec.Raw, other: msgspec.Raw) -> bool:
    """Compare two templates as `equal` does; only of members that are not written alike are both read.

    :raises msgspec.ValidationError: one of them is no object.
    """
    if one == other:
        return True
    ours, theirs = _members.decode(one), _members.decode(other)
    return all(_same_member(ours.get(name), theirs.get(name)) for name in {**ours, **theirs})


def _same_member(one: msgspec.Raw | None, other: msgspec.Raw | None) -> bool:
    if one == other:
        return True
    return equal(*(None if raw is None else _parsed(raw) for raw in (one, other)))
