"""What the api does to the cluster: operations asked for and followed to their end."""

from __future__ import annotations

from typing import Any

from e2e.support.installation import Client
from e2e.support.place import Place
from support.waiting import until

Json = dict[str, Any]
ENDED_IN_S = 300.0


def target(place: Place, name: str, **values: Any) -> Json:
    """One service of an operation."""
    return {"namespace": place.name, "name": name, **values}


async def ended(api: Client, identity: str) -> Json:
    """Wait until an operation has ended, and return it."""

    async def look() -> Json | None:
        shown: Json = await api.get(f"/operations/{identity}")
        return shown if shown["state"] not in {"pending", "running"} else None

    return await until(look, ENDED_IN_S)


async def operation(api: Client, kind: str, *targets: Json, **options: Any) -> Json:
    """Ask for an operation whose rollouts are waited for, and wait for its end."""
    body = {"kind": kind, "targets": list(targets), "wait_rollout": True, **options}
    asked = await api.change("POST", "/operations", body)
    return await ended(api, asked["id"])


def outcome(shown: Json) -> Json:
    """What became of an operation and of each of its services."""
    return {"": shown["state"], **{one["name"]: one["state"] for one in shown["targets"]}}


async def enforced(place: Place, name: str = "cart", replicas: int = 3) -> None:
    """Wait until admission is enforced: the API server takes up a changed configuration in its own time."""
    number = 0

    async def look() -> bool:
        nonlocal number
        number += 1
        place.try_("scale", f"deployment/{name}", f"--replicas={10 + number}")
        return place.replicas(name) == replicas

    await until(look)
