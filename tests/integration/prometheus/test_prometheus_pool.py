"""One client per store: requests share its bound and its connections; rotated secrets make another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from integration.prometheus.conftest import END
from kubedoor_core.prometheus import Pool, PrometheusUnavailableError, Store
from kubedoor_core.prometheus.pool import MOST
from kubedoor_dev.certificates import make_authority


async def test_a_store_has_one_client_and_another_token_another(prometheus: str) -> None:
    pool = Pool()
    store = Store(prometheus, token="one")
    first = await pool.client(store)
    assert await pool.client(replace(store)) is first
    second = await pool.client(replace(store, token="two"))
    assert second is not first
    assert await first.instant("load", END)
    assert await second.instant("load", END)
    await pool.close()
    with pytest.raises(RuntimeError):
        await first.instant("load", END)


async def test_no_more_are_kept_than_there_may_be(prometheus: str) -> None:
    pool, store = Pool(), Store(prometheus)
    kept, oldest = await pool.client(store), await pool.client(replace(store, token="oldest"))
    for number in range(MOST - 1):
        await pool.client(replace(store, token=str(number)))
        assert await pool.client(store) is kept
    assert await pool.client(replace(store, token="oldest")) is not oldest
    assert await kept.instant("load", END)
    await pool.close()


async def test_certificates_that_change_are_read_anew(prometheus: str, tmp_path: Path) -> None:
    pool = Pool()
    ca_file, _ = make_authority().write(tmp_path, "ca")
    store = Store(prometheus, ca_file=ca_file)
    first = await pool.client(store)
    ca_file.write_text("no certificate")
    with pytest.raises(PrometheusUnavailableError, match="can't be read"):
        await pool.client(store)
    ca_file.unlink()
    with pytest.raises(PrometheusUnavailableError, match="can't be read"):
        await pool.client(store)
    make_authority().write(tmp_path, "ca")
    assert await pool.client(store) is not first
    await pool.close()
