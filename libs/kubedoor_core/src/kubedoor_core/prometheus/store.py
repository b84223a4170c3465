"""A store of metrics: where it is, how one signs in there, and what may be asked of it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import aiohttp

from kubedoor_core.prometheus.errors import PrometheusUnavailableError

StoreType = Literal["prometheus", "victoria-metrics-single", "victoria-metrics-cluster"]
CLUSTER_PATH = "/select/0/prometheus"


@dataclass(frozen=True)
class Store:
    """A Prometheus or VictoriaMetrics.

    :ivar url: what `/api/v1` follows.
    :ivar env_label: `key=value` of a cluster's series; empty: all are.
    :ivar headers: name and value of what every request bears besides.
    :ivar ca_file: certificates that sign the store's; None: the usual ones.
    :ivar timeout_s: seconds that a query may take.
    :ivar concurrency: queries that run at once.
    :ivar max_answer_bytes: largest answer to a query, decompressed.
    """

    url: str
    type: StoreType = "prometheus"
    env_label: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    ca_file: Path | None = None
    timeout_s: float = 60
    concurrency: int = 4
    max_answer_bytes: int = 64 << 20

    def request_headers(self) -> dict[str, str]:
        """Return what every request bears: the headers, and the token, else user and password.

        A store in the cluster answers uncompressed: gzip would cost it as much again as to find the answer.
        """
        headers = dict(self.headers)
        if self.url.startswith("http://") and "accept-encoding" not in {name.lower() for name in headers}:
            headers["Accept-Encoding"] = "identity"
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        elif self.user:
            headers["Authorization"] = aiohttp.encode_basic_auth(self.user, self.password)
        return headers

    def parameters(self) -> dict[str, str]:
        """Return what every query says: its time, and that nothing may be left out or come from a cache."""
        parameters = {"timeout": f"{self.timeout_s:g}s"}
        match self.type:
            case "victoria-metrics-single":
                return {**parameters, "nocache": "1"}
            case "victoria-metrics-cluster":
                return {**parameters, "nocache": "1", "deny_partial_response": "1"}
            case "prometheus":
                return parameters

    def tls(self) -> ssl.SSLContext | bool:
        """Return what verifies the store's certificate.

        :raises PrometheusUnavailableError: the file of certificates can't be read.
        """
        if self.ca_file is None:
            return True
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise PrometheusUnavailableError(
                f"the certificates of the store can't be read: {self.ca_file}: {error}"
            ) from error


def query_url(url: str, store: StoreType) -> str:
    """Return the address that `/api/v1` follows: a VictoriaMetrics cluster has a path per tenant."""
    if store == "victoria-metrics-cluster" and "/select/" not in url:
        return url + CLUSTER_PATH
    return url
