"""Work whose length the caller chooses: off the loop, a few at a time, the rest refused."""

from __future__ import annotations

import asyncio
import threading

import pytest

from kubedoor_api.web.concurrency import Computing
from kubedoor_core.problems import Problem


async def test_such_work_leaves_the_loop_free_and_too_much_of_it_is_refused() -> None:
    computing, gate = Computing(at_once=1, max_waiting=1), threading.Event()

    def work() -> str:
        assert gate.wait(60)
        return threading.current_thread().name

    tasks = [asyncio.create_task(computing.run(work)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Problem) as refused:
        await computing.run(work)
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "1")
    gate.set()
    assert threading.main_thread().name not in await asyncio.gather(*tasks)
    assert await computing.run(work)
