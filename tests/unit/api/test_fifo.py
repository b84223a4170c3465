"""Whether a heap may go through a FIFO, how long that takes, and whether what came is one."""

from __future__ import annotations

import pytest

from kubedoor_api.pods.files.fifo import folder_of, is_whole, still_s
from kubedoor_api.pods.files.room import Place
from kubedoor_api.pods.jvm import jdk_of

MIB = 1 << 20
HEAD, END = b"JAVA PROFILE 1.0.2\0", b"\x2c" + bytes(8)


@pytest.mark.parametrize(
    ("told", "version"),
    [
        ("OpenJDK 64-Bit Server VM version 17.0.15+6-Debian-1deb12u1\nJDK 17.0.15\n", 17),
        ("OpenJDK 64-Bit Server VM version 25.412-b08\nJDK 8.0_412\n", 8),
        ("OpenJDK 64-Bit Server VM version 25+36-LTS\nJDK 25.0.0\n", 25),
        ("java.lang.IllegalArgumentException: Unknown diagnostic command", None),
    ],
)
def test_the_jdk_is_read(told: str, version: int | None) -> None:
    assert jdk_of(told) == version


def test_a_heap_passes_ten_megabytes_in_a_second() -> None:
    assert [still_s(size) for size in (0, 1, 10_000_000, 108_000_000)] == [0, 1, 1, 11]


@pytest.mark.parametrize(
    ("place", "able"),
    [
        (Place("/tmp", 8 * MIB, "memory"), True),
        (Place("/tmp", 8 * MIB, "memory", writable=False), False),
        (Place("/cache", 8 * MIB, "size_limit"), True),
        (Place("/cache", 8 * MIB, "no_room"), True),
        (Place("/cache", 0, "no_room"), False),
        (Place("/data", 8 * MIB, "other_volume"), False),
        (Place("/app", 8 * MIB, "read_only", writable=False), False),
    ],
)
def test_a_fifo_needs_a_folder_and_no_room(place: Place, able: bool) -> None:
    assert folder_of([Place("/ro", 0, "read_only", writable=False), place]) == (place.path if able else "")


@pytest.mark.parametrize(
    ("came", "whole"),
    [
        (HEAD + b"x" * 100 + END, True),
        (HEAD + b"x" * 100 + b"\x2c" + b"\1\2\3\4" + bytes(4), True),
        (HEAD + b"x" * 100 + END[:-1], False),
        (HEAD + b"x" * 100, False),
        (b"x" * 100 + END, False),
        (b"", False),
    ],
)
def test_a_heap_begins_and_ends_as_heaps_do(came: bytes, whole: bool) -> None:
    assert is_whole(came[:17], came[-9:]) is whole
