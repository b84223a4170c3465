"""Certificates: replaced under load without a failed request; client certificates where asked for."""

from __future__ import annotations

import asyncio
import ssl
from datetime import timedelta
from pathlib import Path

import aiohttp
from cryptography import x509

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.certificates import Authority
from support.reviews import deployment, review
from support.waiting import until
from support.webhook import Webhook, ask, metric, until_ready

WORKERS = 8


def cert_manager_writes(authority: Authority, mount: Path, generation: int) -> None:
    """Write a Secret volume as the kubelet does: a new folder, then one renamed symbolic link."""
    folder = mount / f"..{generation}"
    authority.server(valid=timedelta(days=generation)).write(folder)
    link = mount / "..data_tmp"
    link.symlink_to(folder.name)
    link.rename(mount / "..data")


def serial(port: int) -> int:
    """The serial number that a new handshake meets."""
    pem = ssl.get_server_certificate(("127.0.0.1", port))
    return x509.load_pem_x509_certificate(pem.encode()).serial_number


async def test_a_new_certificate_under_load(
    governed: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    mount = tmp_path / "mount"
    mount.mkdir()
    files = {
        "KUBEDOOR_TLS_CERT_FILE": str(mount / "..data" / "tls.crt"),
        "KUBEDOOR_TLS_KEY_FILE": str(mount / "..data" / "tls.key"),
    }
    webhook = Webhook(tmp_path, {**clickhouse_settings, **files})
    cert_manager_writes(webhook.authority, mount, 1)
    with webhook.running():
        async with webhook.session() as client:
            await until_ready(client)
            load = asyncio.create_task(keep_asking(client))
            before = await asyncio.to_thread(serial, webhook.port)
            expiry = await metric(client, "kubedoor_certificate_expiry_timestamp_seconds")
            cert_manager_writes(webhook.authority, mount, 2)
            after = await until(lambda: another_serial(webhook.port, before))
            assert after != before
            assert await metric(client, "kubedoor_certificate_expiry_timestamp_seconds") > expiry
            load.cancel()
            done = await asyncio.gather(load, return_exceptions=True)
            assert isinstance(done[0], asyncio.CancelledError), done


async def another_serial(port: int, than: int) -> int | None:
    now = await asyncio.to_thread(serial, port)
    return now if now != than else None


async def keep_asking(client: aiohttp.ClientSession) -> None:
    """As fast as it answers; the first request that fails ends it with its exception."""

    async def one_after_another() -> None:
        while True:
            answer = await ask(client, review(deployment()))
            assert answer.response["allowed"] is True

    async with asyncio.TaskGroup() as group:
        for _ in range(WORKERS):
            group.create_task(one_after_another())


async def test_files_that_are_no_pair_leave_the_old_certificate(webhook_process: Webhook) -> None:
    folder, port = webhook_process.folder, webhook_process.port
    before = await asyncio.to_thread(serial, port)
    (folder / "tls.key").write_bytes(webhook_process.authority.server().key_pem)

    async def told() -> bool:
        return "certificate.not_loaded" in (folder / "log").read_text()

    await until(told)
    assert await asyncio.to_thread(serial, port) == before


async def test_a_client_certificate_is_demanded_where_a_ca_is_given(
    governed: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    ca_file = tmp_path / "ca.crt"
    webhook = Webhook(tmp_path, {**clickhouse_settings, "KUBEDOOR_TLS_CLIENT_CA_FILE": str(ca_file)})
    ca_file.write_bytes(webhook.authority.certificate_pem)
    known = webhook.tls
    known.load_cert_chain(*webhook.authority.client("kube-apiserver").write(tmp_path, "client"))
    with webhook.running():
        async with webhook.session() as without:
            await until_ready(without)
            assert (await ask(without, review(deployment()))).status == 403
        connector = aiohttp.TCPConnector(ssl=known)
        async with aiohttp.ClientSession(webhook.url, connector=connector) as with_one:
            assert (await ask(with_one, review(deployment()))).response["allowed"] is True
