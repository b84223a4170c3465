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


def post_install(webhook: Webhook, authority: bytes) -> subprocess.CompletedProcess[str]:
    """Run what the pod of `helm test` runs."""
    entry = container("minimal", "webhook-test")
    ca_file = webhook.folder / "trusted.crt"
    ca_file.write_bytes(authority)
    own = {"WEBHOOK_URL": f"{webhook.url}/mutate", "WEBHOOK_CA_FILE": str(ca_file)}
    assert own.keys() == {variable["name"] for variable in entry["env"]}
    assert entry["command"] == ["python", "-c"]
    command = [sys.executable, "-c", *entry["args"]]
    return subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=False)


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
