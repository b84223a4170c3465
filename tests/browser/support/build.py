"""The production build of the console, made again when its sources are newer."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SOURCES = ("src", "public", "index.html", "package-lock.json", "vite.config.ts")


def _newest(path: Path) -> float:
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return max(file.stat().st_mtime for file in files)


def ensure_built(frontend: Path) -> Path:
    """Return `frontend/dist`, building it if need be.

    :raises RuntimeError: when the packages are not installed, or the build fails.
    """
    index = frontend / "dist" / "index.html"
    sources = max(_newest(frontend / name) for name in SOURCES)
    if index.is_file() and index.stat().st_mtime >= sources:
        return index.parent
    if not (frontend / "node_modules").is_dir():
        raise RuntimeError("the console's packages are not installed: run `make setup`")
    done = subprocess.run(
        ["npm", "run", "--silent", "build"],
        cwd=frontend,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the console does not build:\n{done.stdout}{done.stderr}")
    return index.parent
