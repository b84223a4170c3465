"""The console in a real browser: one system for all tests, one page per test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browser.support import chromium
from browser.support.acting import Kubernetes, acting
from browser.support.stack import Stack, running


class OpenPage(Protocol):
    """Opens a page of the console as somebody, in a language, a theme and a width (px)."""

    def __call__(
        self,
        path: str,
        *,
        user: str = ...,
        language: str = ...,
        theme: str = ...,
        env: str = ...,
        width: int = ...,
    ) -> Page: ...


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole system behind nginx, with data."""
    with running(tmp_path_factory.mktemp("console")) as stack:
        yield stack


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Kubernetes]]:
    """A system of its own, with a cluster: a module that uses it makes `console` the console of that."""
    with acting(tmp_path_factory.mktemp("acting")) as both:
        yield both


@pytest.fixture
def kubernetes(started: tuple[Stack, Kubernetes]) -> Kubernetes:
    """Its cluster."""
    return started[1]


@pytest.fixture(scope="module")
def browser(console: Stack) -> Iterator[Browser]:
    """The system's Chromium. Per module, so that its event loop is gone for other modules' tests."""
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()


@pytest.fixture
def open_page(console: Stack, browser: Browser) -> Iterator[OpenPage]:
    """Open pages; afterwards no script may have failed and nothing may have been blocked."""
    complaints: list[str] = []
    pages = []

    def open_one(path: str, *, user: str = console.user, **options: Any) -> Page:
        page = chromium.signed_in(browser, console, user=user, **options)
        pages.append(page)
        chromium.slow_down(page)
        chromium.collect_complaints(page, complaints)
        page.goto(path)
        return page

    yield open_one
    for page in pages:
        page.context.close()
    assert complaints == []
