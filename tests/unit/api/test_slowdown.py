"""Guessing is slowed, and nobody else is: sign-in over a directory that answers when the test says so."""

from __future__ import annotations

import asyncio
import base64
from collections import Counter
from collections.abc import Callable

import pytest

from kubedoor_api.access.roles import Principal
from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.sign_ins import MAX_NAME_CHARS, MAX_NAMES, WINDOW_S, SignIns
from kubedoor_api.auth.credentials import Identity
from kubedoor_api.auth.login_throttle import (
    AT_ONCE,
    FLOOD,
    FREE_PER_ADDRESS,
    FREE_PER_PAIR,
    HALF_LIFE_S,
    LONGEST_WAIT_S,
    MAX_KEYS,
    LoginThrottle,
)
from kubedoor_api.auth.people import Roles
from kubedoor_api.auth.sign_in import SignIn, SignInError, TooManyAttemptsError, WrongCredentialsError
from kubedoor_api.auth.token import Tokens
from kubedoor_api.web.middlewares import network_of
from kubedoor_core.errors import UnavailableError

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


class Clock:
    """Stands still unless a test moves it."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Users:
    """A directory in which everybody's password is `right`; it answers once the gate is open."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.gate = asyncio.Event()
        self.gate.set()
        self.news = asyncio.Condition()
        self.away = False

    async def until_asked(self, user: str, times: int) -> None:
        async with self.news:
            await asyncio.wait_for(self.news.wait_for(lambda: self.asked[user] >= times), 60)

    async def find(self, user: str) -> Identity | None:
        """Everybody is there."""
        return Identity(user)

    async def check(self, user: str, password: str) -> Identity | None:
        async with self.news:
            self.asked[user] += 1
            self.news.notify_all()
        await self.gate.wait()
        if self.away:
            raise UnavailableError("away")
        return Identity(user) if password == "right" else None


