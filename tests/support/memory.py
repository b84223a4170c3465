"""A folder in memory, for files that a server of the tests writes all the time and nobody keeps."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
NEEDED_BYTES = 2 << 30
"""Many times what the tests of a part write; a container often has 64 MiB of it."""


@contextmanager
def quick_folder(otherwise: Path) -> Iterator[Path]:
    """A new folder that goes with the block.

    :param otherwise: where it is made if there is no memory for it.
    """
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= NEEDED_BYTES
    with tempfile.TemporaryDirectory(prefix="kubedoor-tests-", dir=MEMORY if roomy else otherwise) as name:
        yield Path(name)
