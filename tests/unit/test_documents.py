"""The documents tell the truth: commands exist, links lead somewhere, both languages say the same."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
DOCUMENTS = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"]


def commands(text: str) -> set[str]:
    """The make targets that a document names as commands, with `ONLY=` and the like left out."""
    code = re.findall(r"`([^`\n]+)`|^(make .+)$", text, re.MULTILINE)
    words = [re.sub(r"\b[A-Z_]+=\S+ ?", "", inline or block).strip() for inline, block in code]
    return {word.removeprefix("make ") for word in words if re.fullmatch(r"make [a-z0-9]+", word)}


def targets() -> set[str]:
    done = subprocess.run(["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return {line.split()[0] for line in done.stdout.splitlines()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_exists(name: str) -> None:
    assert commands((CHECKOUT / name).read_text()) <= targets()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", (CHECKOUT / name).read_text())
    assert [link for link in links if not (CHECKOUT / link).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_exists(name: str) -> None:
    roots = "libs|services|frontend|tools|tests|sql|docs|deploy"
    paths = re.findall(rf"`((?:{roots})/[\w./-]+)`", (CHECKOUT / name).read_text())
    assert [path for path in paths if not (CHECKOUT / path).exists()] == []


def test_both_languages_name_the_same_commands_and_settings() -> None:
    english, chinese = ((CHECKOUT / name).read_text() for name in DOCUMENTS[:2])
    assert commands(english) == commands(chinese)
    setting = r"\bKUBEDOOR_[A-Z_]+"
    assert set(re.findall(setting, english)) == set(re.findall(setting, chinese))


def test_no_file_names_a_download_address() -> None:
    for path in [*CHECKOUT.glob("requirements/*.txt"), CHECKOUT / "frontend" / "package-lock.json"]:
        text = path.read_text()
        assert "index-url" not in text, path
        assert '"resolved"' not in text, path
        assert "find-links" not in text, path
