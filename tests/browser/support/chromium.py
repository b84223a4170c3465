"""The system's Chromium, pages that are signed in, and what pages complain of."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from playwright.sync_api import ConsoleMessage, expect

from kubedoor_dev.tools import find

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

    from browser.support.stack import Stack

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 60_000
EXPECTED = "Failed to load resource"
"""Chromium's own line for every answer of 400 or more; tests look at what the page says instead."""
SMALL_FILE = "/favicon.svg"
"""Asks for the password as every page does, and begins no console."""

expect.set_options(timeout=PATIENCE_MS)


def launch(playwright: Playwright) -> Browser:
    """Start the browser."""
    return playwright.chromium.launch(
        executable_path=str(find("chromium")), args=FLAGS, timeout=2 * PATIENCE_MS
    )


def signed_in(browser: Browser, stack: Stack, *, user: str, width: int = 1440, **chosen: str) -> Page:
    """Return a page, in a context of its own, of somebody who has just signed in.

    The browser keeps the password, as a person's does. Were it given to each request from outside, each would
    be stopped for that, and nothing be cached.

    :param chosen: preferences of the console besides the defaults: language, theme and env.
    """
    made = browser.new_context(
        base_url=stack.url,
        viewport={"width": width, "height": 860},
        locale="en-US",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    made.set_default_timeout(PATIENCE_MS)
    preferences = json.dumps({"language": "en", "theme": "light", "env": "", **chosen})
    made.add_init_script(
        "if (!localStorage.getItem('kubedoor.preferences'))"
        f" localStorage.setItem('kubedoor.preferences', {json.dumps(preferences)})"
    )
    page = made.new_page()
    page.goto(stack.url.replace("://", f"://{quote(user)}:{quote(stack.password)}@") + SMALL_FILE)
    return page


def slow_down(page: Page) -> None:
    """Make the page's processor as many times slower as `BROWSER_SLOWDOWN` says: to find tests that hope."""
    if rate := os.environ.get("BROWSER_SLOWDOWN"):
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": float(rate)})


def collect_complaints(page: Page, into: list[str]) -> None:
    """Note every script error and every error that the page writes to its console."""

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and EXPECTED not in message.text:
            into.append(f"{page.url}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: into.append(f"{page.url}: {error}"))
