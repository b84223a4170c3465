"""The rules for names, labels and other words, with the API server's explanations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kubedoor_dev.cluster.errors import FieldError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")

NOT_A_LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
    "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
    "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
NOT_A_SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
    "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
NOT_A_KEY = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with "
    "an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
NOT_A_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
    "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


def _too_long(most: int) -> str:
    return f"must be no more than {most} bytes"


def label(field: str, value: str) -> Iterator[FieldError]:
    """Check a DNS label: the name of a container or a namespace."""
    if len(value.encode()) > 63:
        yield invalid(field, value, _too_long(63))
    if not LABEL.fullmatch(value):
        yield invalid(field, value, NOT_A_LABEL)


def subdomain(field: str, value: str) -> Iterator[FieldError]:
    """Check a DNS subdomain: the name of most objects."""
    if len(value.encode()) > 253:
        yield invalid(field, value, _too_long(253))
    if not SUBDOMAIN.fullmatch(value):
        yield invalid(field, value, NOT_A_SUBDOMAIN)


def labels(field: str, value: dict[str, str]) -> Iterator[FieldError]:
    """Check the keys and values of labels."""
    for key, text in value.items():
        yield from qualified_key(field, key)
        if len(text.encode()) > 63:
            yield invalid(field, text, _too_long(63))
        if text and not QUALIFIED.fullmatch(text):
            yield invalid(field, text, NOT_A_VALUE)


def qualified_key(field: str, key: str) -> Iterator[FieldError]:
    """Check a key of labels or annotations: an optional DNS prefix, a slash, a name."""
    prefix, slash, name = key.rpartition("/")
    if slash and not SUBDOMAIN.fullmatch(prefix):
        yield invalid(field, key, f"prefix part {NOT_A_SUBDOMAIN}")
    if len(name.encode()) > 63:
        yield invalid(field, key, f"name part {_too_long(63)}")
    if not QUALIFIED.fullmatch(name):
        yield invalid(field, key, NOT_A_KEY)
