"""The object store that keeps files of pods, where one is configured."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from kubedoor_core.errors import UnavailableError

if TYPE_CHECKING:
    from obstore.store import S3Config

    from kubedoor_api.config.files import FilesSettings

PART_BYTES = 8 << 20
KEPT = timedelta(days=7)
LINK_LASTS = timedelta(minutes=15)
SCHEME = "s3://"
FAILURES = (BaseError, OSError)
"""What a store's refusals are raised as: some are errors of Python's own."""


class StoreError(UnavailableError):
    """The store did not do what it was asked."""

    part = "object store"


class FileStore:
    """A bucket, with credentials of its own.

    :ivar on: whether there is one.
    """

    def __init__(self, settings: FilesSettings) -> None:
        bucket, _, folder = settings.files_url.removeprefix(SCHEME).partition("/")
        self.on = bool(bucket)
        self._folder = folder.strip("/")
        self._store: S3Store | None = None
        if self.on:
            endpoint = str(settings.files_endpoint or "")
            config: S3Config = {
                "region": settings.files_region,
                "access_key_id": settings.files_access_key_id.get_secret_value(),
                "secret_access_key": settings.files_secret_access_key.get_secret_value(),
            }
            if endpoint:
                config["endpoint"] = endpoint
            allow_http = endpoint.startswith("http://")
            self._store = S3Store(bucket, config=config, client_options={"allow_http": allow_http})

    @property
    def _bucket(self) -> S3Store:
        if self._store is None:
            raise StoreError("KUBEDOOR_FILES_URL is not set any more")
        return self._store

    def key_of(self, name: str) -> str:
        """Return where a file of a name is kept."""
        return f"{self._folder}/{name}" if self._folder else name

    async def put(self, key: str, filename: str, chunks: AsyncGenerator[bytes]) -> None:
        """Keep what comes, part by part; what breaks off is not kept.

        :raises StoreError: it refused, or can't be reached.
        """
        disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
        try:
            await obstore.put_async(
                self._bucket,
                key,
                chunks,
                attributes=disposition,
                use_multipart=True,
                chunk_size=PART_BYTES,
                max_concurrency=1,
            )
        except FAILURES as error:
            raise StoreError(_words(error)) from error

    async def link(self, key: str) -> str:
        """Return an address that anybody who knows it may download from, for a quarter of an hour."""
        return await obstore.sign_async(self._bucket, "GET", key, LINK_LASTS)

    async def remove(self, key: str) -> None:
        """Remove what is kept; what is gone is no failure.

        :raises StoreError: it refused, or can't be reached.
        """
        try:
            await obstore.delete_async(self._bucket, key)
        except FileNotFoundError:
            return
        except FAILURES as error:
            raise StoreError(_words(error)) from error


def _words(error: Exception) -> str:
    return "the object store failed: " + " ".join(str(error).split())[:300]
