"""Fields of forms, found by what they are and what they are called, as a person finds them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator


def choose(within: Page | Locator, name: str, option: str) -> None:
    """Choose one of a list that drops down."""
    page = within if isinstance(within, Page) else within.page
    # What is chosen lies over the field, and is what a person points at.
    within.get_by_role("combobox", name=name, exact=True).click(force=True)
    page.get_by_role("option", name=option, exact=True).click()


def type_moment(within: Page | Locator, name: str, text: str) -> None:
    """Type a day, or a day with its time, into the field of a calendar, which closes then."""
    field = within.get_by_role("combobox", name=name, exact=True)
    field.fill(text)
    field.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "false")


def choose_mode(dialog: Locator, mode: str) -> None:
    """Choose a mode in the dialog that switches it; the words of the choice go on with what it means."""
    dialog.get_by_role("radio", name=re.compile(rf"^\W*{mode}\b")).check()
