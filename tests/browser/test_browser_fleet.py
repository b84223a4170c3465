"""All envs at once in a browser: the fleet, adding a cluster, and one service in two envs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.support import company
from browser.support.stack import Stack

WIDTHS = [900, 1280]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_env_has_a_row_and_leads_to_its_own_pages(open_page: OpenPage, width: int) -> None:
    page = open_page("/fleet", width=width)
    table = page.get_by_role("table", name="Fleet")
    for env in (company.ENV, company.LARGE_ENV):
        row = table.get_by_role("row").filter(has=page.get_by_role("button", name=env, exact=True))
        expect(row).to_contain_text("not configured")
    sums = page.get_by_role("region", name="All together")
    expect(sums).to_contain_text("2 envs")
    table.get_by_role("button", name=company.LARGE_ENV, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_the_fleet_in_chinese(open_page: OpenPage) -> None:
    page = open_page("/fleet", language="zh-CN")
    expect(page.get_by_role("heading", level=1)).to_have_text("多集群")
    expect(page.get_by_role("table", name="多集群")).to_contain_text(company.ENV)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_cluster_is_added_by_commands_that_hold_what_was_typed(open_page: OpenPage, width: int) -> None:
    page = open_page("/fleet", width=width)
    page.get_by_role("link", name="Add a cluster").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a cluster")
    page.get_by_label("Name of the env").fill("a/b")
    expect(page.get_by_text("A name stands in addresses")).to_be_visible()
    page.get_by_label("Name of the env").fill("south")
    page.get_by_label("Prometheus of the new cluster").fill("http://thanos:9090")
    install = page.get_by_role("region", name="1. In the new cluster: collector and webhook")
    expect(install).to_contain_text("--set env=south")
    expect(install).to_contain_text("--set prometheus.url=http://thanos:9090")
    expect(page.get_by_role("region", name="3. What clusters.yaml gets")).to_contain_text("south")
    state = page.get_by_role("region", name="How far it is")
    expect(state.get_by_role("listitem").filter(has_text="In the clusters file")).to_contain_text("open")


def test_adding_a_cluster_in_chinese(open_page: OpenPage) -> None:
    page = open_page("/fleet/add?env=south", language="zh-CN")
    expect(page.get_by_role("heading", level=1)).to_have_text("添加集群")
    expect(page.locator("pre").first).to_contain_text("--set env=south")


@pytest.mark.parametrize("width", WIDTHS)
def test_one_service_in_two_envs_and_its_values_copied(
    open_page: OpenPage, console: Stack, width: int
) -> None:
    namespace, name = "orders", "checkout"
    path = f"/envs/{company.LARGE_ENV}/services/{namespace}/{name}"
    if width == WIDTHS[0]:
        console.ask("PUT", path, {"replicas_manual": 7})
    page = open_page(f"/compare/{namespace}/{name}?left={company.ENV}&right={company.LARGE_ENV}", width=width)
    table = page.get_by_role("table", name=f"Compare {name}")
    pods = table.get_by_role("row").filter(has_text="Pods")
    expect(pods).to_contain_text("7")
    expect(pods).to_contain_text("◆ differs")
    copy = page.get_by_role("button", name=f"Copy into {company.LARGE_ENV}")
    expect(copy).to_be_disabled()
    pods.get_by_role("checkbox").check()
    page.get_by_role("button", name=f"Copy 1 value into {company.LARGE_ENV}").click()
    expect(page.get_by_role("region", name="Pending changes")).to_contain_text("1 change")
    page.get_by_role("button", name="Swap").click()
    expect(page).to_have_url(re.compile(f"left={company.LARGE_ENV}&right={company.ENV}$"))
