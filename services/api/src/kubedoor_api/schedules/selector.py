"""Which services a selector means: label selectors as Kubernetes has them, and live Deployments."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters, forbidden
from kubedoor_api.kube.retry import BROKEN, FORBIDDEN, TOO_MANY
from kubedoor_api.schedules.models import Selector
from kubedoor_api.schedules.times import BadFieldError
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Context
from kubedoor_api.web.fields import AskedService, ServiceName
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, unavailable

BLANKS = " \t\r\n"
SYMBOLS = "(),!=<>"
DOUBLE = ("==", "!=")
LONGEST_NAME, LONGEST_PREFIX = 63, 253
NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
PREFIX = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
NUMBER = re.compile(r"-?[0-9]+")


@dataclass(frozen=True)
class _Token:
    """A symbol or a word, and where in the text it stands; empty at the end."""

    text: str
    start: int
    end: int


def _tokens(text: str) -> Iterator[_Token]:
    start = 0
    while start < len(text):
        if text[start] in BLANKS:
            start += 1
            continue
        end = start + 1
        if text[start] in SYMBOLS:
            end += text[start : start + 2] in DOUBLE
        else:
            while end < len(text) and text[end] not in BLANKS + SYMBOLS:
                end += 1
        yield _Token(text[start:end], start, end)
        start = end


def _is_name(word: str) -> bool:
    return len(word) <= LONGEST_NAME and NAME.fullmatch(word) is not None


def _is_key(word: str) -> bool:
    prefix, slash, name = word.rpartition("/")
    good = not slash or (len(prefix) <= LONGEST_PREFIX and PREFIX.fullmatch(prefix) is not None)
    return good and _is_name(name)


class _Reader:
    """Takes a selector's tokens one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._next = 0

    @property
    def word(self) -> str:
        """The next token; empty at the end."""
        return self._tokens[self._next].text if self._next < len(self._tokens) else ""

    def take(self) -> str:
        """Return the next token and go on."""
        word = self.word
        self._next += 1
        return word

    def part_from(self, first: int) -> str:
        """Return the text from a token on, up to the comma after where reading stands."""
        rest = self._tokens[first:]
        behind = rest[self._next - first :]
        comma = next((token.start for token in behind if token.text == ","), len(self._text))
        return self._text[rest[0].start if rest else len(self._text) : comma].strip()

    def selector(self) -> None:
        """Read requirements with commas between them.

        :raises BadFieldError: at the first that is not one.
        """
        while True:
            first = self._next
            if not self._requirement() or self.word not in {"", ","}:
                part = self.part_from(first)
                reason = f"{part!r} is not a label selector: tier=web, tier!=web, tier in (a, b), tier, !tier"
                raise BadFieldError("selector.labels", reason, FieldCode.LABELS_UNREADABLE, value=part)
            if self.take() == "":
                return

    def _requirement(self) -> bool:
        if self.word == "!":
            self.take()
            return _is_key(self.take())
        if not _is_key(self.take()):
            return False
        if self.word in {"=", "==", "!="}:
            self.take()
            return self._value()
        if self.word in {"<", ">"}:
            self.take()
            return NUMBER.fullmatch(self.take()) is not None
        if self.word in {"in", "notin"}:
            self.take()
            return self._values()
        return True

    def _value(self) -> bool:
        return self.word in {"", ",", ")"} or _is_name(self.take())

    def _values(self) -> bool:
        separator = self.take()
        if separator != "(":
            return False
        while separator != ")":
            if not self._value():
                return False
            separator = self.take()
            if separator not in {",", ")"}:
                return False
        return True


APART = 5
"""Up to so many namespaces are asked for one by one; for more, all Deployments are."""


def check_labels(text: str) -> str:
    """Return a label selector that Kubernetes takes.

    :raises BadFieldError: naming the requirement that is none.
    """
    if text:
        _Reader(text).selector()
    return text


async def select(context: Context, env: str, selector: Selector) -> list[ServiceName]:
    """Return the services that a selector means now, by namespace and name.

    :raises Problem: 409 where the env has no cluster or refuses, 503 where it has too much to do.
    :raises UnavailableError: the cluster can't be asked.
    """
    governs = await store.governs(context, env)
    wanted = selector.namespaces
    found: list[ServiceName] = []
    for asked in wanted if 0 < len(wanted) <= APART else [""]:
        try:
            async for deployment in workloads.every(context[Clusters], env, asked, selector.labels):
                namespace, name = deployment["metadata"]["namespace"], deployment["metadata"]["name"]
                chosen = not wanted or namespace in wanted
                if chosen and governs(namespace) and fnmatch.fnmatchcase(name, selector.name or "*"):
                    found.append(AskedService(namespace=namespace, name=name))
        except ClusterRefusedError as error:
            if error.status == FORBIDDEN:
                raise forbidden(env, asked, "list", "deployments", error.words) from error
            if error.status == TOO_MANY or error.status >= BROKEN:
                raise unavailable(str(error), env) from error
            about = {"env": env}
            raise Problem(409, str(error), code=ProblemCode.CLUSTER_REFUSED, parameters=about) from error
    return sorted(found, key=lambda service: (service.namespace, service.name))
