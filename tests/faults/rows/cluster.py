"""The API server slow, refusing, breaking off, gone, and the Lease lost in the middle of operations."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, datetime
from functools import partial
from typing import Any

from faults.checking import generations, told, watched
from faults.load import Load
from faults.results import eventually
from faults.scale import Scale
from faults.system import API
from kubedoor_dev.demo.clients import Json

DEPLOYMENTS = "/deployments"
RELIED_S = 2.0
"""The suite's `LEASE_RENEW_S`."""
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kubedoor/leases"
ORDERED = "/_sim/faults"


ORDERS: dict[str, dict[str, Any]] = {
    "slow": {"delay_s": 0.5, "count": None},
    "429": {"status": 429, "retry_after_s": 1, "count": 30},
    "500": {"status": 500, "count": 30},
    "breaks off": {"drop": True, "applied": True, "count": 30},
}
"""By name: what happens to the api's calls."""


async def wrong(load: Load, scale: Scale) -> str:
    """Slow, 429, 500, breaking off after the change was made, while operations are under way: they go on."""
    cluster, hits = load.system.cluster, dict[str, int]()
    async with watched(load), load.going_on():
        await asyncio.sleep(1)
        for name, order in ORDERS.items():
            await cluster.ask("POST", ORDERED, {"path": DEPLOYMENTS, "method": "PATCH|PUT|GET", **order})
            await asyncio.sleep(scale.trouble_s)
            hits[name] = await eventually(f"a call meets {name}", partial(_hits, load))
            await cluster.ask("DELETE", ORDERED)
    return (
        f"calls that it befell: {', '.join(f'{name} {count}' for name, count in hits.items())}; {told(load)}"
    )


async def _hits(load: Load) -> int:
    return int((await load.system.cluster.ask("GET", ORDERED))["items"][0]["hits"])


async def gone(load: Load, scale: Scale) -> str:
    """The API server does not answer at all for a while; what waits says for what."""
    async with watched(load), load.going_on():
        await asyncio.sleep(1)
        load.system.signal("kubernetes", signal.SIGSTOP)
        try:
            said = await eventually("the api says for what it waits", lambda: _waiting(load))
            await asyncio.sleep(scale.trouble_s)
        finally:
            load.system.signal("kubernetes", signal.SIGCONT)
    return f"meanwhile the api said {said!r}; {told(load)}"


async def lease_lost(load: Load, scale: Scale) -> str:
    """Another takes the Lease and keeps it for a while: the api stops acting, says so, and goes on."""
    async with watched(load), load.going_on():
        await asyncio.sleep(1)
        thief = asyncio.create_task(_hold(load))
        try:
            said = await eventually("the api says who holds the Lease", lambda: _held_by_another(load))
            still = partial(_stands_still, load, max(scale.trouble_s, RELIED_S))
            await eventually("the api, without its Lease, ceases to act", still)
        finally:
            thief.cancel()
            await asyncio.wait({thief})
            await load.system.cluster.send("DELETE", f"{LEASES}/kubedoor-api")
        await eventually("somebody leads again", lambda: _led(load))
    return f"meanwhile the api said {said!r}; {told(load)}"


async def _hold(load: Load) -> None:
    """Renew the Lease in another's name, as often as it takes."""
    while True:
        found = await load.system.cluster.ask("GET", f"{LEASES}/kubedoor-api")
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        found["spec"] |= {"holderIdentity": "another", "renewTime": now}
        await load.system.cluster.send("PUT", f"{LEASES}/kubedoor-api", found)
        await asyncio.sleep(0.3)


async def _held_by_another(load: Load) -> str:
    leader = await _leader(load)
    return f"led by {leader['holder']}" if leader.get("holder") == "another" else ""


async def _waiting(load: Load) -> str:
    """What an operation that does not go on says that it waits for, or why nobody leads."""
    answer = await load.send("GET", f"{API}/operations?limit=5")
    items = answer.document.get("items", []) if answer else []
    waits = [one["waiting_detail"] or one["waiting_reason"] for one in items if one.get("waiting_reason")]
    if waits:
        return str(waits[0])
    leader = await _leader(load)
    if leader.get("leading", True):
        return ""
    return str(leader["trouble"] or f"the Lease is held by {leader['holder']}")


async def _leader(load: Load) -> Json:
    answer = await load.send("GET", f"{API}/leader")
    return answer.document if answer and answer.status == 200 else {}


async def _led(load: Load) -> bool:
    return bool((await _leader(load)).get("leading"))


async def _stands_still(load: Load, for_s: float) -> bool:
    """Tell whether nothing was changed for some seconds; what was begun with the Lease is ended first."""
    before = await _changes(load)
    await asyncio.sleep(for_s)
    return await _changes(load) == before


async def _changes(load: Load) -> int:
    """How often the Deployments that are acted upon were changed so far."""
    return sum((await generations(load)).values())
