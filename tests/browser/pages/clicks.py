"""How often somebody has to click: jobs are counted, so that none of them becomes longer unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

COUNT = """() => {
  window.clicksSoFar = 0
  addEventListener('click', event => (window.clicksSoFar += event.isTrusted && event.detail > 0), true)
}"""


@dataclass(frozen=True)
class Clicks:
    """Clicks of the pointer on a page since it was loaded; keys are not counted."""

    page: Page

    def begin(self) -> None:
        """Count from now on."""
        self.page.evaluate(COUNT)

    @property
    def so_far(self) -> int:
        """How many there were."""
        return int(self.page.evaluate("() => window.clicksSoFar"))
