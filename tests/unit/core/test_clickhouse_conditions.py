"""What ClickHouse's exceptions mean: can't now, or refused."""

from __future__ import annotations

from collections import Counter

import chdb
import pytest

from kubedoor_core.clickhouse.conditions import CODES, IN_A_MOMENT, WORDS, Condition, failure
from kubedoor_core.errors import ClickHouseError, ClickHouseUnavailableError

CANNOT_NOW = {
    "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)": "disk_full",
    "Code: 75. DB::Exception: Cannot write to file, errno: 28, strerror: No space.": "disk_full",
    "Code: 1001. DB::Exception: filesystem error: No space left on device. (STD)": "disk_full",
    "Code: 76. DB::Exception: Cannot open file, errno: 24, Too many open files.": "disk_failing",
    "Code: 241. DB::Exception: Memory limit (total) exceeded. (MEMORY_LIMIT_EXCEEDED)": "out_of_memory",
    "Code: 252. DB::Exception: Too many parts (3000). (TOO_MANY_PARTS)": "overloaded",
    "Code: 202. DB::Exception: Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)": "overloaded",
    "Code: 242. DB::Exception: Table is in readonly mode. (TABLE_IS_READ_ONLY)": "read_only",
    "Code: 285. DB::Exception: Number of alive replicas (1) is less than requested. ": "replicas",
    "Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)": "restarting",
    "Code: 210. DB::NetException: Connection refused. (NETWORK_ERROR)": "network",
    "Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)": "access",
}


@pytest.mark.parametrize(("text", "condition"), CANNOT_NOW.items())
def test_what_clickhouse_cannot_do_now_is_told_in_plain_words(text: str, condition: str) -> None:
    error = failure(text)
    assert isinstance(error, ClickHouseUnavailableError)
    assert error.condition == condition
    assert str(error).startswith(WORDS[Condition(condition)])
    assert text.partition(" ")[0] in str(error)


@pytest.mark.parametrize("code", [27, 46, 47, 53, 60, 62, 81, 117, 241_000])
def test_a_wrong_statement_or_schema_is_a_refusal(code: int) -> None:
    error = failure(f"Code: {code}. DB::Exception: something")
    assert isinstance(error, ClickHouseError)
    assert error.code == code


def test_an_answer_without_a_code_says_nothing_about_the_data() -> None:
    assert isinstance(failure("<html>502 Bad Gateway</html>"), ClickHouseUnavailableError)


def test_each_code_has_one_condition_and_each_condition_words() -> None:
    counted = Counter(code for codes in CODES.values() for code in codes)
    assert set(counted.values()) == {1}
    assert set(CODES) == set(WORDS) == set(Condition)
    assert CODES[Condition.REPLICAS].keys() >= IN_A_MOMENT


def test_the_codes_bear_the_names_that_the_engine_gives_them() -> None:
    for code, name in ((code, name) for codes in CODES.values() for code, name in codes.items()):
        told = chdb.query(f"SELECT errorCodeToName({code})", "TSVRaw")  # type: ignore[no-untyped-call]
        assert str(told).strip() == name
