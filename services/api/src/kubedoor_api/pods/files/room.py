"""Where in a container a file may be written, and why not elsewhere. Pure.

What is written must neither count as the container's memory, nor fill a volume of somebody's, nor have the
kubelet evict the pod or its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from kubedoor_api.kube.objects.pods import Pod, PodVolume
from kubedoor_core.domain import quantity

Verdict = Literal[
    "fits", "no_room", "memory", "size_limit", "ephemeral_limit", "read_only", "other_volume", "node_disk",
]  # fmt: skip
RESERVE_RATIO = 1.2
"""Of what a file is reckoned to need."""
NODE_FREE_RATIO = 0.15
"""So much of a disk stays free: below 10 to 15 % kubelets evict pods."""
IN_MEMORY = frozenset({"tmpfs", "ramfs"})
KIB = 1024

LOOK = r"""
pid=$1 root=$2
shift 2
for tool in cat tail df du stat sha256sum mkdir rm readlink; do
  command -v "$tool" >/dev/null || { echo "$tool is not in the image" >&2; exit 127; }
done
cat "/proc/$pid/mounts" 2>/dev/null || cat /proc/self/mounts
printf '\0'
for place in "$@" /tmp "$(readlink "/proc/$pid/cwd")"; do
  [ -n "$place" ] && [ -d "$root$place" ] || continue
  writable=no
  [ -w "$root$place" ] && writable=yes
  used=0
  for own in "$@"; do
    [ "$own" = "$place" ] && used=$(du -sk "$root$place" 2>/dev/null | tail -n 1)
  done
  printf '%s\0%s\0%s\0%s\0' "$place" "$writable" "${used:-0}" "$(df -Pk "$root$place" | tail -n 1)"
done
"""
"""Tells, for a process id, what leads to its files and some folders: the mounts, and of each folder whether
it can be written to, the KiB in it, and what `df` says of its disk."""
DISK = re.compile(r"\s(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s")


class Folder(NamedTuple):
    """A folder of a container, as it was found.

    :ivar used_bytes: in it, where that was looked at.
    """

    path: str
    writable: bool
    used_bytes: int
    disk_bytes: int
    free_bytes: int


class Place(NamedTuple):
    """A folder, and whether a file fits into it.

    :ivar writable: whether anything can be made in it, also where no file fits.
    """

    path: str
    free_bytes: int
    verdict: Verdict
    writable: bool = True

    def json(self) -> dict[str, str | int]:
        """Return what people are told of it."""
        return {"path": self.path, "free_bytes": self.free_bytes, "verdict": self.verdict}


class Looked(NamedTuple):
    """What was found in a container.

    :ivar types: of the file systems, by where they are mounted.
    """

    types: Mapping[str, str]
    folders: tuple[Folder, ...]


def looked_of(told: bytes) -> Looked:
    """Read what `LOOK` tells."""
    mounts, _, rest = told.decode(errors="replace").partition("\0")
    lines = [line.split(" ") for line in mounts.splitlines()]
    types = {line[1].replace("\\040", " "): line[2] for line in lines if len(line) > 2}
    words = rest.split("\0")
    found: dict[str, Folder] = {}
    for path, writable, used, disk in zip(*(iter(words),) * 4, strict=False):
        sizes = DISK.search(disk)
        if sizes:
            whole, _, free = (max(0, int(one)) * KIB for one in sizes.groups())
            in_it = used.partition("\t")[0]
            used_bytes = int(in_it) * KIB if in_it.isdecimal() else 0
            found.setdefault(path, Folder(path, writable == "yes", used_bytes, whole, free))
    return Looked(types, tuple(found.values()))


def _within(path: str, mount: str) -> bool:
    return path == mount or path.startswith(mount.rstrip("/") + "/")


def _mount_of(path: str, mounts: Iterable[str]) -> str:
    return max((one for one in mounts if _within(path, one)), key=len, default="/")


def _volumes(pod: Pod, container: str) -> dict[str, PodVolume]:
    """Return the volumes of a container, by where they are mounted."""
    spec = pod.get("spec") or {}
    volumes = {str(one["name"]): one for one in spec.get("volumes") or []}
    own = next(one for one in spec["containers"] if one["name"] == container)
    mounts = own.get("volumeMounts") or []
    return {str(one["mountPath"]).rstrip("/") or "/": volumes.get(one["name"], {}) for one in mounts}


def empty_dirs(pod: Pod, container: str) -> list[str]:
    """Return where a container's emptyDirs are mounted."""
    return [path for path, volume in _volumes(pod, container).items() if volume.get("emptyDir") is not None]


def _bytes_of(text: object) -> int | None:
    return None if text in (None, "") else quantity.parse(text) // quantity.NANO


def places(pod: Pod, container: str, looked: Looked, needs_bytes: int) -> list[Place]:
    """Say of each folder whether a file fits into it, emptyDirs first.

    What the container has written to its own layer already can't be seen: the limit of its
    `ephemeral-storage` is compared with the file and its emptyDirs.
    """
    volumes = _volumes(pod, container)
    own = next(one for one in pod["spec"]["containers"] if one["name"] == container)
    limits = (own.get("resources") or {}).get("limits") or {}
    ephemeral = _bytes_of(limits.get("ephemeral-storage"))
    in_dirs = sum(one.used_bytes for one in looked.folders)

    def verdict(folder: Folder) -> Verdict:
        mount = _mount_of(folder.path, {*looked.types, *volumes})
        volume = volumes.get(mount)
        empty_dir = (volume or {}).get("emptyDir")
        if looked.types.get(mount) in IN_MEMORY or (empty_dir or {}).get("medium") == "Memory":
            return "memory"
        if volume is not None and empty_dir is None:
            return "other_volume"
        if not folder.writable:
            return "read_only"
        limit = _bytes_of((empty_dir or {}).get("sizeLimit"))
        used = next((one.used_bytes for one in looked.folders if one.path == mount), 0)
        checks: Sequence[tuple[Verdict, bool]] = (
            ("size_limit", limit is not None and used + needs_bytes > limit),
            ("ephemeral_limit", ephemeral is not None and in_dirs + needs_bytes > ephemeral),
            ("no_room", folder.free_bytes < needs_bytes),
            ("node_disk", folder.free_bytes - needs_bytes < NODE_FREE_RATIO * folder.disk_bytes),
        )
        return next((name for name, stands_against in checks if stands_against), "fits")

    return [Place(one.path, one.free_bytes, verdict(one), one.writable) for one in looked.folders]


def needed_bytes(size_bytes: int) -> int:
    """Return how much room a file takes that is reckoned to be of a size."""
    return int(size_bytes * RESERVE_RATIO)
