"""Actions on pods, as a client asks for them and waits for their end."""

from __future__ import annotations

from typing import Any

from support.api import BASE, Answer, Api
from support.waiting import until

Json = dict[str, Any]
ACTIONS = f"{BASE}/pod-actions"


def body_of(kind: str, pod: Json, parameters: Json) -> Json:
    """Return what asks for an action on a pod of `shop`."""
    metadata = pod["metadata"]
    body = {"kind": kind, "namespace": "shop", "pod": metadata["name"], "uid": metadata["uid"]}
    return {**body, "parameters": parameters}


async def preview_of(api: Api, body: Json) -> Json:
    """Ask what an action would do."""
    answer = await api.change("POST", f"{ACTIONS}/preview", body)
    assert answer.status == 200, answer.text
    found: Json = answer.json
    return found


async def in_state(api: Api, action_id: str, *states: str) -> Json:
    """Wait until an action is in one of some states."""

    async def look() -> Json | None:
        found: Json = (await api.get(f"{ACTIONS}/{action_id}")).json
        return found if found["state"] in states else None

    found: Json = await until(look)
    return found


async def ended(api: Api, begun: Answer) -> Json:
    """Wait until an action has ended."""
    assert begun.status == 202, begun.text
    return await in_state(api, begun.json["id"], "done", "failed")
