"""The production build of the console, made again where a source is newer."""

from __future__ import annotations

import subprocess
from pathlib import Path

from kubedoor_dev.demo.paths import CHECKOUT

FRONTEND = CHECKOUT / "frontend"
DIST = FRONTEND / "dist"
SOURCES = ("src", "public", "index.html", "package-lock.json", "vite.config.ts")


class ConsoleBuildError(Exception):
    """The console could not be built; the message is the end of what the build said."""


def newest_s(paths: list[Path]) -> float:
    """Return the latest modification time among files and folders' files; 0 without any."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))]
    return max((file.stat().st_mtime for file in files), default=0.0)


def build_console() -> Path:
    """Build it if need be and return the folder that nginx serves.

    :raises ConsoleBuildError: when the build fails.
    """
    index = DIST / "index.html"
    if not index.exists() or index.stat().st_mtime < newest_s([FRONTEND / name for name in SOURCES]):
        done = subprocess.run(
            ["npm", "run", "--silent", "build"], cwd=FRONTEND, capture_output=True, text=True, check=False
        )
        if done.returncode:
            index.unlink(missing_ok=True)  # half a build is newer than its sources, too
            raise ConsoleBuildError((done.stdout + done.stderr)[-2000:])
    return DIST
