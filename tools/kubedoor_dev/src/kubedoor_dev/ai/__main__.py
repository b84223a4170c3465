"""`python -m kubedoor_dev.ai --port 8089`: a model's server without a model, for trying and for the demo."""

from __future__ import annotations

import argparse
import logging

from aiohttp import web

from kubedoor_dev.ai.scripts import SCRIPTS
from kubedoor_dev.ai.server import MODEL, PREFIX, ScriptedServer


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m kubedoor_dev.ai", description=__doc__)
    parser.add_argument("--port", type=int, default=8089, help="port on 127.0.0.1")
    parser.add_argument("--script", choices=sorted(SCRIPTS), default="good", help="what it does")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    print(f"KUBEDOOR_AI_URL=http://127.0.0.1:{options.port}{PREFIX} KUBEDOOR_AI_MODEL={MODEL}", flush=True)
    server = ScriptedServer(SCRIPTS[options.script])
    web.run_app(server.app(), host="127.0.0.1", port=options.port, print=None)


if __name__ == "__main__":
    main()
