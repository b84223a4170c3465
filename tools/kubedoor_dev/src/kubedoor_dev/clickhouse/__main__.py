"""`python -m kubedoor_dev.clickhouse --port P --path DIR`: an embedded ClickHouse on 127.0.0.1."""

from __future__ import annotations

import argparse
from pathlib import Path

from aiohttp import web

from kubedoor_core.embedded.engine import Engine
from kubedoor_core.embedded.server import Account, Server


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="kubedoor_dev.clickhouse", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--path", type=Path, required=True, help="folder of the database; made if missing")
    parser.add_argument("--user", default="default")
    parser.add_argument("--password", default="", help="empty: none is asked for")
    arguments = parser.parse_args()
    engine = Engine(arguments.path)
    app = Server(engine, Account(arguments.user, arguments.password)).app()

    async def listening(_: web.Application) -> None:
        print(f"ClickHouse (embedded) on http://127.0.0.1:{arguments.port}", flush=True)

    app.on_startup.append(listening)
    try:
        web.run_app(app, host="127.0.0.1", port=arguments.port, print=None, access_log=None)
    finally:
        engine.close()


if __name__ == "__main__":
    main()
