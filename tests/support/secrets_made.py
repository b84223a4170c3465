"""Two hundred secrets and personal data, made from patterns: none of them is anybody's."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable, Iterator
from typing import NamedTuple

EACH = 8
LETTERS = string.ascii_letters + string.digits


class Planted(NamedTuple):
    """A line with a secret in it, and the secret itself."""

    kind: str
    line: str
    secret: str


def _word(of: random.Random, length: int, letters: str = LETTERS) -> str:
    return "".join(of.choice(letters) for _ in range(length))


def _base64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _jwt(of: random.Random) -> str:
    return f"{_base64({'alg': 'HS256'})}.{_base64({'sub': _word(of, 8)})}.{_word(of, 43)}"


def _pem(of: random.Random) -> str:
    lines = "\n".join(_word(of, 64, LETTERS + "+/") for _ in range(3))
    return f"-----BEGIN RSA PRIVATE KEY-----\n{lines}\n-----END RSA PRIVATE KEY-----"


def _person(of: random.Random) -> str:
    year, day = of.randint(1950, 2010), of.randint(10, 28)
    place, month, number = of.randint(110000, 659000), of.randint(1, 9), of.randint(100, 999)
    return f"{place}{year}0{month}{day}{number}{of.choice('0123456789X')}"


def _card(of: random.Random) -> str:
    return of.choice((" ", "-", "")).join(_word(of, 4, string.digits) for _ in range(4))


def _ipv4(of: random.Random) -> str:
    return ".".join(str(of.randint(1, 254)) for _ in range(4))


def _ipv6(of: random.Random) -> str:
    return "2001:db8:" + ":".join(f"{of.randint(4096, 65535):x}" for _ in range(6))


Make = Callable[[random.Random], tuple[str, str]]


def _within(line: str, make: Callable[[random.Random], str]) -> Make:
    def made(of: random.Random) -> tuple[str, str]:
        secret = make(of)
        return line.format(secret), secret

    return made


MAKERS: dict[str, Make] = {
    "password": _within('level=info user=bob password={} msg="signed in"', lambda of: _word(of, 12)),
    "password json": _within('{{"password": "{}"}}', lambda of: _word(of, 7) + " " + _word(of, 5)),
    "passwd": _within("connect --passwd {} --host db", lambda of: _word(of, 10)),
    "client secret": _within("client_secret: '{}'", lambda of: _word(of, 20)),
    "token": _within("X-Auth-Token={};path=/", lambda of: _word(of, 18)),
    "api key": _within("api-key => {} rejected", lambda of: _word(of, 24)),
    "chinese": _within("登录失败，密码：{} 不正确", lambda of: _word(of, 9)),
    "authorization": _within("> Authorization: Bearer {}", lambda of: _word(of, 30)),
    "basic": _within("sent Basic {} to upstream", lambda of: _word(of, 22)),
    "cookie": _within("Set-Cookie: sid={}; HttpOnly", lambda of: _word(of, 16)),
    "jwt": _within("claims of {} have expired", _jwt),
    "pem": _within("loaded\n{}\nfrom disk", _pem),
    "aws": _within("using AKIA{} in eu-west-1", lambda of: _word(of, 16, string.ascii_uppercase + "234567")),
    "aliyun": _within("AccessKeyId LTAI{} denied", lambda of: _word(of, 20)),
    "gcp": _within("GET /maps AIza{} 403", lambda of: _word(of, 35)),
    "github": _within("git clone as ghp_{}", lambda of: _word(of, 36)),
    "user of an address": _within("dialling postgres://app:{}@db:5432/shop", lambda of: _word(of, 12)),
    "query of an address": _within("GET https://pay.example/cb?sig={}&n=1 500", lambda of: _word(of, 14)),
    "mail": _within("order of {}@mail.example failed", lambda of: _word(of, 9, string.ascii_lowercase)),
    "card": _within("card {} declined", _card),
    "identity": _within("user {} not verified", _person),
    "telephone": _within("sms to +86 {} failed", lambda of: "13" + _word(of, 9, string.digits)),
    "ipv4": _within("peer {} closed the connection", _ipv4),
    "ipv6": _within("peer [{}]:443 closed", _ipv6),
    "long key": _within("hmac {} does not match", lambda of: _word(of, 36) + "aB3" + _word(of, 8, "0123")),
}  # fmt: skip


def planted(seed: int = 1) -> Iterator[Planted]:
    """Yield two hundred lines, each with its secret."""
    of = random.Random(seed)
    for kind, make in MAKERS.items():
        for _ in range(EACH):
            yield Planted(kind, *make(of))
