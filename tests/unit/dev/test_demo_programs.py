"""The demo's parts: one that ends by itself is started again, and nothing outlives the demo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from kubedoor_dev.demo.paths import Paths
from kubedoor_dev.demo.programs import MOST_RESTARTS, Program, Programs

PATIENCE_S = 120.0
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
DEMO = f"""
import subprocess, sys, time
from kubedoor_dev.demo import __main__ as demo

def run(paths, programs, *, once):
    command = [sys.executable, "-c", {STUBBORN!r}]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE)
    child = int(process.stdout.readline())
    programs.adopt("stubborn", process)
    print("pids", process.pid, child, flush=True)
    time.sleep(600)

demo.run = run
sys.argv = ["demo", "--folder", sys.argv[1]]
sys.exit(demo.main())
"""


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"  # not by its command line: one that just begins has none yet, as a zombie


def _ended(pids: list[int]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while any(map(_runs, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_second_ctrl_c_ends_everything_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", DEMO, str(tmp_path / "demo")]
    pids: list[int] = []
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert demo.stdout
    try:
        for line in demo.stdout:
            if line.startswith("pids"):
                pids = [int(word) for word in line.split()[1:]]
                demo.send_signal(signal.SIGINT)
            if "ending" in line:
                break
        assert pids
        assert all(map(_runs, pids))
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE_S) == 0
        assert _ended(pids)
    finally:
        for pid in filter(_runs, [*pids, demo.pid]):
            os.kill(pid, signal.SIGKILL)
        demo.stdout.close()
        demo.wait(PATIENCE_S)


def test_a_part_that_ends_by_itself_is_started_again_a_few_times(tmp_path: Path) -> None:
    def ends(_: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])

    stays = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    programs = Programs(Paths(tmp_path))
    programs.adopt("stays", stays)
    programs.started.append(Program("brittle", ends({}), ends, forgets="its rows"))
    said: list[str] = []
    for _ in range(MOST_RESTARTS + 1):
        programs.named("brittle").process.wait(PATIENCE_S)
        said += programs.revive()
    *again, last = said
    assert (
        again
        == ["brittle has ended by itself (exit code 3) and was started again without its rows"]
        * MOST_RESTARTS
    )
    assert last.startswith("brittle has ended by itself (exit code 3); the others go on without it")
    assert programs.revive() == []
    assert stays.poll() is None
    programs.stop()
    assert stays.poll() is not None
