"""What the containers for development share: made once, kept afterwards, and right."""

from __future__ import annotations

import re
import ssl
from datetime import date
from pathlib import Path

import pytest
from cryptography import x509
from passlib.apache import HtpasswdFile

from kubedoor_api.config.environment import private_key
from kubedoor_dev import compose
from kubedoor_dev.metrics import Scenario


def test_the_certificate_is_the_webhooks_and_stays(tmp_path: Path) -> None:
    compose.certificates(tmp_path, "webhook")
    before = (tmp_path / "tls.crt").read_bytes()
    compose.certificates(tmp_path, "webhook")
    assert (tmp_path / "tls.crt").read_bytes() == before
    certificate = x509.load_pem_x509_certificate(before)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "webhook" in names.get_values_for_type(x509.DNSName)
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
        tmp_path / "tls.crt", tmp_path / "tls.key"
    )
    assert (tmp_path / "tls.key").stat().st_mode & 0o004, "another container's user must read it"


def test_the_password_is_ones_own_and_stays(tmp_path: Path) -> None:
    compose.sign_in(tmp_path)
    password = (tmp_path / "password").read_text()
    compose.sign_in(tmp_path)
    assert (tmp_path / "password").read_text() == password
    assert HtpasswdFile(str(tmp_path / "htpasswd")).check_password(compose.USER, password)
    assert len((tmp_path / "jwt-secret").read_text()) >= 32


def test_the_secret_between_nginx_and_the_api_is_one_and_stays(tmp_path: Path) -> None:
    compose.proxy_secret(tmp_path)
    secret = (tmp_path / "proxy-secret").read_text()
    compose.proxy_secret(tmp_path)
    assert (tmp_path / "proxy-secret").read_text() == secret
    assert (tmp_path / "proxy-secret.map").read_text() == f"default {secret};\n"
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,}", secret)


def test_the_key_for_grafana_is_one_that_the_api_takes_and_stays(tmp_path: Path) -> None:
    compose.grafana_key(tmp_path)
    before = (tmp_path / "grafana-key.pem").read_text()
    compose.grafana_key(tmp_path)
    assert (tmp_path / "grafana-key.pem").read_text() == before
    private_key(before)


def test_blocks_are_added_and_none_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, storage = tmp_path / "cache", tmp_path / "storage"
    storage.mkdir()
    asked: list[tuple[date, ...]] = []

    def build(scenario: Scenario, folder: Path, _progress: object) -> Path:
        asked.append(scenario.dates)
        for name in ("one", "two"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            (folder / name / "meta.json").write_text("new")
        return folder

    monkeypatch.setattr(compose, "build_blocks", build)
    (storage / "one").mkdir()
    (storage / "one" / "meta.json").write_text("standing")
    compose.metrics(cache, storage, "Asia/Shanghai", "10:00-11:30")
    assert (storage / "one" / "meta.json").read_text() == "standing"
    assert (storage / "two" / "meta.json").read_text() == "new"
    assert len(asked[0]) == compose.DAYS
