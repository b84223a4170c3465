"""Pods of a namespace as they are, where its Services lead, and what the api does to them."""

from __future__ import annotations

import json
from typing import Any

from e2e.support.installation import Client
from e2e.support.place import Place
from support.waiting import until

Json = dict[str, Any]


def items(place: Place, what: str) -> list[Json]:
    """Return all objects of a kind."""
    found: list[Json] = json.loads(place.kubectl("get", what, "-o", "json"))["items"]
    return found


def pods(place: Place) -> list[Json]:
    """Return the pods that are not about to go."""
    return [pod for pod in items(place, "pods") if not pod["metadata"].get("deletionTimestamp")]


def uid(pod: Json) -> str:
    """Return a pod's identity."""
    return str(pod["metadata"]["uid"])


def endpoints(place: Place) -> list[str]:
    """Return the uids of the pods that the Service sends requests to, as its EndpointSlices have them."""
    every = [one for found in items(place, "endpointslices") for one in found.get("endpoints") or []]
    return [one["targetRef"]["uid"] for one in every if one["conditions"].get("ready")]


def reached(place: Place) -> set[str]:
    """Return the uids of the pods that get requests."""
    return set(endpoints(place))


async def act(api: Client, place: Place, kind: str, pod: Json, **parameters: Any) -> Json:
    """Do something to a pod, and return what came of it."""
    body = {
        "kind": kind, "namespace": place.name, "pod": pod["metadata"]["name"], "uid": uid(pod),
        "parameters": parameters,
    }  # fmt: skip
    begun = await api.change("POST", "/pod-actions", body)
    return await ended(api, begun["id"])


async def ended(api: Client, identity: str) -> Json:
    """Wait until an action on a pod has ended, and return it."""

    async def look() -> Json | None:
        found: Json = await api.get(f"/pod-actions/{identity}")
        return found if found["state"] in {"done", "failed", "undone"} else None

    found: Json = await until(look, 120.0)
    return found
