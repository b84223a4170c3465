"""Each service killed, frozen and restarted again and again, at random moments, under the whole load."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable

from faults.checking import told, watched
from faults.collecting import Collecting
from faults.load import Load
from faults.scale import Scale
from faults.system import SERVICES

Once = Callable[[Load, str, random.Random], Awaitable[None]]
Row = Callable[[Load, Scale], Awaitable[str]]


async def kill(load: Load, name: str, chance: random.Random) -> None:
    """SIGKILL, and start it again after a while."""
    load.system.signal(name, signal.SIGKILL)
    await asyncio.sleep(chance.uniform(0, 0.5))
    await load.system.start(name)


async def freeze(load: Load, name: str, chance: random.Random) -> None:
    """SIGSTOP, and SIGCONT after a while."""
    load.system.signal(name, signal.SIGSTOP)
    await asyncio.sleep(chance.uniform(0.2, 2.0))
    load.system.signal(name, signal.SIGCONT)


async def leave(load: Load, name: str, _: random.Random) -> None:
    """SIGTERM, as at every roll-out, and start it again."""
    await load.system.restart(name)


def again_and_again(once: Once) -> Row:
    """A fault that befalls each service at random moments, each by itself, the same moments every time."""

    async def row(load: Load, scale: Scale) -> str:
        load.webhook_may_be_away = True
        collecting = Collecting(load)
        try:
            async with watched(load), collecting.going_on(), load.going_on():
                await asyncio.sleep(1)
                await asyncio.gather(*(_befall(load, name, once, scale.kills) for name in SERVICES))
                await load.system.until_ready()
                await load.until_fresh()
        finally:
            load.webhook_may_be_away = False
        return f"{scale.kills} times each: {told(load)}, {collecting.done} collections of the same figures"

    return row


async def _befall(load: Load, name: str, once: Once, times: int) -> None:
    chance = random.Random(f"{name} {once.__name__}")
    for _ in range(times):
        await asyncio.sleep(chance.uniform(0.1, 1.5))
        await once(load, name, chance)
