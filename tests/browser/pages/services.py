"""The services page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass(frozen=True)
class ServicesPage:
    """The table, its filters, its cells, and the bar of changes."""

    page: Page

    @property
    def table(self) -> Locator:
        """The table."""
        return self.page.get_by_role("grid", name="Services", exact=True)

    @property
    def names(self) -> Locator:
        """The names of the services that are drawn, in order."""
        return self.table.locator("[data-column=name] a")

    @property
    def bar(self) -> Locator:
        """The bar at the bottom."""
        return self.page.get_by_role("region", name="Pending changes")

    @property
    def selection(self) -> Locator:
        """The bar of what is chosen."""
        return self.page.get_by_role("region", name="Chosen services")

    @property
    def shown(self) -> Locator:
        """How many are shown of how many."""
        return self.page.locator(".filters").get_by_role("status")

    def row(self, name: str) -> Locator:
        """The row of a service."""
        link = self.page.get_by_role("link", name=name, exact=True)
        return self.table.get_by_role("row").filter(has=link)

    def cell(self, name: str, column: str) -> Locator:
        """A cell of a service's row."""
        return self.row(name).locator(f'[data-column="{column}"]')

    def checkbox(self, name: str) -> Locator:
        """What chooses a service."""
        return self.row(name).get_by_role("checkbox")

    def focus(self, name: str, column: str = "name") -> None:
        """Give the focus to a cell of a service's row, for the keys that follow."""
        self.cell(name, column).focus()
        expect(self.cell(name, column)).to_be_focused()

    def choose(self, name: str) -> None:
        """Choose a service."""
        self.checkbox(name).check()

    def edit(self, name: str, column: str, text: str) -> None:
        """Type into a cell and press Enter."""
        self.cell(name, column).get_by_role("button").click()
        field = self.cell(name, column).get_by_role("textbox")
        field.fill(text)
        field.press("Enter")

    def sort_by(self, label: str) -> None:
        """Click a header."""
        self.table.get_by_role("columnheader").get_by_role("button", name=label, exact=True).click()

    def review(self) -> Locator:
        """Open the review and return it."""
        self.bar.get_by_role("button", name="Review").click()
        return self.page.get_by_role("dialog")

    def apply(self) -> None:
        """Review and apply everything."""
        self.review().get_by_role("button", name="Apply").click()
