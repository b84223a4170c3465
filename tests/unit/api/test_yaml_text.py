"""A manifest is bounded before anything is made of it: size, depth, aliases, merges, numbers, keys."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import yaml

from kubedoor_api.web.yaml_text import MAX_DEPTH, MAX_NODES, MAX_NUMBER_CHARS, dump, load_all
from kubedoor_core.errors import BadValueError

LETTERS = list(itertools.pairwise("abcdefghijklmnop"))
ALIASES = "a: &a [x]\n" + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in LETTERS)
MERGES = "a: &a {x: 1}\n" + "".join(f"{b}: &{b} {{<<: [{','.join([f'*{a}'] * 9)}]}}\n" for a, b in LETTERS)


def load(text: str) -> Any:
    [document] = load_all(text)
    return document


@pytest.fixture
def nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where something is put together that should have been refused before."""

    def made(*_: object, **__: object) -> None:
        raise AssertionError("something was made of it")

    monkeypatch.setattr(yaml, "load_all", made)


@pytest.mark.usefixtures("nothing_is_made")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ALIASES, "aliases written out"),
        ("[" + "x," * MAX_NODES + "]", f"more than {MAX_NODES} values"),
        ("".join(f"k{number}: v\n" for number in range(MAX_NODES)), f"more than {MAX_NODES} values"),
        (MERGES, r"merge key \(<<\) in line 2"),
        ("a: &a {x: 1}\nb:\n  <<: *a\n", r"merge key \(<<\) in line 3"),
        ("!!merge x: {a: 1}", "merge key"),
        ("[" * 900_000, f"nested more than {MAX_DEPTH} levels"),
        ("- " * 900, f"nested more than {MAX_DEPTH} levels"),
        ("&a [*a]", "within what it stands for"),
    ],
)
def test_what_is_too_much_is_refused_before_it_is_made(text: str, why: str) -> None:
    with pytest.raises(BadValueError, match=why):
        load(text)


def test_no_more_is_read_than_is_needed_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    read = itertools.count()
    parse = yaml.parse

    def counted(*args: object, **options: object) -> object:
        for event in parse(*args, **options):  # type: ignore[arg-type]  # passed on
            next(read)
            yield event

    monkeypatch.setattr(yaml, "parse", counted)
    with pytest.raises(BadValueError):
        load("[" + "x," * 40 * MAX_NODES + "]")
    assert next(read) < MAX_NODES + 10


@pytest.mark.parametrize("number", ["9" * 5000, "1" + ":1" * 5000, "0x" + "f" * 5000, "1." + "1" * 5000])
def test_a_number_is_as_long_as_numbers_are(number: str) -> None:
    with pytest.raises(BadValueError, match=f"more than {MAX_NUMBER_CHARS} characters"):
        load(f"a: {number}")
    assert load(f"a: '{number}'") == {"a": number}


@pytest.mark.parametrize(
    "text",
    ['!!int ""', "!!bool x", "!!float x", "!!timestamp x", "a: 2001-99-99", "a: .inf", "*a",
     "!!python/object/apply:os.system [ls]", "!!set {1, 2}", "!!omap [a: 1]", "!!binary YQ==", "? [a]\n: b"],
)  # fmt: skip
def test_what_json_can_not_say_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadValueError):
        load(text)


def test_keys_become_text_which_nobody_can_make_collide() -> None:
    collide = 2**61 - 1
    found = load("".join(f"{number * collide}: x\n" for number in range(1, 4)) + "true: b\nnull: n\n")
    assert found == {**{str(number * collide): "x" for number in (1, 2, 3)}, "true": "b", "null": "n"}


def test_a_manifest_with_aliases_is_read_and_written_as_before() -> None:
    text = "a: &x {b: [1, 2.5, yes, ~, '<<', 0x10]}\nc: *x\nd: |\n  two\n  lines\n"
    value = {"b": [1, 2.5, True, None, "<<", 16]}
    assert load(text) == {"a": value, "c": value, "d": "two\nlines\n"}
    assert load(dump(load(text))) == load(text)


def test_the_bounds_are_those_of_all_documents_together() -> None:
    assert load_all("1\n---\n---\n2\n---\n") == [1, 2]
    half = "[" + "x," * (MAX_NODES // 2) + "]\n"
    with pytest.raises(BadValueError, match="more than"):
        load_all(f"{half}---\n{half}")
