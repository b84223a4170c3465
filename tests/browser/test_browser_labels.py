"""Owners and labels in a browser: a filter, columns, and groups with their sums; and the report."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from browser.conftest import OpenPage
from browser.pages.services import ServicesPage
from browser.support import company
from browser.support.stack import Stack

PART_OF = "app.kubernetes.io/part-of"
NOW = "2090-01-01 00:00:00.000"


def _row(namespace: str, kind: str, name: str, **labels: str) -> dict[str, Any]:
    return {
        "env": company.ENV,
        "namespace": namespace,
        "kind": kind,
        "name": name,
        "labels": {key.replace("part_of", PART_OF): value for key, value in labels.items()},
        "version": time.time_ns(),
        "updated_at": NOW,
        "deleted": not labels,
    }


@pytest.fixture
def labeled(console: Stack) -> Iterator[None]:
    """One service has an owner of its own, a namespace has one for all of its services."""
    rows = [
        _row("orders", "Deployment", "cart", team="baskets", part_of="shop"),
        _row("orders", "Deployment", "checkout", part_of="shop"),
        _row("orders", "Namespace", "orders", team="sales"),
    ]
    console.insert("workload_label", *rows)
    path = f"/envs/{company.ENV}/settings/label_columns"
    console.ask("PUT", path, {"value": PART_OF}, **{"If-Match": '"0"'})
    yield
    console.insert(
        "workload_label", *({**row, "labels": {}, "version": time.time_ns(), "deleted": True} for row in rows)
    )
    stored = next(
        one
        for one in console.ask("GET", f"/envs/{company.ENV}/settings")["items"]
        if one["key"] == "label_columns"
    )
    console.ask("DELETE", path, **{"If-Match": f'"{stored["version"]}"'})


@pytest.mark.usefixtures("labeled")
def test_services_are_filtered_by_owner_and_shown_with_labels(open_page: OpenPage) -> None:
    page = open_page("/services", width=1600)
    services = ServicesPage(page)
    expect(services.cell("cart", f"label:{PART_OF}")).to_have_text("shop")
    page.locator("[data-test=columns]").click()
    page.get_by_role("checkbox", name="Owner").check()
    page.keyboard.press("Escape")
    expect(services.cell("cart", "owner")).to_have_text("baskets")
    page.locator("[data-test=filter-owner]").click()
    page.get_by_role("option", name="baskets").click()
    expect(services.shown).to_contain_text("1 of ")
    assert "owner=baskets" in page.url


@pytest.mark.usefixtures("labeled")
@pytest.mark.parametrize("width", [900, 1280])
def test_sums_by_owner_lead_to_their_services(open_page: OpenPage, width: int) -> None:
    page = open_page("/namespaces", width=width)
    page.get_by_role("button", name="Owner", exact=True).click()
    expect(page.get_by_text("without this label")).to_be_visible()
    page.get_by_role("link", name="sales").click()
    services = ServicesPage(page)
    expect(services.cell("checkout", "namespace")).to_have_text("orders")
    expect(services.cell("cart", "namespace")).to_have_count(0)
    page.go_back()
    page.get_by_role("button", name=PART_OF).click()
    expect(page.get_by_role("cell", name="shop", exact=True)).to_be_visible()


@pytest.mark.parametrize(("language", "name"), [("en", "Download the report"), ("zh-CN", "下载报告")])
def test_the_report_is_a_file_that_opens(
    open_page: OpenPage, tmp_path: Path, language: str, name: str
) -> None:
    page = open_page("/overview", language=language)
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    document = PdfReader(file)
    assert company.ENV in document.pages[0].extract_text()
    assert str(document.root_object["/Lang"]) == language
