"""Signing out in a real browser, which keeps passwords to itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from browser.support.chromium import FLAGS
from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.tools import find
from support.api import serving, write_htpasswd
from support.nginx import nginx

PATIENCE_MS = 120_000
ASK = "async () => (await fetch('/api/v1/me')).status"
SIGN_OUT = """
() => new Promise((done) => {
    const request = new XMLHttpRequest()
    request.open('GET', '/sign-out', true, 'signed-out', 'x')
    request.onloadend = () => done(request.status)
    request.send()
})
"""
"""What the console does. `fetch` would not make the browser keep other credentials."""


@pytest.fixture
async def page(clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path) -> AsyncIterator[Page]:
    """A browser in which alice has just signed in."""
    write_htpasswd(tmp_path / "htpasswd", alice="horse")
    (tmp_path / "roles.yaml").write_text(json.dumps({"users": {"alice": "viewer"}}))
    changed = settings.model_copy(update={"roles_file": str(tmp_path / "roles.yaml")})
    async with serving(changed) as api, async_playwright() as playwright:
        server = api.client.server
        with nginx(tmp_path, f"{server.host}:{server.port}") as url:
            browser = await playwright.chromium.launch(
                executable_path=str(find("chromium")), args=FLAGS, timeout=PATIENCE_MS
            )
            opened = await browser.new_page()
            opened.set_default_timeout(PATIENCE_MS)
            await opened.goto(url.replace("http://", "http://alice:horse@"))
            await opened.goto(url)
            yield opened
            await browser.close()


async def test_the_browser_forgets_the_password(page: Page) -> None:
    assert await page.evaluate(ASK) == 200
    assert await page.evaluate(SIGN_OUT) == 200
    # What it sends now is what it keeps; asking for more would open its dialog.
    assert await page.evaluate("async () => (await fetch('/sign-out')).status") == 200
