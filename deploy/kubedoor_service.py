"""The one service of an image: runs it, or with --healthy asks the one that runs whether it is alive.

`deploy/Dockerfile` puts the service's name in the place of SERVICE and installs this beside its package.
"""

from __future__ import annotations

import os
import runpy
import ssl
import sys
import urllib.request

MODULE = "kubedoor_SERVICE"
TIMEOUT_S = 4


def healthy() -> None:
    """Ask /healthz on the port of KUBEDOOR_LISTEN.

    :raises OSError: if it is not alive.
    """
    tls = "KUBEDOOR_TLS_CERT_FILE" in os.environ
    listen = os.environ.get("KUBEDOOR_LISTEN", ":8443" if tls else ":8080")
    host, _, port = listen.rpartition(":")
    host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104 that is asked, not bound
    # Its certificate is the cluster's affair: what is asked here is whether it answers.
    context = ssl._create_unverified_context() if tls else None  # noqa: S323 our own loopback address
    address = f"{'https' if tls else 'http'}://{host}:{port}/healthz"
    urllib.request.urlopen(address, timeout=TIMEOUT_S, context=context).close()  # noqa: S310 likewise


if __name__ == "__main__":
    if sys.argv[1:] == ["--healthy"]:
        healthy()
    else:
        runpy.run_module(MODULE, run_name="__main__", alter_sys=True)
