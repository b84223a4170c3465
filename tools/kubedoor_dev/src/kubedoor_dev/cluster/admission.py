"""Mutating admission: ask each webhook that a write goes to, in order, and apply its patch."""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import jsonpatch, matching
from kubedoor_dev.cluster.copies import copied
from kubedoor_dev.cluster.errors import ApiError, bad_request, internal
from kubedoor_dev.cluster.resources import WEBHOOKS
from kubedoor_dev.cluster.webhook_client import CallError, WebhookClient

if TYPE_CHECKING:
    from kubedoor_dev.cluster.attributes import Attributes
    from kubedoor_dev.cluster.store import Store

Json = dict[str, Any]
Reader = Callable[[Json], Json]

NO_SIDE_EFFECTS = ("None", "NoneOnDryRun")


class Admission:
    """The chain of mutating webhooks that are registered in the store."""

    def __init__(self, store: Store, client: WebhookClient) -> None:
        self._store = store
        self._client = client

    async def mutate(
        self, attributes: Attributes, namespace_labels: Mapping[str, str], read: Reader
    ) -> Json | None:
        """Return the object as the webhooks leave it.

        :param read: decodes a patched object and fills it in.
        :raises ApiError: when one refuses, or fails and its policy is `Fail`.
        """
        for webhook in self._registered():
            if matching.selects(webhook, attributes, namespace_labels):
                attributes = replace(attributes, obj=await self._ask(webhook, attributes, read))
        return attributes.obj

    def _registered(self) -> list[Json]:
        """In the order of the configurations' names, then as they stand in each."""
        return [
            webhook
            for configuration in self._store.all_of(WEBHOOKS.id)
            for webhook in copied(configuration.get("webhooks", []))
        ]

    async def _ask(self, webhook: Json, attributes: Attributes, read: Reader) -> Json | None:
        name = webhook["name"]
        if attributes.context.dry_run and webhook["sideEffects"] not in NO_SIDE_EFFECTS:
            raise bad_request(f'admission webhook "{name}" does not support dry run')
        try:
            response, patch = await self._response(webhook, attributes)
        except CallError as error:
            if webhook["failurePolicy"] == "Ignore":
                return attributes.obj
            raise internal(f'failed calling webhook "{name}": {error}') from error
        if not response["allowed"]:
            raise denial(name, response.get("status"))
        if patch:
            return _patched(name, attributes.obj, patch, read)
        return attributes.obj

    async def _response(self, webhook: Json, attributes: Attributes) -> tuple[Json, list[Json]]:
        """Ask, check the answer and read its patch.

        :raises CallError: when there is none, or it is not as it has to be.
        """
        uid = str(uuid.uuid4())
        response = verified(await self._client.call(webhook, attributes.review(uid)), uid)
        attributes.context.warnings.extend(response.get("warnings") or [])
        return response, decoded_patch(response) if response["allowed"] else []


def verified(answer: Json, uid: str) -> Json:
    """Check an answer and return its `response`.

    :raises CallError: when it is not an AdmissionReview v1 that answers this request.
    """
    response = answer.get("response")
    if wrong := _what_is_wrong(answer, response, uid):
        raise CallError(f"received invalid webhook response: {wrong}")
    return {"allowed": False, **(response or {})}


def _what_is_wrong(answer: Json, response: Json | None, uid: str) -> str | None:
    version, kind = answer.get("apiVersion"), answer.get("kind")
    if (version, kind) != ("admission.k8s.io/v1", "AdmissionReview"):
        wanted = "admission.k8s.io/v1, Kind=AdmissionReview"
        return f"expected webhook response of {wanted}, got {version or ''}, Kind={kind or ''}"
    if not isinstance(response, dict):
        return "webhook response was absent"
    if response.get("uid") != uid:
        return f'expected response.uid="{uid}", got "{response.get("uid", "")}"'
    if not isinstance(response.get("allowed", False), bool):
        return "response.allowed is not a boolean"
    return _what_is_wrong_with_patch(response.get("patch"), response.get("patchType"))


def _what_is_wrong_with_patch(patch: str | None, patch_type: str | None) -> str | None:
    if patch and patch_type is None:
        return "webhook returned response.patch but not response.patchType"
    if not patch and patch_type is not None:
        return "webhook returned response.patchType but not response.patch"
    if patch and patch_type != "JSONPatch":
        return f'webhook returned invalid response.patchType of "{patch_type}"'
    return None


def decoded_patch(response: Json) -> list[Json]:
    """Read the patch of an answer.

    :raises CallError: when it is not base64 of a JSON list.
    """
    if not response.get("patch"):
        return []
    try:
        decoded = base64.b64decode(response["patch"], validate=True)
    except binascii.Error:
        byte = _illegal_byte(response["patch"])
        text = f"failed to call webhook: illegal base64 data at input byte {byte}"
        raise CallError(text) from None
    try:
        patch = json.loads(decoded)
    except (ValueError, TypeError) as error:
        text = f"received undecodable patch in webhook response: {error}"
        raise CallError(text) from None
    if not isinstance(patch, list):
        raise CallError("received undecodable patch in webhook response: it is not a list")
    return patch


def _illegal_byte(encoded: str) -> int:
    """Return where base64 goes wrong: at the first letter that it has not, else at the last group of four."""
    strange = re.search(r"[^A-Za-z0-9+/]", encoded.rstrip("="))
    return strange.start() if strange else len(encoded) // 4 * 4


def _patched(name: str, obj: Json | None, patch: list[Json], read: Reader) -> Json:
    """Apply a patch; one that does not apply is a 500 whatever the failure policy."""
    if obj is None:
        text = "attempted to modify the object, which is not supported for this operation"
        raise internal(f'admission webhook "{name}" {text}')
    try:
        patched = jsonpatch.apply(obj, patch)
    except jsonpatch.PatchError as error:
        raise internal(str(error)) from error
    try:
        return read(patched)
    except ApiError as error:
        raise internal(error.message) from error


def denial(name: str, status: Json | None) -> ApiError:
    """Make the refusal that the client sees of the webhook's `status`."""
    status = status or {}
    code = status.get("code") or 0
    by = f'admission webhook "{name}" denied the request'
    told = status.get("message") or status.get("reason")
    return ApiError(
        max(code, 400),
        f"{by}: {told}" if told else f"{by} without explanation",
        reason=status.get("reason", ""),
        details=status.get("details"),
    )
