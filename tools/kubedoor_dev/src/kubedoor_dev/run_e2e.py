"""What `make e2e` runs: the tests on a real control plane, and with Prometheus 3 those that read metrics.

`make test` reads them with Debian's Prometheus 2; most people run 3, whose ranges leave their left end out.
"""

from __future__ import annotations

import os
import subprocess
import sys

from kubedoor_dev.control_plane import AssetsError, programs
from kubedoor_dev.demo.paths import CHECKOUT

COLLECTED = (
    "autoscalers", "figures", "intervals", "jvms", "nodes", "odd_data", "random_companies", "real_clusters",
    "traffic",
)  # fmt: skip
LIVE = ("curves", "findings_measured", "now")
METRICS = (
    "tests/integration/prometheus",
    *(f"tests/integration/collector/test_{name}.py" for name in COLLECTED),
    *(f"tests/integration/api/test_api_{name}.py" for name in LIVE),
)
"""Where it matters what a query means; the others ask of what happens to a run."""
RUNS = (("tests/e2e",), METRICS)


def main() -> int:
    """Run both, the second also where a test of the first has failed; return 1 if a test failed."""
    try:
        environment = {**os.environ, "PROMETHEUS": programs()["prometheus"]}
    except AssetsError as error:
        sys.exit(str(error))
    version = [environment["PROMETHEUS"], "--version"]
    print(subprocess.run(version, capture_output=True, text=True, check=True).stdout.splitlines()[0])
    codes = [
        subprocess.run(
            (sys.executable, "-m", "pytest", *tests), cwd=CHECKOUT, env=environment, check=False
        ).returncode
        for tests in RUNS
    ]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
