"""The pods of a service, what can be done to them, and their logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass(frozen=True)
class PodsPage:
    """The table of a service's pods, and the dialog that acts on them."""

    page: Page

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    @property
    def act(self) -> Locator:
        """The button that does it."""
        return self.dialog.locator("[data-test=pod-act]")

    @property
    def done(self) -> Locator:
        """What became of it, in the dialog."""
        return self.dialog.locator("[data-test=pod-action]")

    @property
    def chosen(self) -> Locator:
        """The bar of the pods that are chosen."""
        return self.page.get_by_role("region", name="Chosen pods")

    @property
    def against(self) -> Locator:
        """What can't be done, and why."""
        return self.page.locator("[data-test=pods-against]")

    @property
    def isolated(self) -> Locator:
        """The service's pods that are isolated."""
        return self.page.locator("[data-test=isolated]")

    def row(self, pod: str) -> Locator:
        """The row of a pod."""
        return self.page.locator(f"tr[data-pod='{pod}']")

    def choose(self, pod: str) -> None:
        """Choose a pod."""
        self.row(pod).get_by_role("checkbox").check()

    def ask(self, pod: str, what: str) -> None:
        """Open the dialog for one pod."""
        self.row(pod).locator(f"[data-test=pod-{what}]").click()
        expect(self.dialog).to_be_visible()

    def preview(self) -> None:
        """Look at what it would do."""
        self.dialog.locator("[data-test=pod-preview-ask]").click()
        expect(self.dialog.locator("[data-test=pod-preview]").first).to_be_visible()

    def close(self) -> None:
        """Close the dialog."""
        self.dialog.get_by_role("button", name="Close", exact=True).last.click()
        expect(self.dialog).to_be_hidden()


@dataclass(frozen=True)
class LogPage:
    """The log of some pods."""

    page: Page

    @property
    def lines(self) -> Locator:
        """The lines that are drawn."""
        return self.page.locator("[data-test=log-lines] .line")

    @property
    def ends(self) -> Locator:
        """Why logs have ended."""
        return self.page.locator("[data-test=log-ends]")

    @property
    def text(self) -> Locator:
        """The field of what is looked for."""
        return self.page.get_by_label("Text within a line")

    def show(self, name: str) -> None:
        """Choose a level, or what the text does."""
        self.page.get_by_role("button", name=name, exact=True).click()


@dataclass(frozen=True)
class TerminalDialog:
    """The dialog of a terminal."""

    page: Page

    @property
    def state(self) -> Locator:
        """How it stands, in words."""
        return self.page.locator("[data-test=terminal-state]")

    @property
    def screen(self) -> Locator:
        """What it shows."""
        return self.page.locator(".xterm-rows")

    def open(self) -> None:
        """Open it, and wait until the keys are its own."""
        self.page.locator("[data-test=terminal-open]").click()
        expect(self.state).to_contain_text("Connected to app")
        expect(self.page.locator(".xterm-helper-textarea")).to_be_focused()

    def type(self, line: str) -> None:
        """Type a line."""
        self.page.keyboard.type(line)
        self.page.keyboard.press("Enter")
