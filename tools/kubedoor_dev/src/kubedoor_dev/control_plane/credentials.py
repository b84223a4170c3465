"""Who may talk to the control plane: its authority, certificates, and kubeconfigs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kubedoor_dev.certificates import LOCAL, Authority, Certificate, make_authority

SERVED_AS = (*LOCAL, "kubernetes", "kubernetes.default.svc")
ADMINISTRATOR = ("administrator", ("system:masters",))


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


@dataclass(frozen=True)
class Credentials:
    """A cluster's authority, and what is made of it in one folder."""

    folder: Path
    server: str
    authority: Authority = field(default_factory=make_authority)

    @property
    def ca_file(self) -> Path:
        """The authority's certificate."""
        path = self.folder / "ca.crt"
        if not path.exists():
            path.write_bytes(self.authority.certificate_pem)
        return path

    def serving(self, name: str, names: Iterable[str] = SERVED_AS) -> tuple[Path, Path]:
        """Write a server's certificate and key."""
        return self.authority.server(names).write(self.folder, name)

    def client(self, name: str, groups: Iterable[str] = ()) -> Certificate:
        """Issue a client's certificate."""
        return self.authority.client(name, groups=groups)

    def kubeconfig(self, user: str, groups: Iterable[str] = ()) -> Path:
        """Write the kubeconfig of a user with a certificate."""
        issued = self.client(user, groups)
        credentials = {
            "client-certificate-data": _encoded(issued.certificate_pem),
            "client-key-data": _encoded(issued.key_pem),
        }
        return self._write(user, credentials)

    def token_kubeconfig(self, user: str, token: str) -> Path:
        """Write the kubeconfig of somebody with a token, such as a service account."""
        return self._write(user, {"token": token})

    def _write(self, user: str, credentials: dict[str, str]) -> Path:
        cluster = {
            "server": self.server,
            "certificate-authority-data": _encoded(self.authority.certificate_pem),
        }
        document: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "cluster", "cluster": cluster}],
            "users": [{"name": user, "user": credentials}],
            "contexts": [{"name": user, "context": {"cluster": "cluster", "user": user}}],
            "current-context": user,
        }
        path = self.folder / f"{user.replace(':', '-')}.kubeconfig"
        path.touch(mode=0o600)
        path.write_text(json.dumps(document), encoding="utf-8")
        return path
