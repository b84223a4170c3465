"""What can be done again is, while what it needs is away; nothing else is."""

from __future__ import annotations

import pytest

from kubedoor_api.leader import jobs
from kubedoor_api.leader.jobs import DeposedError, patiently
from kubedoor_core.errors import ClickHouseUnavailableError, KubeDoorError, UnavailableError


class Work:
    """Fails as it is told to, then comes to a number."""

    def __init__(self, *errors: KubeDoorError) -> None:
        self.errors = list(errors)
        self.done = 0

    async def do(self) -> int:
        self.done += 1
        if self.errors:
            raise self.errors.pop(0)
        return 7


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "RETRY_S", 0.0)


async def test_it_is_done_again_until_it_is_through() -> None:
    work = Work(ClickHouseUnavailableError("away"), ClickHouseUnavailableError("away"))
    made = patiently(lambda: work.do(), UnavailableError, "test.waiting", job="1")  # noqa: PLW0108 as it is called
    assert await made == 7
    assert work.done == 3


@pytest.mark.parametrize("error", [DeposedError("another"), KubeDoorError("refused")])
async def test_other_errors_are_raised_at_once(error: KubeDoorError) -> None:
    work = Work(error)
    with pytest.raises(type(error), match=str(error)):
        await patiently(work.do, UnavailableError, "test.waiting")
    assert work.done == 1


async def test_who_is_deposed_stops_although_all_errors_pass() -> None:
    work = Work(KubeDoorError("refused"), DeposedError("another"))
    with pytest.raises(DeposedError):
        await patiently(work.do, KubeDoorError, "test.waiting")
    assert work.done == 2
