"""What axe finds on a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[3] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
MOVING = "[class*=-enter-active], [class*=-leave-active]"
"""What Vue is fading in or out: half transparent, it has another contrast than it will have."""


LOOKS, PAUSE_MS = 15, 200
"""A button that is enabled a moment later fades into its color: what is wrong is so at the last look, too."""


TOGGLE = "document.documentElement.classList.toggle('dark')"
"""What the console itself does to change its theme."""


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical on a page, and of contrast in its other theme, too."""
    expect(page.locator(MOVING)).to_have_count(0)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = _at_last(page, {})
    page.evaluate(TOGGLE)
    other = _at_last(page, {"runOnly": ["color-contrast"]})
    page.evaluate(TOGGLE)
    return [*found, *(f"in the other theme: {one}" for one in other)]


def _at_last(page: Page, options: dict[str, Any]) -> list[str]:
    found = _violations(page, options)
    for _ in range(LOOKS):
        if not found:
            break
        page.wait_for_timeout(PAUSE_MS)
        found = _violations(page, options)
    return found


def _violations(page: Page, options: dict[str, Any]) -> list[str]:
    how = {"resultTypes": ["violations"], **options}
    found: dict[str, Any] = page.evaluate("how => axe.run(document, how)", how)
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]
