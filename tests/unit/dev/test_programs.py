"""The demo's programs are ended newest first; one that is only lent is ended by whoever lent it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kubedoor_dev.demo.paths import Paths
from kubedoor_dev.demo.programs import Programs

SLEEPS = [sys.executable, "-c", "import time; time.sleep(3600)"]


def test_what_is_lent_is_left_running(tmp_path: Path) -> None:
    programs = Programs(Paths(tmp_path))
    with subprocess.Popen(SLEEPS) as lent, subprocess.Popen(SLEEPS) as given:
        programs.adopt("lent", lent, lent=True)
        programs.adopt("given", given)
        assert programs.named("lent").process is lent
        programs.stop()
        assert given.poll() is not None
        assert lent.poll() is None
        assert not programs.started
        lent.kill()
