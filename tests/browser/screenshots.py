"""`python tests/browser/screenshots.py [FOLDER]`: a picture of each page for docs/console."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# The folder of the tests is on the path only now.
from playwright.sync_api import Page, expect, sync_playwright

from browser.pages.frame import PAGES, Frame
from browser.support import chromium, company
from browser.support.stack import CHECKOUT, Stack, running

SERVICE = f"/services/{company.ENV}/orders/checkout"
LOOKS = (("en", "light"), ("zh-CN", "dark"))


def _shoot(page: Page, path: str, title: str, file: Path) -> None:
    page.goto(path)
    expect(Frame(page).title).to_have_text(title)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file)


def _pages(index: int) -> dict[str, tuple[str, str]]:
    pages = {path.strip("/"): (path, titles[index]) for path, titles in PAGES.items()}
    return {**pages, "service": (SERVICE, "checkout")}


def shoot_all(stack: Stack, folder: Path) -> None:
    """Take every page in English and light, and in Chinese and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for index, (language, theme) in enumerate(LOOKS):
            page = chromium.signed_in(browser, stack, user=stack.user, language=language, theme=theme)
            for name, (path, title) in _pages(index).items():
                _shoot(page, path, title, folder / f"{name}.{language}.png")
            page.context.close()
        browser.close()


def main() -> None:
    """Start the system, take the pictures, end it."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT / "docs" / "console"
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as stack:
        shoot_all(stack, folder)
    print(f"pictures of the console: {folder}")


if __name__ == "__main__":
    main()
