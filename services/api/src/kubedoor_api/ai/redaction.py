"""Takes secrets and personal data out of a text before it leaves: pure, and the same for every task.

What looks like one is taken for one: a line that says less is worth more than a key that is told.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

KEY_WORDS = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|credentials?|auth(?:orization)?|cookie|session[_-]?id|signature)[\w-]{0,40}"
)
_VALUE = r"""(?!\[removed)(?:\\?"(?:[^"\\]|\\.)*\\?"|'(?:[^'\\]|\\.)*'|[^\s,;&"'}\])>]+)"""

_RULES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "pem",
        re.compile(r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL),
        "[removed: pem]",
    ),
    (
        "address",
        re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)(?:[^\s/?#]*@)", re.IGNORECASE),
        r"\1[removed]@",
    ),
    (
        "query",
        re.compile(r"""\b([a-z][a-z0-9+.-]{1,20}://[^\s?#"'<>]*)[?#][^\s"'<>]*""", re.IGNORECASE),
        r"\1?[removed]",
    ),
    (
        "header",
        re.compile(
            r"""\b((?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]*(?:key|token|secret))"""
            r"""(["']?\s*[:=]\s*)[^\r\n]+""",
            re.IGNORECASE,
        ),
        r"\1\2[removed]",
    ),
    (
        "scheme",
        re.compile(r"\b(bearer|basic|digest|negotiate)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE),
        r"\1 [removed]",
    ),
    (
        "flag",
        re.compile(rf"(--?[\w-]{{0,40}}{KEY_WORDS})(\s+|=){_VALUE}", re.IGNORECASE),
        r"\1\2[removed]",
    ),
    (
        "pair",
        re.compile(rf"""({KEY_WORDS})(\\?["']?\s*(?:=>|:=|[:=]|\b(?:is|was)\b)\s*){_VALUE}""", re.IGNORECASE),
        r"\1\2[removed]",
    ),
    (
        "pair",
        re.compile(rf"(密码|口令|密钥|令牌|凭证|凭据)(\s*(?:是|为|[:=：＝])\s*){_VALUE}"),
        r"\1\2[removed]",
    ),
    ("jwt", re.compile(r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"), "[removed: token]"),
    (
        "cloud",
        re.compile(
            r"(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w.-]+|LTAI[A-Za-z0-9]{10,}"
            r"|AKID[A-Za-z0-9]{13,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{12,}"
            r"|xox[a-z]-[\w-]{8,}|[sr]k_(?:live|test)_\w{8,}|sk-[\w-]{12,}|hf_[A-Za-z0-9]{12,}|npm_[A-Za-z0-9]{16,}"
        ),
        "[removed: key]",
    ),
    ("mail", re.compile(r"[^\s@<>\"'(),:;]{1,64}@[^\s@<>\"'(),:;]{1,200}\.[^\W\d_]{2,}"), "[removed: mail]"),
    (
        "identity",
        re.compile(
            r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])\d{2}\d{3}[0-9Xx](?![0-9A-Za-z])"
        ),
        "[removed: number]",
    ),
    (
        "card",
        re.compile(
            r"(?<![\d.])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{5}|\d{13,19})(?![\d])"
        ),
        "[removed: number]",
    ),
    (
        "telephone",
        re.compile(r"(?<![\dA-Za-z.-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
        "[removed: number]",
    ),
)
_LONG = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{32,}={0,2}")
"""A run without a blank: a key or a hash where it has digits and letters."""
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?:\.\d{1,3}){0,3}(?![\w:])")
_INVISIBLE = {"Cf", "Cs", "Co", "Cn"}
MAX_CHARS = 4000
"""Of one text; what is longer ends at the last blank before it, so that no secret is cut in two."""


def visible(text: str) -> str:
    """Return a text without the characters that nobody sees: zero-width, bidi marks, surrogates."""
    return "".join(one for one in text if unicodedata.category(one) not in _INVISIBLE)


class Redaction:
    """Redacts the texts of one question: an address has the same number in all of them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, text: str) -> str:
        """Return a text without secrets, personal data and IP addresses."""
        if len(text) > MAX_CHARS:
            text = re.sub(r"\S*\Z", "", text[:MAX_CHARS])
        text = unicodedata.normalize("NFKC", visible(text))
        for _, pattern, instead in _RULES:
            text = pattern.sub(instead, text)
        text = _LONG.sub(_unless_words, text)
        for pattern in (_IPV4, _IPV6):
            text = pattern.sub(self._numbered, text)
        return text

    def _numbered(self, found: re.Match[str]) -> str:
        try:
            address = str(ipaddress.ip_address(found.group()))
        except ValueError:
            return found.group()
        return f"ip-{self._numbers.setdefault(address, len(self._numbers) + 1)}"


def _unless_words(found: re.Match[str]) -> str:
    """Keep a long run that is words, as a name of Kubernetes is; random ones have digits among letters."""
    run = found.group()
    digits = sum(one.isdigit() for one in run)
    cases = {one.isupper() for one in run if one.isalpha()}
    return "[removed: key]" if (digits >= 4 and cases) or (digits and len(cases) == 2) else run


NameKind = Literal["ns", "svc", "ctr", "pod", "node", "img"]
_ALIAS = re.compile(rf"(?<![A-Za-z0-9-])(?:{'|'.join(get_args(NameKind))})-\d{{1,4}}(?![A-Za-z0-9-])")


class Name(NamedTuple):
    """A name within a question's facts."""

    kind: NameKind
    text: str


class Aliases:
    """Gives each name of a question a number, where names are not shared."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._given: dict[Name, str] = {}

    def of(self, name: Name) -> str:
        """Return what leaves in the place of a name."""
        if not self._hidden:
            return name.text
        number = sum(one.kind == name.kind for one in self._given) + 1
        return self._given.setdefault(name, f"{name.kind}-{number:02d}")

    @property
    def given(self) -> dict[str, str]:
        """The names by what stands for them."""
        return {alias: name.text for name, alias in self._given.items()}


def restored(text: str, given: Mapping[str, str]) -> str:
    """Return a text with the names in the place of what stands for them."""
    return _ALIAS.sub(lambda found: given.get(found.group(), found.group()), text)
