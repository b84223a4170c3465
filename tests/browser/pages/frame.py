"""The frame around every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from browser.support.forms import choose_mode

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PAGES = {
    "/fleet": ("Fleet", "多集群"),
    "/overview": ("Overview", "总览"),
    "/now": ("Now", "实况"),
    "/nodes": ("Nodes", "节点"),
    "/alerts": ("Alerts", "告警"),
    "/events": ("Events", "事件"),
    "/services": ("Services", "服务"),
    "/namespaces": ("Namespaces", "命名空间"),
    "/peaks": ("Peak data", "高峰数据"),
    "/savings": ("Savings", "节省建议"),
    "/rules": ("Request rules", "需求规则"),
    "/admission": ("Admission", "准入管控"),
    "/operations": ("Operations", "操作"),
    "/schedules": ("Schedules", "定时任务"),
    "/collection": ("Collection", "采集"),
    "/dashboards": ("Dashboards", "仪表盘"),
    "/audit": ("Audit", "审计"),
    "/settings": ("Settings", "设置"),
}
"""Path and title, in English and Chinese."""


@dataclass(frozen=True)
class Frame:
    """Navigation at the left, the bar on top."""

    page: Page

    @property
    def title(self) -> Locator:
        """The one title of the page."""
        return self.page.get_by_role("heading", level=1)

    @property
    def search(self) -> Locator:
        """The search on top."""
        return self.page.get_by_role("searchbox")

    @property
    def mode(self) -> Locator:
        """The mode, which opens its dialog."""
        return self.page.locator("[data-test=mode-switch]")

    def go(self, name: str) -> None:
        """Go to a page by the navigation."""
        self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()

    def switch_language(self) -> None:
        """Go to the other language."""
        self.page.locator("[data-test=language]").click()

    def switch_mode(self, mode: str) -> None:
        """Choose a mode and confirm."""
        self.mode.click()
        dialog = self.page.get_by_role("dialog")
        choose_mode(dialog, mode)
        dialog.locator("[data-test=mode-apply]").click()
        expect(dialog).to_be_hidden()
