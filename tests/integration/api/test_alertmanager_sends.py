"""Debian's Alertmanager sends to the API: an alert that fires, and its end."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from kubedoor_api.access.roles import Grant, Role
from kubedoor_dev.processes import free_port, stop, wait_for_http
from kubedoor_dev.tools import find
from support.alerts import POD
from support.api import BASE, ENV, Api, token
from support.rendering import objects, templates
from support.waiting import until

LABELS = {"alertname": "PodCrashLooping", "severity": "critical", "namespace": "shop", "pod": POD}


def of_the_chart() -> dict[str, Any]:
    """Return the configuration of the Alertmanager that the chart brings along."""
    stack = {"stack": "full", "alertmanager": {"tokenSecret": "ingest"}}
    made = objects(templates({"env": ENV, "monitoring": stack}))
    found = next(one["data"] for one in made if one["metadata"]["name"] == "kubedoor-alertmanager")
    document: dict[str, Any] = yaml.safe_load(found["alertmanager.yaml"])
    return document


@contextmanager
def alertmanager(folder: Path, receiver: str) -> Iterator[str]:
    """Run one that sends to an address as the chart's does; yield its own."""
    (folder / "token").write_text(token(Grant(role=Role.INGEST), name="token:alertmanager"))
    config = of_the_chart()
    (webhook,) = config["receivers"][0]["webhook_configs"]
    assert webhook["url"].endswith(f"{BASE}/alerts/alertmanager")
    webhook["url"] = receiver
    webhook["http_config"]["authorization"]["credentials_file"] = str(folder / "token")
    config["route"] |= {"group_wait": "0s", "group_interval": "1s"}
    (folder / "alertmanager.yml").write_text(json.dumps(config))
    url, log = f"http://127.0.0.1:{free_port()}", folder / "alertmanager.log"
    command = [
        str(find("prometheus-alertmanager")), f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'data'}", f"--web.listen-address={url.removeprefix('http://')}",
        "--cluster.listen-address=",
    ]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        wait_for_http(f"{url}/-/ready", process, log)
        yield url
    finally:
        stop(process)


async def test_alertmanager_sends_what_fires_and_when_it_is_over(api: Api, tmp_path: Path) -> None:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    alert = {"labels": LABELS, "annotations": {"summary": "it restarts"}, "startsAt": began.isoformat()}

    async def state() -> list[str]:
        return [one["state"] for one in (await api.get(f"{BASE}/alerts/occurrences")).json["items"]]

    async def is_firing() -> bool:
        return await state() == ["firing"]

    async def is_resolved() -> bool:
        return await state() == ["resolved"]

    receiver = str(api.client.make_url(f"{BASE}/alerts/alertmanager"))
    with alertmanager(tmp_path, receiver) as url:
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{url}/api/v2/alerts", json=[alert]) as answer:
                assert answer.status == 200, await answer.text()
            await until(is_firing)
            over = {**alert, "endsAt": datetime.now(UTC).isoformat()}
            async with session.post(f"{url}/api/v2/alerts", json=[over]) as answer:
                assert answer.status == 200, await answer.text()
            await until(is_resolved)
    (one,) = (await api.get(f"{BASE}/alerts/occurrences")).json["items"]
    assert one["labels"] == LABELS
    assert (one["source"], one["kind"], one["name"]) == ("alertmanager", "Deployment", "cart")
    assert datetime.fromisoformat(one["starts_at"]) == began
