"""`python -m kubedoor_dev.cluster --port P`: the simulated Kubernetes API server on 127.0.0.1."""

from __future__ import annotations

import argparse
import asyncio
import re
import signal
from dataclasses import replace
from pathlib import Path

from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.cluster.nodes import NodeSize

SERVICE = re.compile(r"(?P<place>[^/=:]+/[^/=:]+:\d+)=(?P<address>[^=:]+:\d+)")


def service(text: str) -> tuple[str, str]:
    """Read `namespace/name:port=host:port`."""
    found = SERVICE.fullmatch(text)
    if not found:
        message = f"{text!r} is not namespace/name:port=host:port"
        raise argparse.ArgumentTypeError(message)
    return found["place"], found["address"]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kubedoor_dev.cluster", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--kubeconfig", type=Path, help="file to write, for the administrator")
    parser.add_argument("--tls", action="store_true", help="serve HTTPS, trusted by the kubeconfig")
    parser.add_argument("--token", help="the administrator's; a random one otherwise")
    parser.add_argument(
        "--service", type=service, action="append", default=[], metavar="NS/NAME:PORT=HOST:PORT",
        help="what stands behind a Service that a webhook names",
    )  # fmt: skip
    parser.add_argument(
        "--namespace", action="append", default=[], help="a namespace that is there at the start"
    )
    parser.add_argument("--nodes", type=int, default=3, help="of 64 cores and 256 GiB (default 3)")
    parser.add_argument(
        "--rollout-s", type=float, default=1.0, help="seconds until a pod is ready (default 1)"
    )
    return parser.parse_args()


def _options(arguments: argparse.Namespace) -> Options:
    options = Options(
        tls=arguments.tls,
        services=dict(arguments.service),
        namespaces=arguments.namespace,
        nodes={f"node-{number}": NodeSize() for number in range(1, arguments.nodes + 1)},
        rollout_s=arguments.rollout_s,
    )
    return replace(options, token=arguments.token) if arguments.token else options


async def _run(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    cluster = Cluster(_options(arguments))
    async with cluster.serve(arguments.port) as url:
        if arguments.kubeconfig:
            cluster.write_kubeconfig(arguments.kubeconfig)
        print(f"Kubernetes API server (simulated) on {url}", flush=True)
        await stop.wait()


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    asyncio.run(_run(_arguments()))


if __name__ == "__main__":
    main()
