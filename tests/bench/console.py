"""The console with 5,000 services: usable, filtering, scrolling, a year's chart, weight of a first load."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.results import Result, at_least, at_most
from browser.support import chromium, company
from browser.support.stack import Stack, running

SUITE = "console"
ROUNDS = 3
CHARTS = 3
SERVICE = "service-0000"
NAMESPACE = "team-00"

KEYSTROKE = """async (text) => {
  const status = document.querySelector('.filters [role=status]')
  const search = document.querySelector('input[type=search]')
  const changed = new Promise((resolve) =>
    new MutationObserver(() => requestAnimationFrame(() => resolve(performance.now())))
      .observe(status, {characterData: true, subtree: true, childList: true}))
  const start = performance.now()
  search.value = text
  search.dispatchEvent(new Event('input', {bubbles: true}))
  return await changed - start
}"""
TYPED = ("service-1", "17", "team-03", "")
"""Each shows another number of services than the one before."""
SCROLL = """async () => {
  const scroller = document.querySelector('.scroller')
  const frames = 120
  const start = performance.now()
  for (let i = 0; i < frames; i++) {
    scroller.scrollTop += 90
    await new Promise(requestAnimationFrame)
  }
  return frames * 1000 / (performance.now() - start)
}"""
YEAR = """async () => {
  const charts = [...document.querySelectorAll('[data-days]')]
  const start = performance.now()
  ;[...document.querySelectorAll('button')].find((one) => one.textContent.trim() === '1 year').click()
  while (!charts.every((one) => Number(one.dataset.days) >= 365)) await new Promise(requestAnimationFrame)
  return performance.now() - start
}"""
SCRIPTS = """() => performance.getEntriesByType('resource')
  .filter(({name}) => name.endsWith('.js'))
  .reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0) / 1000"""


def _fresh(browser: Browser, stack: Stack) -> Page:
    """Return a page of a browser that has nothing of the console in its cache."""
    return chromium.signed_in(browser, stack, user=stack.user, env=company.LARGE_ENV)


def _usable_ms(browser: Browser, stack: Stack) -> float:
    page = _fresh(browser, stack)
    page.goto("/services")
    page.wait_for_selector("[role=row] a")
    took = cast("float", page.evaluate("performance.now()"))
    page.context.close()
    return took


def _first_load_kb(browser: Browser, stack: Stack) -> float:
    page = _fresh(browser, stack)
    page.goto("/")
    page.wait_for_selector("h1")
    page.wait_for_load_state("networkidle")
    weight = cast("float", page.evaluate(SCRIPTS))
    page.context.close()
    return weight


def _year_ms(browser: Browser, stack: Stack) -> float:
    page = _fresh(browser, stack)
    page.set_viewport_size({"width": 1440, "height": 1600})
    page.goto(f"/services/{company.LARGE_ENV}/{NAMESPACE}/{SERVICE}")
    expect(page.locator("[data-days]")).to_have_count(CHARTS)
    took = cast("float", page.evaluate(YEAR))
    page.context.close()
    return took


def _measure(browser: Browser, stack: Stack) -> list[Result]:
    page = _fresh(browser, stack)
    page.goto("/services")
    page.get_by_text("5,000 of 5,000").wait_for()
    page.wait_for_load_state("networkidle")
    keystrokes = [cast("float", page.evaluate(KEYSTROKE, text)) for text in TYPED]
    frames = cast("float", page.evaluate(SCROLL))
    page.context.close()
    usable = statistics.median(_usable_ms(browser, stack) for _ in range(ROUNDS))
    year = statistics.median(_year_ms(browser, stack) for _ in range(ROUNDS))
    return [
        at_most(SUITE, "services usable after navigation", usable, "ms", 1500),
        at_most(SUITE, "a filter keystroke, the slowest of four", max(keystrokes), "ms", 100),
        at_least(SUITE, "scrolling", frames, "frames/s", 50),
        at_most(SUITE, "a year's charts", year, "ms", 500),
        at_most(SUITE, "script of a first load, compressed", _first_load_kb(browser, stack), "kB", 350),
    ]


def _add_a_year(stack: Stack) -> None:
    """Give one service 400 days."""
    samples = [one for one in company.large(1) if one.name == SERVICE]
    stack.insert("resource_daily", *company.daily_rows(samples, company.LARGE_ENV, days=400))


def main() -> list[Result]:
    """Run the suite."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as stack:
        _add_a_year(stack)
        with sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            results = _measure(browser, stack)
            browser.close()
    return results
