"""The savings page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass(frozen=True)
class SavingsPage:
    """Its table, what it comes to, and the dialog that accepts."""

    page: Page

    @property
    def table(self) -> Locator:
        """The table."""
        return self.page.get_by_role("grid")

    @property
    def sum(self) -> Locator:
        """What all of it comes to."""
        return self.page.locator("[data-test=savings-sum]")

    @property
    def detail(self) -> Locator:
        """What an opened row shows."""
        return self.page.locator("[data-test=advice-detail]")

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    @property
    def accept(self) -> Locator:
        """The button that accepts."""
        return self.dialog.locator("[data-test=accept-go]")

    @property
    def done(self) -> Locator:
        """What was done last."""
        return self.page.get_by_role("region", name="Pending changes")

    def row(self, name: str) -> Locator:
        """The row of a service."""
        link = self.page.get_by_role("link", name=name, exact=True)
        return self.table.get_by_role("row").filter(has=link)

    def cell(self, name: str, column: str) -> Locator:
        """A cell of a service's row."""
        return self.row(name).locator(f"[data-column={column}]")

    def expand(self, name: str) -> None:
        """Open a row."""
        self.row(name).get_by_role("button", name="Every bound").click()
        expect(self.detail).to_be_visible()

    def choose(self, name: str) -> None:
        """Choose a service."""
        self.row(name).get_by_role("checkbox").check()

    def review(self) -> None:
        """Open the dialog for what is chosen."""
        self.page.locator("[data-test=review]").click()
        expect(self.dialog).to_be_visible()

    def show(self, tab: str) -> None:
        """Go to the advice of a verdict."""
        self.page.get_by_role("button", name=tab, exact=True).click()
