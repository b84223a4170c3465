"""A fault that could not be made is told as not held, and the document's table is made from the results."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from faults import __main__ as main
from faults.__main__ import attempt, chosen
from faults.catalogue import FAULTS, ON_REAL, REAL, Fault
from faults.load import Load
from faults.results import (
    BEGIN,
    END,
    NotHeldError,
    Result,
    document,
    eventually,
    merged,
    must,
    put_into,
    table,
)
from faults.scale import SHORT, WHOLE, Scale
from kubedoor_dev.control_plane import Programs
from kubedoor_dev.processes import StartError
from kubedoor_dev.tools import ToolMissingError

NOBODY = cast(Load, None)


async def fine(_: Load, scale: Scale) -> str:
    must(scale is SHORT, "the short one is meant")
    return "3 edits"


async def not_held(_: Load, __: Scale) -> str:
    raise NotHeldError("an edit is lost")


async def missing(_: Load, __: Scale) -> str:
    raise ToolMissingError("slapd is not installed. Run: apt-get install slapd")


async def endless(_: Load, __: Scale) -> str:
    await asyncio.Event().wait()
    return ""


@pytest.mark.parametrize(
    ("make", "held", "told"),
    [
        (fine, True, "3 edits"),
        (not_held, False, "an edit is lost"),
        (missing, False, "apt-get install slapd"),
        (endless, False, "not over within"),
    ],
)
async def test_whatever_comes_of_a_fault_is_told(make: object, held: bool, told: str) -> None:
    limit_s = 0.01 if make is endless else 60.0
    result = await attempt(Fault("a fault", make, limit_s), NOBODY, SHORT)  # type: ignore[arg-type] # one of these
    assert (result["fault"], result["held"]) == ("a fault", held)
    assert told in result["detail"]


class Broken:
    """A system that does not come up."""

    def __init__(self, folder: Path, real: object) -> None:
        self.folder, self.real = folder, real

    async def __aenter__(self) -> None:
        raise StartError("nginx does not answer")

    async def __aexit__(self, *_: object) -> None: ...


async def test_a_system_that_does_not_come_up_fails_every_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(main, "running", Broken)
    results = await main.run(list(FAULTS), SHORT, tmp_path)
    assert [one["fault"] for one in results] == [one.name for one in FAULTS]
    assert not any(one["held"] for one in results)
    assert "nginx does not answer" in results[0]["detail"]


@pytest.mark.parametrize("there", [True, False])
async def test_some_are_made_on_a_real_control_plane_too_where_it_is_there(
    there: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real = Programs(()) if there else None
    systems: list[tuple[Path, object]] = []

    def broken(folder: Path, real: object) -> Broken:
        systems.append((folder, real))
        return Broken(folder, real)

    monkeypatch.setattr(main, "running", broken)
    monkeypatch.setattr(main, "programs_there", lambda: real)
    results = await main.run_both((*FAULTS, *ON_REAL), SHORT, tmp_path)
    tried = (*FAULTS, *ON_REAL) if there else FAULTS
    assert [one["fault"] for one in results] == [one.name for one in tried]
    assert [used for _, used in systems] == [None, *([real] if there else [])]
    assert len({folder for folder, _ in systems}) == len(systems)
    assert ("make kube-assets" in capsys.readouterr().out) is not there


class NoSystem:
    """A system that nobody asks for anything."""

    def __init__(self, *_: object) -> None: ...

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, *_: object) -> None: ...

    async def prepare(self) -> None:
        """Prepare nothing."""


async def test_faults_that_are_apart_are_made_at_once_and_the_others_one_by_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(main, "running", NoSystem)
    monkeypatch.setattr(main, "Load", NoSystem)
    both, under_way = asyncio.Barrier(2), 0

    async def meets(_: Load, __: Scale) -> str:
        await both.wait()
        return "met"

    async def alone(_: Load, __: Scale) -> str:
        nonlocal under_way
        under_way += 1
        await asyncio.sleep(0)
        must(under_way == 1, "another is under way")
        under_way -= 1
        return "alone"

    faults = [
        Fault("a", alone),
        Fault("b", meets, 60, apart=True),
        Fault("c", meets, 60, apart=True),
        Fault("d", alone),
    ]
    results = await main.run(faults, SHORT, tmp_path)
    assert [(one["fault"], one["detail"]) for one in results] == [
        ("a", "alone"), ("b", "met"), ("c", "met"), ("d", "alone"),
    ]  # fmt: skip


def test_each_fault_has_a_name_of_its_own() -> None:
    names = [one.name for one in (*FAULTS, *ON_REAL)]
    assert len(set(names)) == len(names)
    assert len(ON_REAL) == len(REAL)


async def test_what_is_waited_for_in_vain_is_named() -> None:
    async def never() -> bool:
        return False

    with pytest.raises(NotHeldError, match="until pigs fly"):
        await eventually("pigs fly", never, 0.01)


def test_faults_are_chosen_by_words_of_their_names() -> None:
    assert chosen("") == [*FAULTS, *ON_REAL]
    lease = ["Lease lost", "certificate expired", "Lease lost, a real control plane"]
    assert [one.name for one in chosen("Lease,expired")] == lease
    with pytest.raises(SystemExit, match="no such fault"):
        chosen("Martians")


def test_the_short_suite_is_a_part_of_the_whole() -> None:
    assert SHORT.rate_per_min == WHOLE.rate_per_min
    assert (SHORT.users, SHORT.services) == (WHOLE.users, WHOLE.services)
    assert SHORT.kills < WHOLE.kills
    assert SHORT.targets < WHOLE.targets
    assert SHORT.hostile < WHOLE.hostile


def test_a_run_of_some_faults_replaces_their_results_alone() -> None:
    def result(name: str, *, held: bool) -> Result:
        return Result(fault=name, held=held, detail="", took_s=7)

    earlier = [result("gone", held=True), result("b", held=False), result("a", held=False)]
    found = merged(["a", "b", "c"], earlier, [result("c", held=True), result("b", held=True)])
    assert [(one["fault"], one["held"]) for one in found] == [("a", False), ("b", True), ("c", True)]


def test_the_document_holds_the_results_and_keeps_the_rest(tmp_path: Path) -> None:
    results: list[Result] = [
        {"fault": "one", "held": True, "detail": "a | b", "took_s": 12},
        {"fault": "two", "held": False, "detail": "lost", "took_s": 3},
    ]
    path = tmp_path / "faults.md"
    path.write_text(f"before\n{BEGIN}old\n{END}after\n")
    put_into(path, document(results, short=True, on=date(2026, 1, 2)))
    text = path.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "1 of 2 held, in 15 s at a load average of " in text
    assert "| two | **no** | 3 s | lost |" in text
    assert "NOT HELD    3 s  two" in table(results)


def test_the_document_tells_of_every_fault() -> None:
    text = (Path(__file__).parents[3] / "docs" / "faults.md").read_text()
    assert [one.name for one in (*FAULTS, *ON_REAL) if f"| {one.name} |" not in text] == []


def test_the_document_says_how_much_each_suite_makes() -> None:
    _, _, rest = main.DOCUMENT.read_text().partition("| | short | whole |\n| --- | --- | --- |\n")
    lines = rest.partition("\n\n")[0].splitlines()
    told = [tuple(float(cell.replace(",", "")) for cell in line.split("|")[2:4]) for line in lines]
    fields = (
        "kills", "targets", "trouble_s", "rate_s", "overload_s", "hostile", "users", "users_s", "services",
    )  # fmt: skip
    assert told == [(getattr(SHORT, field), getattr(WHOLE, field)) for field in fields]
    assert f"seconds of {WHOLE.rate_per_min:,} admissions a minute" in rest
