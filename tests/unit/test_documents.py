"""The documents tell the truth: commands exist, links lead somewhere, both languages say the same."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kubedoor_collector.scan.__main__ import parser

CHECKOUT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    "README.md", "README.zh-CN.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md",
    "docs/operations.md", "docs/operations.zh-CN.md", "docs/security.md", "docs/decisions.md",
    "docs/api.md", "docs/collection.md", "docs/ai.md", "docs/monitoring.md",
    "docs/compatibility.md", "docs/faults.md", "docs/design/tables.md", "docs/design/admission.md",
    "docs/design/collection.md", "docs/design/operations.md", "docs/design/api.md",
    "deploy/helm/kubedoor/README.md", "deploy/helm/kubedoor/README.zh-CN.md",
]  # fmt: skip
PROGRAMS = {
    "cosign",
    "make",
    "helm",
    "kubectl",
    "python",
    "curl",
    "export",
    "clickhouse-client",
    "docker",
    "sed",
    ".venv/bin/kubedoor",
}
"""What the documents' commands begin with: the first is run by tests, helm and kubectl need a cluster."""


def commands(text: str) -> set[str]:
    """The make targets that a document names as commands, with `ONLY=` and the like left out."""
    code = re.findall(r"`([^`\n]+)`|^(make .+)$", text, re.MULTILINE)
    words = [re.sub(r"\b[A-Z_]+=\S+ ?", "", inline or block).strip() for inline, block in code]
    return {word.removeprefix("make ") for word in words if re.fullmatch(r"make [a-z0-9-]+", word)}


def targets() -> set[str]:
    done = subprocess.run(["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return {line.split()[0] for line in done.stdout.splitlines()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_exists(name: str) -> None:
    assert commands((CHECKOUT / name).read_text()) <= targets()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", (CHECKOUT / name).read_text())
    folder = (CHECKOUT / name).parent
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_exists(name: str) -> None:
    roots = "libs|services|frontend|tools|tests|sql|docs|deploy"
    paths = re.findall(rf"`((?:{roots})/[\w./-]+)`", (CHECKOUT / name).read_text())
    assert [path for path in paths if not (CHECKOUT / path).exists()] == []


def lines(name: str) -> list[str]:
    """The commands of a document's blocks, continued lines put together."""
    blocks = re.findall(r"```console\n(.*?)```", (CHECKOUT / name).read_text(), re.DOTALL)
    text = "\n".join(blocks).replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_is_of_a_known_program(name: str) -> None:
    words = [re.sub(r"^(\w+=\$\(|(\w+=\S+ )+)", "", line).split()[0] for line in lines(name)]
    assert set(words) <= PROGRAMS


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_python_command_takes_its_options(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    for module, rest in set(re.findall(r"python -m (kubedoor_\w+(?:\.\w+)*)([^`\n|]*)", text)):
        options = set(re.findall(r"(?<!\S)--[a-z-]+", rest))
        words = [module, *re.findall(r"^ (dump|check|restore)\b", rest)]
        if options:
            done = subprocess.run(
                [sys.executable, "-m", *words, "--help"],
                capture_output=True,
                text=True,
                check=True,
                timeout=180,
            )
            assert options <= set(re.findall(r"--[a-z-]+", done.stdout)), (name, words)
        assert importlib.util.find_spec(module) is not None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_option_of_a_scan_is_one(name: str) -> None:
    scans = [line for line in lines(name) if "kubedoor scan" in line]
    assert scans or name not in DOCUMENTS[:2]
    known = {option for action in parser()._actions for option in action.option_strings}
    assert {word for line in scans for word in line.split() if word.startswith("-")} <= known


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_value_of_the_chart_is_one(name: str) -> None:
    values = yaml.safe_load((CHECKOUT / "deploy/helm/kubedoor/values.yaml").read_text())
    for path in re.findall(r"--set ([\w.]+)=", "\n".join(lines(name))):
        found = values
        for part in path.split("."):
            assert part in found, f"{name}: --set {path}"
            found = found[part]


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


HAN = "\u3400-\u9fff"
CHINESE = sorted(
    path.relative_to(CHECKOUT).as_posix()
    for pattern in ("*", "docs/**/*", "deploy/**/*")
    for path in CHECKOUT.glob(f"{pattern}.zh-CN.md")
)


def prose(text: str) -> str:
    """A document's text without code, addresses and the targets of links."""
    text = re.sub(r"```.*?```|`[^`\n]+`", "x", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)|https?://\S+", "]", text)


@pytest.mark.parametrize("name", CHINESE)
def test_chinese_has_chinese_punctuation(name: str) -> None:
    text = prose((CHECKOUT / name).read_text())
    assert re.findall(rf".{{0,9}}[{HAN}）][,;:?!()].{{0,9}}|.{{0,9}}[,;:?!()] ?[{HAN}].{{0,9}}", text) == []


CONSOLE = sorted(
    path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "frontend/src/i18n/zh-CN").glob("*.json")
)


@pytest.mark.parametrize("name", [*CHINESE, *CONSOLE])
def test_one_thing_has_one_word(name: str) -> None:
    """Whoever is not in the control table is 未登记, in the documents and in the console."""
    assert "未管控" not in (CHECKOUT / name).read_text()


@pytest.mark.parametrize("name", CHINESE)
def test_a_translation_has_the_parts_and_commands_of_the_original(name: str) -> None:
    original = name.replace(".zh-CN.md", ".md")
    texts = [(CHECKOUT / each).read_text() for each in (original, name)]
    levels = [[len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)] for text in texts]
    assert levels[0] == levels[1]
    blocks = [re.findall(r"```(?:console|sh)\n(.*?)```", text, re.DOTALL) for text in texts]
    assert blocks[0] == blocks[1]
    rows = [[line.count("|") for line in text.splitlines() if line.startswith("|")] for text in texts]
    assert rows[0] == rows[1]


def code(text: str) -> set[str]:
    """The values, settings, commands and names that a document's text has as code, outside of blocks."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


@pytest.mark.parametrize("name", [name for name in CHINESE if name != "README.zh-CN.md"])
def test_a_handbook_names_the_same_in_both_languages(name: str) -> None:
    """Values, settings, metrics, reasons: what is told of them in one language is told in the other."""
    original = name.replace(".zh-CN.md", ".md")
    assert code((CHECKOUT / original).read_text()) == code((CHECKOUT / name).read_text())


def test_what_people_install_by_is_there_in_both_languages() -> None:
    assert {"README", "docs/operations", "deploy/helm/kubedoor/README"} == {
        name.removesuffix(".zh-CN.md") for name in CHINESE
    }
    for name in CHINESE:
        original = Path(name.replace(".zh-CN.md", ".md"))
        assert f"({Path(name).name})" in (CHECKOUT / original).read_text(), f"{original} links to no {name}"
        assert f"({original.name})" in (CHECKOUT / name).read_text(), f"{name} links to no {original}"