def header(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Door:
    """Sign-in, and what came of every attempt."""

    def __init__(self, cache_s: float = 0) -> None:
        self.clock, self.users = Clock(), Users()
        tokens = Tokens(("a key for this test and long enough",), 60)
        slowdown = LoginThrottle(self.clock)
        self.sign_in = SignIn(self.users, Roles(None), tokens, cache_s, lambda *_: None, slowdown=slowdown)

    async def knock(self, user: str, password: str, address: str = HERE) -> str:
        """Return what comes of it, in a word."""
        try:
            return (await self.sign_in.principal(header(user, password), address)).name
        except TooManyAttemptsError as error:
            return "slowed" if error.wait_s > 0 else "slowed for no time"
        except WrongCredentialsError:
            return "wrong"

    async def wrong(self, number: int, user: Callable[[int], str], address: str = HERE) -> list[str]:
        """Try wrong passwords, one after the other."""
        return [await self.knock(user(each), f"wrong-{each}", address) for each in range(number)]


async def test_many_wrong_passwords_at_once_are_counted_before_they_are_looked_at() -> None:
    door = Door()
    door.users.gate.clear()
    tasks = [asyncio.create_task(door.knock("alice", f"wrong-{number}")) for number in range(200)]
    others = [asyncio.create_task(door.knock(f"user-{number}", "wrong")) for number in range(200)]
    attempts = asyncio.as_completed([*tasks, *others])
    assert {await next(attempts) for _ in range(400 - AT_ONCE)} == {"slowed"}
    assert door.users.asked.total() == AT_ONCE
    bob = asyncio.create_task(door.knock("bob", "right", ELSEWHERE))
    await door.users.until_asked("bob", 1)
    door.users.gate.set()
    assert await bob == "bob"
    assert Counter(await asyncio.gather(*tasks, *others)) == {"slowed": 400 - AT_ONCE, "wrong": AT_ONCE}
    await door.wrong(200, lambda _: "alice")
    assert door.users.asked["alice"] <= FREE_PER_PAIR + 1


async def test_what_is_right_or_can_not_be_looked_at_is_given_back() -> None:
    door = Door()
    for number in range(3 * FREE_PER_ADDRESS):
        assert await door.knock(f"user-{number}", "right") == f"user-{number}"
    door.users.away = True
    for _ in range(3 * FREE_PER_PAIR):
        with pytest.raises(UnavailableError):
            await door.knock("alice", "right")
    door.users.away = False
    assert await door.knock("alice", "right") == "alice"


async def test_a_name_in_another_case_is_no_further_try() -> None:
    door = Door()
    await door.wrong(FREE_PER_PAIR, lambda each: "alice" if each % 2 else "ALICE")
    assert await door.knock("Alice", "right") == "slowed"


async def test_who_was_let_in_lately_is_not_held_up_by_others_there() -> None:
    door = Door()
    assert await door.knock("alice", "right") == "alice"
    await door.wrong(3 * FREE_PER_ADDRESS, lambda each: f"user-{each}")
    await door.wrong(FREE_PER_PAIR, lambda _: "alice")
    assert await door.knock("bob", "right") == "slowed"
    assert await door.knock("alice", "right") == "alice"
    assert await door.knock("alice", "other") == "slowed"
    assert await door.knock("bob", "right", ELSEWHERE) == "bob"
    door.users.gate.clear()
    before = door.users.asked["alice"]
    strangers = [asyncio.create_task(door.knock(f"new-{n}", "wrong", f"10.0.0.{n}")) for n in range(90)]
    alice = asyncio.create_task(door.knock("alice", "right"))
    await door.users.until_asked("alice", before + 1)
    door.users.gate.set()
    assert await alice == "alice"
    assert set(await asyncio.gather(*strangers)) == {"wrong", "slowed"}


@pytest.mark.parametrize("cache_s", [0, 60])
async def test_what_is_remembered_does_not_let_anybody_guess_without_limit(cache_s: float) -> None:
    door = Door(cache_s)
    assert await door.knock("alice", "right") == "alice"
    assert await door.knock("alice", "right") == "alice"
    # From elsewhere the right one is answered as every wrong one; where she is nothing has changed.
    await door.wrong(2 * FREE_PER_PAIR, lambda _: "alice", ELSEWHERE)
    assert await door.knock("alice", "right", ELSEWHERE) == "slowed"
    assert await door.knock("alice", "right") == "alice"
    await door.wrong(2 * FLOOD, lambda _: "alice")
    assert await door.knock("alice", "right") == "slowed"
    door.clock.now_s += 10 * LONGEST_WAIT_S
    assert await door.knock("alice", "right") == "alice"


async def test_a_script_with_an_old_token_holds_up_no_people() -> None:
    door = Door()

    class Scripts:
        async def check(self, text: str) -> Principal | None:
            assert text
            return None

    door.sign_in.scripts = Scripts()
    outcomes = []
    for number in range(100):
        with pytest.raises(SignInError) as refused:
            await door.sign_in.principal(f"Bearer old-{number}", HERE)
        outcomes.append(type(refused.value))
    assert outcomes[-1] is TooManyAttemptsError
    assert await door.knock("alice", "right") == "alice"


def test_guessing_waits_longer_each_time_and_is_forgotten() -> None:
    clock = Clock()
    slow = LoginThrottle(clock)
    waits = []
    for _ in range(FREE_PER_PAIR + 3):
        slow.failed("alice", "a")
        waits.append(slow.wait_s("alice", "a"))
    assert waits == [0, 0, 0, 0, 2, 4, 8, 16]
    assert (slow.wait_s("alice", "elsewhere"), slow.wait_s("bob", "a")) == (0, 0)
    clock.now_s += 16
    assert slow.wait_s("alice", "a") == 0
    for number in range(FREE_PER_ADDRESS + 20):
        slow.failed(f"u{number}", "b")
    assert slow.wait_s("anybody", "b") == LONGEST_WAIT_S
    clock.now_s += 6 * HALF_LIFE_S
    for address in ("a", "b"):
        slow.failed("alice", address)
        assert slow.wait_s("alice", address) == 0


def test_more_guessers_than_fit_push_out_the_oldest() -> None:
    slow = LoginThrottle(Clock())
    for number in range(2 * MAX_KEYS):
        slow.failed("", f"address-{number}")
    for _ in range(FREE_PER_PAIR):
        slow.failed("alice", "a")
    assert slow.wait_s("alice", "a") > 0
    assert len(slow._wrong._counts) <= MAX_KEYS  # bounded memory is what it is about


def test_a_network_of_ipv6_is_one_address() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") == "2001:db8::/64"
    assert network_of("2001:db8:0:1::1") != network_of("2001:db8::1")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("") == ""


def test_log_ins_that_fail_are_one_row_per_address_and_minute_with_names_cut() -> None:
    rows: list[AuditEntry] = []
    clock = Clock()
    sign_ins = SignIns(rows.append, clock)
    for number in range(1000):
        sign_ins.told(f"{'n' * 1000}-{number}", HERE, "slowed" if number > 4 else "refused")
        sign_ins.told("bob", ELSEWHERE, "refused")
    sign_ins.told("alice", HERE, "accepted")
    assert [(row.actor, row.outcome) for row in rows] == [("alice", "accepted")]
    clock.now_s += WINDOW_S - 1
    sign_ins.flush(older_than_s=WINDOW_S)
    assert len(rows) == 1
    clock.now_s += 1
    sign_ins.flush(older_than_s=WINDOW_S)
    here, elsewhere = rows[1:]
    assert (here.remote, here.actor, here.outcome) == (HERE, f"{'n' * (MAX_NAME_CHARS - 1)}…", "refused")
    assert '"attempts": 1000' in here.after
    assert (elsewhere.remote, elsewhere.actor) == (ELSEWHERE, "bob")
    for number in range(1000):
        sign_ins.told(f"user-{number}", HERE, "refused")
    sign_ins.flush()
    assert (len(rows), rows[-1].actor) == (4, "")
    assert f'"under_other_names": {1000 - MAX_NAMES}' in rows[-1].after
    assert len(rows[-1].after) < 1000


def test_as_many_addresses_as_there_are_make_bounded_rows() -> None:
    rows: list[AuditEntry] = []
    sign_ins = SignIns(rows.append, Clock())
    for number in range(20_000):
        sign_ins.told("x", f"10.{number // 65_536}.{number // 256 % 256}.{number % 256}", "refused")
    sign_ins.flush()
    assert len(rows) <= 5001
