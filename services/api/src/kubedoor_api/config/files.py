"""Settings of the object store that keeps what JVMs write."""

from __future__ import annotations

from pydantic import Field, SecretStr, model_validator

from kubedoor_core.settings import HttpUrl, ServiceSettings


class FilesSettings(ServiceSettings):
    """Where heap dumps and recordings are kept; without one they are downloaded out of their pods, once."""

    files_url: str = Field(
        "",
        pattern=r"^(|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?)$",
        description="Bucket, and folder in it, of an object store (S3 protocol) that keeps heap dumps and"
        " recordings for 7 days: `s3://bucket/folder`; empty: each is downloaded out of its pod, once",
    )
    files_endpoint: HttpUrl | None = Field(
        None, description="Its address as the api and browsers reach it, where it is not Amazon's"
    )
    files_region: str = Field("us-east-1", pattern=r"^[a-z0-9-]+$", description="Its region")
    files_access_key_id: SecretStr = Field(
        SecretStr(""), description="Its access key, for this bucket alone; with FILES_URL"
    )
    files_secret_access_key: SecretStr = Field(SecretStr(""), description="The secret of that key")

    @model_validator(mode="after")
    def _files_are_complete(self) -> FilesSettings:
        keys = (self.files_access_key_id, self.files_secret_access_key)
        if self.files_url and not all(key.get_secret_value() for key in keys):
            raise ValueError(
                "KUBEDOOR_FILES_ACCESS_KEY_ID and KUBEDOOR_FILES_SECRET_ACCESS_KEY must be set with"
                " KUBEDOOR_FILES_URL"
            )
        return self
