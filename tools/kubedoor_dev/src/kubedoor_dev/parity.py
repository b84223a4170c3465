"""The list of docs/compatibility.md: which tests run on the simulated cluster and on the real one."""

from __future__ import annotations

import subprocess
import sys

from kubedoor_dev.demo.paths import CHECKOUT

DOCUMENT = CHECKOUT / "docs" / "compatibility.md"
BEGIN = "<!-- Made by `make generate` from tests/e2e/parity/cases.py; do not edit below. -->\n"


def document() -> str:
    """Return the document with the list as the tests have it by now."""
    command = [sys.executable, "-m", "e2e.parity.cases"]
    told = subprocess.run(command, cwd=CHECKOUT / "tests", capture_output=True, text=True, check=True).stdout
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[0] + BEGIN + "\n" + told
