"""CLUSTERS_FILE, read again when it changes; a broken one leaves the clusters as they were, and is told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from kubedoor_api.kube.cluster_configs import ClusterConfig, read_clusters_file
from kubedoor_api.kube.clusters import Clusters
from kubedoor_core.logs import get_logger
from kubedoor_core.settings import BadSettingError

LOOK_PAUSE_S = 2.0

log = get_logger(__name__)

Stamp = tuple[int, int] | None
"""When a file was changed, and its size; None where there is none."""


def stamp_of(path: str | Path) -> Stamp:
    """Return what changes with a file."""
    try:
        stat = Path(path).stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _kubeconfigs(configs: Mapping[str, ClusterConfig]) -> dict[str, Stamp]:
    """Return the stamps of the kubeconfigs: a token is rotated without a change of the clusters file."""
    return {env: stamp_of(one.kubeconfig) for env, one in configs.items() if one.kubeconfig}


class ClustersFile:
    """Watches the file.

    :ivar trouble: why it can't be read as it is now; empty otherwise.
    """

    def __init__(self, path: str, clusters: Clusters, configs: Mapping[str, ClusterConfig]) -> None:
        """Take what was read of it at the start.

        :param path: empty: there is none to watch.
        """
        self._path, self._clusters = path, clusters
        self._configs = dict(configs)
        self._stamp, self._stamps = stamp_of(path), _kubeconfigs(configs)
        self._seen = self._stamp
        self.trouble = ""

    def warnings(self) -> list[str]:
        """Return what somebody should look at."""
        return [self.trouble] if self.trouble else []

    async def follow(self) -> None:
        """Look whether it has changed, for as long as the API lives."""
        while self._path:
            await asyncio.sleep(LOOK_PAUSE_S)
            await self.look()
            await self._clusters.close_retired()

    async def look(self) -> None:
        """Take the clusters of a file that has changed, once two looks have found it the same.

        A file that is being written, and ends too early, would otherwise take clusters away.
        """
        stamp = await asyncio.to_thread(stamp_of, self._path)
        settled, self._seen = stamp == self._seen, stamp
        if settled and stamp != self._stamp:
            try:
                self._configs, self._stamp = await self._read(), stamp
            except BadSettingError as error:
                told = f"{error}; the clusters of before hold until it is mended"
                if told != self.trouble:
                    log.warning("clusters.file_broken", reason=str(error))
                self.trouble = told
                return
        if stamp == self._stamp:
            self.trouble = ""
        stamps = await asyncio.to_thread(_kubeconfigs, self._configs)
        renewed = [env for env, stamp in stamps.items() if stamp and stamp != self._stamps.get(env, stamp)]
        self._stamps = {**self._stamps, **{env: stamp for env, stamp in stamps.items() if stamp}}
        changed = self._clusters.replace(self._configs, renewed)
        if any(asdict(changed).values()):
            log.info("clusters.file_read", **asdict(changed))

    async def _read(self) -> dict[str, ClusterConfig]:
        found = await asyncio.to_thread(read_clusters_file, Path(self._path))
        if not found and self._configs:
            raise BadSettingError("KUBEDOOR_CLUSTERS_FILE: it names no cluster any more")
        return found
