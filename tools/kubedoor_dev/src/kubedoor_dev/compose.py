"""What the containers for development share: certificates, sign-in and the synthetic company's metrics.

`python -m kubedoor_dev.compose MADE PROMETHEUS` runs once per `docker compose up`. What is there already
stays, so that a restart asks nobody to sign in again.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from passlib.apache import HtpasswdFile

from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_dev.certificates import make_authority
from kubedoor_dev.metrics import Scenario, build_blocks, company
from kubedoor_dev.nginx import secret_map

USER = "admin"
DAYS = 10
VALID = timedelta(days=365)


def certificates(folder: Path, name: str) -> None:
    """Make an authority and the webhook's certificate for a host name."""
    if (folder / "tls.crt").exists():
        return
    authority = make_authority(valid=VALID)
    (folder / "ca.crt").write_bytes(authority.certificate_pem)
    for path in authority.server((name, "localhost", "127.0.0.1"), valid=VALID).write(folder):
        path.chmod(0o644)  # another container's user reads it; the volume is all that guards it


def sign_in(folder: Path) -> None:
    """Make a user with a password of its own, and the secret between nginx and the api."""
    if (folder / "htpasswd").exists():
        return
    password = secrets.token_urlsafe(9)
    (folder / "password").write_text(password, "utf-8")
    (folder / "jwt-secret").write_text(secrets.token_urlsafe(48), "utf-8")
    users = HtpasswdFile(str(folder / "htpasswd"), new=True, default_scheme="bcrypt")
    users.set_password(USER, password)
    users.save()


def proxy_secret(folder: Path) -> None:
    """Make the secret by which the api knows nginx, as each of them reads it."""
    path = folder / "proxy-secret"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48), "utf-8")
    (folder / "proxy-secret.map").write_text(secret_map(path.read_text("utf-8")), "utf-8")


def grafana_key(folder: Path) -> None:
    """Make the key by which Grafana believes who has signed in to the console."""
    path = folder / "grafana-key.pem"
    if path.exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL)
    path.write_bytes(key.private_bytes(*form, serialization.NoEncryption()))


def metrics(cache: Path, storage: Path, timezone: str, peak_hours: str) -> None:
    """Put blocks of the last days' metrics where Prometheus looks for them.

    A block that is there already is left alone: samples of the same moment are the same.
    """
    zone, schedule = ZoneInfo(timezone), parse_peak_hours(peak_hours)
    dates = tuple(schedule.last_finished(DAYS, zone, datetime.now(UTC)))
    scenario = Scenario(company(), dates, zone, schedule, counters=True)
    blocks = build_blocks(scenario, cache, lambda done, days: print(f"metrics: day {done} of {days}"))
    for block in blocks.iterdir():
        if not (storage / block.name).exists():
            shutil.copytree(block, storage / block.name)


def main(made: Path, storage: Path) -> None:
    """Make everything, and say how to sign in."""
    certificates(made, os.environ.get("WEBHOOK_HOST", "webhook"))
    sign_in(made)
    proxy_secret(made)
    grafana_key(made)
    metrics(made / "metrics", storage, os.environ["COMPANY_TIMEZONE"], os.environ["COMPANY_PEAK_HOURS"])
    password = (made / "password").read_text("utf-8")
    print(f"console: http://127.0.0.1:8080   user {USER}   password {password}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
