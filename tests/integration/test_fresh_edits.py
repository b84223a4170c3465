"""An acknowledged edit governs every admission that starts after it, 250 times in a row."""

from __future__ import annotations

from pathlib import Path

from kubedoor_core.clickhouse import ClickHouse
from support.api import PASSWORD, SERVICES, api_settings, serving, write_htpasswd
from support.reviews import deployment, restarted, review
from support.rows import containers, control_row, set_mode
from support.webhook import ENV, WebhookThread, ask, until_ready

EDITS = 250
OTHERS = 200
CHECKOUT = f"{SERVICES}/shop/checkout"


async def seed(clickhouse: ClickHouse) -> None:
    values = containers(app=(250, 1000, 512, 1024))
    names = ["checkout", *(f"other-{n}" for n in range(OTHERS))]
    rows = [control_row(ENV, "shop", name, replicas_manual=1, **values) for name in names]
    await clickhouse.insert("control", rows)
    await set_mode(clickhouse, ENV, "enforce")


async def test_each_admission_sees_the_edit_before_it(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    await seed(clickhouse)
    write_htpasswd(tmp_path / "htpasswd", alice=PASSWORD)
    document = review(restarted(deployment()), deployment())
    with WebhookThread(tmp_path, clickhouse_settings).running() as webhook:
        async with serving(api_settings(tmp_path, clickhouse_settings)) as api, webhook.session() as client:
            await until_ready(client)
            version = (await api.get(CHECKOUT)).json["version"]
            for count in range(2, EDITS + 2):
                edited = await api.change("PATCH", CHECKOUT, {"replicas_manual": count}, version=version)
                assert edited.status == 200, edited.text
                version = edited.json["version"]
                answer = await ask(client, document)
                assert answer.admitted(document)["spec"]["replicas"] == count
