"""An embedded ClickHouse for as long as it is needed, in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from kubedoor_core.embedded.engine import Engine
from kubedoor_core.embedded.server import Account, Server


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[str]:
    """Yield the URL of a ClickHouse on 127.0.0.1 whose data are in a folder."""
    engine = Engine(folder)
    runner = web.AppRunner(Server(engine, Account()).app(), access_log=None)
    try:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
        engine.close()
