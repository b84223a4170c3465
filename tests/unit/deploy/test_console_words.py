"""The console's words: a key that stands twice in a file would hide the first of its texts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kubedoor_api.web import fields
from kubedoor_dev.demo.paths import CHECKOUT

FILES = sorted((CHECKOUT / "frontend" / "src" / "i18n").glob("*/*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_key_stands_twice(path: Path) -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]
        return dict(pairs)

    assert json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)


def test_the_console_tells_the_names_that_the_api_takes() -> None:
    source = (CHECKOUT / "frontend" / "src" / "api" / "names.ts").read_text(encoding="utf-8")
    patterns = dict(re.findall(r"^export const (\w+) = '(\^.*)'$", source, re.MULTILINE))
    told = {name: pattern.replace(r"\\", "\\") for name, pattern in patterns.items()}
    assert told == {"LABEL": fields.LABEL, "SUBDOMAIN": fields.SUBDOMAIN}
