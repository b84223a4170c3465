"""The webhook's settings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kubedoor_core.mutate_settings import MutateSettings
from kubedoor_core.settings import Listen, ReadableFile


class WebhookSettings(MutateSettings):
    """What the webhook needs besides."""

    listen: Listen = Field(
        "0.0.0.0:8443", description="`host:port` that the service listens on; `[::]:8443`: by IPv6 and IPv4"
    )
    tls_cert_file: ReadableFile = Field(description="Certificate chain, PEM; picked up again when it changes")
    tls_key_file: ReadableFile = Field(description="Its private key, PEM")
    tls_client_ca_file: ReadableFile | None = Field(
        None,
        description="CA that must have signed the API server's client certificate; empty: none is asked for",
    )
    max_staleness: float = Field(
        86400,
        gt=0,
        description="Seconds for which decisions go on from the last good copy of the control table",
    )
    on_stale: Literal["allow", "deny"] = Field(
        "allow", description="What to do with a governed request when the copy is older than that"
    )
    check_timeout_s: float = Field(
        0.5,
        gt=0,
        le=10,
        description="Seconds that ClickHouse may take to say whether the control table has changed; then"
        " decisions go on from the last good copy. A request may wait four times as long for changed rows:"
        " stay below a quarter of timeoutSeconds",
    )
    own_namespace: str = Field("", description="The namespace KubeDoor runs in; it is never governed")
    max_in_flight: int = Field(
        512, gt=0, description="Requests in work at once, counted once their body is there; one more gets 503"
    )
    body_timeout_s: float = Field(
        5, gt=0, le=60, description="Seconds that the body of a request may take to come; then it gets 408"
    )
    max_bytes_in_flight: int = Field(
        64 * 1024 * 1024,
        ge=16 * 1024 * 1024,
        description="Bytes of bodies that all requests together may hold; beyond it the slowest, else the"
        " newest gets 503",
    )
    max_connections: int = Field(
        512,
        gt=0,
        description="Connections at once; one more closes the oldest over which nothing was decided, else the"
        " one that was used longest ago",
    )
    drain_seconds: float = Field(
        10, ge=0, description="Seconds for which the webhook goes on answering after SIGTERM, not ready"
    )
