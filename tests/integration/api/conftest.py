"""An API on this test's own database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kubedoor_api.settings import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from support.api import PASSWORD, Api, api_settings, serving, write_htpasswd


@pytest.fixture
def settings(clickhouse_settings: dict[str, str], tmp_path: Path) -> ApiSettings:
    """The API's settings."""
    write_htpasswd(tmp_path / "htpasswd", alice=PASSWORD)
    return api_settings(tmp_path, clickhouse_settings)


@pytest.fixture
async def api(clickhouse: ClickHouse, settings: ApiSettings) -> AsyncIterator[Api]:
    """A client of a running API, signed in as an administrator."""
    async with serving(settings) as running:
        yield running
