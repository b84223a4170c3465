"""What `make test` runs in Python: all tests, in two processes, as each mostly waits for its servers.

What the first says is shown as it comes, what the second says when it is through. Fails if either does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

from kubedoor_dev.demo.paths import CHECKOUT

FIRST = ("tests/unit", "tests/integration/api", "tests/integration/webhook")
SECOND = ("tests/integration", "tests/browser", *(f"--ignore={folder}" for folder in FIRST))
OPTIONS = ("--durations=25",)


def main() -> int:
    """Run both, and return 1 if a test failed."""
    pytest = [sys.executable, "-m", "pytest", *OPTIONS]
    with tempfile.TemporaryFile() as said:
        beside = subprocess.Popen(
            [*pytest, "-p", "no:cacheprovider", *SECOND],
            cwd=CHECKOUT,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            first = subprocess.run([*pytest, *FIRST], cwd=CHECKOUT, check=False).returncode
            second = beside.wait()
        finally:
            beside.kill()
        said.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(said.read())
        sys.stdout.flush()
    return int(first != 0 or second != 0)


if __name__ == "__main__":
    sys.exit(main())
