"""The address that a service listens on, in both families."""

from __future__ import annotations

import socket

import pytest
from aiohttp import ClientSession, web

from kubedoor_core.settings import listen_address
from kubedoor_dev.processes import free_port


@pytest.mark.parametrize(
    ("listen", "expected"),
    [
        ("0.0.0.0:8080", ("0.0.0.0", 8080)),
        ("127.0.0.1:0", ("127.0.0.1", 0)),
        ("[::1]:8443", ("::1", 8443)),
        ("[2001:db8::1]:8443", ("2001:db8::1", 8443)),
        ("[::]:8080", (None, 8080)),
        ("localhost:8080", ("localhost", 8080)),
    ],
)
def test_brackets_are_no_part_of_an_address(listen: str, expected: tuple[str | None, int]) -> None:
    assert listen_address(listen) == expected


async def test_every_address_is_those_of_both_families() -> None:
    runner = web.AppRunner(web.Application(), access_log=None)
    await runner.setup()
    port = free_port()
    try:
        await web.TCPSite(runner, *listen_address(f"[::]:{port}")).start()
        async with ClientSession() as client:
            for host in ("127.0.0.1", "[::1]"):
                async with client.get(f"http://{host}:{port}/") as answer:
                    assert answer.status == 404
    finally:
        await runner.cleanup()


async def test_the_webhooks_listener_takes_both_families() -> None:
    from kubedoor_webhook.listener import _bind

    sockets = await _bind(*listen_address("[::]:0"))
    try:
        assert {each.family for each in sockets} == {socket.AF_INET, socket.AF_INET6}
    finally:
        for each in sockets:
            each.close()
