"""The chart's own test, run against a real webhook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.certificates import make_authority
from support.rendering import container
from support.rows import set_mode
from support.webhook import ENV, Webhook, until_ready


def post_install(
    webhook: Webhook, authority: bytes, configuration: str = "minimal"
) -> subprocess.CompletedProcess[str]:
    """Run what the pod of `helm test` runs."""
    entry = container(configuration, "webhook-test")
    ca_file = webhook.folder / "trusted.crt"
    ca_file.write_bytes(authority)
    own = {"WEBHOOK_URL": f"{webhook.url}/mutate", "WEBHOOK_CA_FILE": str(ca_file)}
    given = {variable["name"]: variable.get("value", "") for variable in entry["env"]}
    assert own.keys() < given.keys()
    assert entry["command"] == ["python", "-c"]
    command = [sys.executable, "-c", *entry["args"]]
    return subprocess.run(
        command, env={**os.environ, **given, **own}, capture_output=True, text=True, check=False
    )


async def test_a_deployment_goes_through_and_leaves_no_trace(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    webhook = Webhook(tmp_path, clickhouse_settings)
    with webhook.running():
        async with webhook.session() as session:
            await until_ready(session)
        installed = post_install(webhook, webhook.authority.certificate_pem)
        assert installed.returncode == 0, installed.stderr
        assert installed.stdout == "the webhook decides: allowed\n"
        await set_mode(clickhouse, ENV, "enforce")
        enforced = post_install(webhook, webhook.authority.certificate_pem)
        assert enforced.returncode == 0, enforced.stderr
        assert "not registered" in enforced.stdout
        another = post_install(webhook, make_authority().certificate_pem)
        assert another.returncode != 0
        assert "CERTIFICATE_VERIFY_FAILED" in another.stderr
    assert await clickhouse.fetch("SELECT 1 FROM admission_log LIMIT 1") == []


async def test_a_webhook_that_answers_the_api_server_alone_is_tested_for_that(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    client_ca = tmp_path / "client-ca.pem"
    client_ca.write_bytes(make_authority().certificate_pem)
    webhook = Webhook(tmp_path, {**clickhouse_settings, "KUBEDOOR_TLS_CLIENT_CA_FILE": str(client_ca)})
    with webhook.running():
        async with webhook.session() as session:
            await until_ready(session)
        alone = post_install(webhook, webhook.authority.certificate_pem, "authorities")
        assert alone.returncode == 0, alone.stderr
        assert alone.stdout == "the webhook answers the API server alone, as it is set to\n"
        unset = post_install(webhook, webhook.authority.certificate_pem)
        assert (unset.returncode, "HTTP Error 403" in unset.stderr) == (1, True)
