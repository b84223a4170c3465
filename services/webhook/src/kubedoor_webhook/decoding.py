"""From a body to a review: of a Deployment only what a decision looks at is read, a fraction of its manifest.

A manifest is mostly what no decision depends on. It is passed over, and the two templates are first held
against one another as they are written. Whatever is not as expected is read as a whole, by `parse_review`, so
that it is answered, or refused, with the same words.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import msgspec
import orjson

from kubedoor_core.domain.admission.decide import equal
from kubedoor_core.domain.admission.manifest import Pod, PodManifest, pod_of
from kubedoor_core.domain.admission.review import API_VERSION, KIND, Review, parse_review
from kubedoor_core.domain.quantity import MAX_LENGTH
from kubedoor_core.errors import BadValueError

Name = Annotated[str, msgspec.Meta(min_length=1)]
Quantity = Annotated[str, msgspec.Meta(max_length=MAX_LENGTH)]
Count = Annotated[int, msgspec.Meta(ge=-(2**31), lt=2**31)]

NO_TEMPLATE, NULL = msgspec.Raw(b""), msgspec.Raw(b"null")
ANOTHER_TEMPLATE = "another one"
"""In the place of a template that differs: it is looked at only for whether it does."""


class _Values(msgspec.Struct, gc=False):
    cpu: Quantity | None = None
    memory: Quantity | None = None


class _Resources(msgspec.Struct, gc=False):
    requests: _Values | None = None
    limits: _Values | None = None


class _Container(msgspec.Struct, gc=False, rename="camel"):
    name: str = ""
    resources: _Resources | None = None
    restart_policy: str | None = None


class _PodSpec(msgspec.Struct, gc=False, rename="camel"):
    containers: list[_Container] | None = None
    init_containers: list[_Container] | None = None
    resources: _Resources | None = None


class _Template(msgspec.Struct, gc=False):
    spec: _PodSpec | None = None


class _Spec(msgspec.Struct, gc=False):
    replicas: Count | None = None
    template: msgspec.Raw = NO_TEMPLATE


class _Metadata(msgspec.Struct, gc=False, rename="camel"):
    name: str | None = None
    deletion_timestamp: str | None = None


class _Object(msgspec.Struct, gc=False):
    spec: _Spec
    metadata: _Metadata | None = None


class _User(msgspec.Struct, gc=False):
    username: str | None = None


class _Resource(msgspec.Struct, gc=False):
    resource: Name
    group: str | None = None


class _Request(msgspec.Struct, gc=False, rename="camel"):
    uid: Name
    operation: Name
    resource: _Resource
    object: _Object
    sub_resource: str | None = None
    namespace: str | None = None
    name: str | None = None
    user_info: _User | None = None
    dry_run: bool | None = None
    old_object: _Object | None = None


class _Document(msgspec.Struct, gc=False, rename="camel"):
    api_version: str
    kind: str
    request: _Request


class _Manifest(NamedTuple):
    """What was read of a manifest; of the template only whether it differs from the other one's."""

    replicas: int | None
    template: object = None
    pod_spec: PodManifest | None = None
    has_spec: bool = True

    def pod(self) -> Pod:
        """Return the containers that run with the pod."""
        return NO_POD if self.pod_spec is None else pod_of(self.pod_spec)


NO_POD = Pod(())
_document = msgspec.json.Decoder(_Document)
_template = msgspec.json.Decoder(_Template)
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
        document = _document.decode(body)
        if document.api_version != API_VERSION or document.kind != KIND:
            return None
        return _review(document.request)
    except (msgspec.MsgspecError, ValueError, RecursionError, BadValueError):
        return None


def _review(request: _Request) -> Review:
    """Put together what `parse_review` would find.

    :raises msgspec.MsgspecError, BadValueError: a template is not as it should be.
    """
    given, user = request.object, request.user_info
    name, deleting = request.name or "", False
    if (metadata := given.metadata) is not None:
        name, deleting = name or metadata.name or "", bool(metadata.deletion_timestamp)
    new, old = _manifests(request)
    return Review(
        request.uid,
        request.operation,
        request.resource.group or "",
        request.resource.resource,
        request.sub_resource or "",
        request.namespace or "",
        name,
        (user.username or "") if user is not None else "",
        request.dry_run is True,
        deleting,
        new,
        old,
    )


def _manifests(request: _Request) -> tuple[_Manifest, _Manifest | None]:
    """Read the new template, if it differs from the old one.

    :raises msgspec.MsgspecError, BadValueError: a template is not as it should be.
    """
    new, old = request.object.spec, request.old_object
    template = new.template
    before = None
    if old is not None:
        before = _Manifest(old.spec.replicas)
        if request.operation == "UPDATE" and _same(template, old.spec.template):
            return _Manifest(new.replicas), before
    read = None if template == NO_TEMPLATE else _template.decode(template)
    return _Manifest(new.replicas, ANOTHER_TEMPLATE, None if read is None else read.spec), before


def _same(one: msgspec.Raw, other: msgspec.Raw) -> bool:
    """Compare two templates as `equal` does; only of members that are not written alike are both read.

    :raises msgspec.ValidationError: one of them is no object.
    """
    if one == other:
        return True
    if NO_TEMPLATE in (one, other):
        return NULL in (one, other)
    ours, theirs = _members.decode(one), _members.decode(other)
    return all(_same_member(ours.get(name), theirs.get(name)) for name in {**ours, **theirs})


def _same_member(one: msgspec.Raw | None, other: msgspec.Raw | None) -> bool:
    if one == other:
        return True
    return equal(*(None if raw is None else _parsed(raw) for raw in (one, other)))
