"""Reading and writing objects as the API server does it, without HTTP: decode, admit, check, store."""

from __future__ import annotations

import functools
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import apply, networking, validation
from kubedoor_dev.cluster.attributes import Attributes, Context, Operation, labels_of
from kubedoor_dev.cluster.copies import copied
from kubedoor_dev.cluster.deletion import SYSTEM_FIELDS, deletion_of, success
from kubedoor_dev.cluster.errors import (
    ApiError,
    Kind,
    already_exists,
    bad_request,
    conflict,
    not_found,
    required,
    unprocessable,
)
from kubedoor_dev.cluster.reading import read, read_patched
from kubedoor_dev.cluster.resources import NAMESPACES, PODS, Resource, form_of
from kubedoor_dev.cluster.store import Key, StaleError, Store, generated, now
from kubedoor_dev.cluster.views import folded, view

if TYPE_CHECKING:
    from collections.abc import Callable

    from kubedoor_dev.cluster.admission import Admission
    from kubedoor_dev.cluster.patches import Patch

Json = dict[str, Any]
Value = Any

MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Target:
    """What a request is about."""

    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""

    @property
    def key(self) -> Key:
        """Its key in the store."""
        return Key(self.resource.id, self.namespace, self.name)


@dataclass
class Api:
    """The verbs. Each raises ApiError with the answer that the API server would give."""

    store: Store
    admission: Admission
    _applied: dict[Key, dict[str, Json]] = field(default_factory=dict)

    def get(self, target: Target) -> Json:
        """Return an object, or its Scale."""
        return view(self._found(target), target.subresource)

    async def create(self, target: Target, value: Value, context: Context) -> Json:
        """Make an object of a client's JSON."""
        resource = target.resource
        obj = self._named(target, read(resource, "", value, context))
        metadata = obj["metadata"]
        if metadata.get("resourceVersion"):
            message = "resourceVersion should not be set on objects to be created"
            raise ApiError(500, message, reason="")
        for name in SYSTEM_FIELDS:
            metadata.pop(name, None)
        self._check_namespace(target, obj)
        target = Target(resource, target.namespace, metadata.get("name", ""))
        obj = await self._admitted("CREATE", target, obj, None, context)
        return self._create(target, obj, context)

    def _create(self, target: Target, obj: Json, context: Context) -> Json:
        resource, metadata = target.resource, obj["metadata"]
        if not metadata.get("name") and metadata.get("generateName"):
            metadata["name"] = generated(metadata["generateName"])
        if "status" in resource.subresources:
            obj["status"] = {}
        if resource.has_generation:
            metadata["generation"] = 1
        self._validate(resource, obj, None)
        key = Key(resource.id, target.namespace, metadata["name"])
        if self.store.get(key):
            raise already_exists(resource.named, key.name)
        if context.dry_run:
            metadata |= {"uid": str(uuid.uuid4()), "creationTimestamp": now()}
            return obj
        return self.store.create(key, obj)

    async def update(self, target: Target, value: Value, context: Context) -> tuple[Json, bool]:
        """Replace an object, and tell whether it was made by that."""
        new = self._named(target, read(target.resource, target.subresource, value, context))
        if target.resource.create_on_update and self.store.get(target.key) is None:
            return await self.create(target, new, context), True
        return await self._change(target, lambda _: copied(new), context), False

    async def patch(self, target: Target, patch: Patch, context: Context) -> tuple[Json, bool]:
        """Patch or apply an object, and tell whether it was made by that."""
        if patch.is_apply:
            return await self._apply(target, patch.body, context)

        def patched(current: Json) -> Json:
            made = patch.applied_to(current)
            return self._named(target, read_patched(target.resource, target.subresource, made, context))

        return await self._change(target, patched, context), False

    async def _apply(self, target: Target, config: Json, context: Context) -> tuple[Json, bool]:
        """Apply a configuration; what each manager applied last is kept, but for dry runs."""
        manager = context.field_manager
        if not manager:
            cause = required("fieldManager", "is required for apply patch")
            raise unprocessable(Kind("meta.k8s.io", "PatchOptions"), "", [cause])
        creates = self.store.get(target.key) is None and not target.subresource
        managers = {} if creates else self._applied.get(target.key, {})
        if creates:
            made = await self.create(target, config, context)
        else:
            if not context.force:
                others = {name: one for name, one in managers.items() if name != manager}
                apply.check_conflicts(config, others)
            make = functools.partial(self._applied_to, target, config, managers.get(manager), context)
            made = await self._change(target, make, context)
        if not context.dry_run and not target.subresource:
            self._applied[target.key] = {**managers, manager: copied(config)}
        return made, creates

    def _applied_to(
        self, target: Target, config: Json, before: Json | None, context: Context, current: Json
    ) -> Json:
        made = apply.server_side_apply(current, config, before)
        return self._named(target, read(target.resource, target.subresource, made, context))

    async def delete(self, target: Target, options: Json, context: Context) -> Json:
        """Delete an object, or mark it where finalizers are to be waited for."""
        current = self._found(target)
        self._check_preconditions(target, current, options)
        await self._admitted("DELETE", target, None, current, context)
        marked = deletion_of(current, options)
        if context.dry_run:
            return success(target.resource, current)
        try:
            if marked is not None:
                version = current["metadata"]["resourceVersion"]
                return self.store.update(target.key, marked, version)
            last = self.store.delete(target.key)
        except StaleError:
            raise not_found(target.resource.named, target.name) from None
        return last if target.resource is PODS else success(target.resource, last)

    async def evict(self, target: Target, value: Value, context: Context) -> Json:
        """Delete a pod, if no budget stands against it."""
        asked = self._named(target, read(target.resource, "eviction", value, context))
        networking.check_eviction(self.store, self._found(target))
        pod = Target(target.resource, target.namespace, target.name)
        await self.delete(pod, asked.get("deleteOptions") or {}, context)
        return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}

    async def _change(self, target: Target, make: Callable[[Json], Json], context: Context) -> Json:
        """Make a new object of the current one and store it; again if it changed meanwhile.

        Webhooks are asked before the version is compared, and again at each attempt.
        """
        told = list(context.warnings)
        for _ in range(MOST_ATTEMPTS):
            context.warnings[:] = told
            current = self._found(target)
            try:
                return await self._change_once(target, current, make, context)
            except StaleError:
                continue
        raise conflict(target.resource.named, target.name)

    async def _change_once(
        self, target: Target, current: Json, make: Callable[[Json], Json], context: Context
    ) -> Json:
        old = view(current, target.subresource)
        new = make(copied(old))
        new = await self._admitted("UPDATE", target, new, old, context)
        self._check_version(target, current, new)
        if target.subresource == "scale":
            causes = list(validation.scale(new, old))
            if causes:
                kind = form_of(target.resource, "scale")
                raise unprocessable(Kind(kind.group, kind.kind), target.name, causes)
        obj = folded(target.resource, target.subresource, current, new)
        self._validate(target.resource, obj, current)
        if context.dry_run:
            return view(obj, target.subresource)
        version = current["metadata"]["resourceVersion"]
        stored = self.store.update(target.key, obj, version)
        if stored["metadata"].get("deletionTimestamp") and not stored["metadata"].get("finalizers"):
            self.store.delete(target.key)
        return view(stored, target.subresource)

    def _found(self, target: Target) -> Json:
        found = self.store.get(target.key)
        if found is None:
            raise not_found(target.resource.named, target.name)
        return found

    async def _admitted(
        self,
        operation: Operation,
        target: Target,
        obj: Json | None,
        old: Json | None,
        context: Context,
    ) -> Json:
        attributes = Attributes(
            operation,
            target.resource,
            target.subresource,
            form_of(target.resource, target.subresource),
            target.name if target.resource is NAMESPACES else target.namespace,
            target.name,
            obj,
            old,
            context.options(f"{operation.title()}Options"),
            context,
        )
        reread = functools.partial(read, target.resource, target.subresource)
        namespace = self.store.get(Key(NAMESPACES.id, "", target.namespace))
        mutated = await self.admission.mutate(attributes, labels_of(namespace), reread)
        return mutated if mutated is not None else {}

    def _named(self, target: Target, obj: Json) -> Json:
        """Give the object the place that its URL says, or refuse another one."""
        metadata = obj.setdefault("metadata", {})
        name = metadata.get("name")
        if target.name and name and name != target.name:
            raise bad_request(
                f"the name of the object ({name}) does not match the name on the URL ({target.name})"
            )
        if target.name:
            metadata["name"] = target.name
        if not target.resource.namespaced:
            metadata.pop("namespace", None)
        elif metadata.setdefault("namespace", target.namespace) != target.namespace:
            message = "the namespace of the provided object does not match the namespace sent on the request"
            raise bad_request(message)
        return obj

    def _check_namespace(self, target: Target, obj: Json) -> None:
        """Nothing is made in a namespace that is not there, or on its way out."""
        if not target.resource.namespaced:
            return
        namespace = self.store.get(Key(NAMESPACES.id, "", target.namespace))
        if namespace is None:
            raise not_found(NAMESPACES.named, target.namespace)
        if namespace["metadata"].get("deletionTimestamp"):
            place, name = target.namespace, obj["metadata"].get("name", "")
            why = f"unable to create new content in namespace {place} because it is being terminated"
            message = f'{target.resource.named} "{name}" is forbidden: {why}'
            raise ApiError(403, message, details=target.resource.named.details(name))

    def _check_version(self, target: Target, current: Json, new: Json) -> None:
        before, after = current["metadata"], new["metadata"]
        if after.get("uid", before["uid"]) != before["uid"]:
            why = f"Precondition failed: UID in precondition: {after['uid']}, "
            why += f"UID in object meta: {before['uid']}"
            raise conflict(target.resource.named, target.name, why)
        version = before["resourceVersion"]
        if (after.get("resourceVersion") or version) != version:
            raise conflict(target.resource.named, target.name)

    def _check_preconditions(self, target: Target, current: Json, options: Json) -> None:
        for field_name, value in (options.get("preconditions") or {}).items():
            found = current["metadata"].get(field_name)
            if value is not None and found != value:
                label = "UID" if field_name == "uid" else "ResourceVersion"
                why = f"Precondition failed: {label} in precondition: {value}, "
                raise conflict(target.resource.named, target.name, f"{why}{label} in object meta: {found}")

    def _validate(self, resource: Resource, obj: Json, old: Json | None) -> None:
        causes = [
            *validation.metadata(obj, old, label_name=resource.label_name),
            *resource.validate(obj, old),
        ]
        if causes:
            name = obj["metadata"].get("name", "")
            raise unprocessable(resource.qualified_kind, name, causes)
