"""The label that tells one cluster's series from another's, where several share a store."""

from __future__ import annotations

import re

EXAMPLE = "`key=value`, such as cluster=prod"


def parse_env_label(text: str) -> str:
    """Return `key=value` without blanks and quotes around the value; empty stays empty.

    :raises ValueError: saying what to write instead.
    """
    if not text.strip():
        return ""
    match = re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.+)", text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a label: write {EXAMPLE}")
    name, value = match.groups()
    if re.fullmatch(r'"[^"\\]*"', value):
        value = value[1:-1]
    elif re.search(r",\s*[A-Za-z_][A-Za-z0-9_]*\s*[=!]", value):
        raise ValueError(
            f"{text!r} is more than one label: write the one that differs between clusters, {EXAMPLE}; where"
            " none does alone, give each cluster's series one of its own (external_labels of its Prometheus)"
        )
    if value[:1] in ("", "~", "=") or '"' in value:
        raise ValueError(
            f"{text!r} does not say one value: it is compared as it stands, not as a regular expression:"
            f" write {EXAMPLE}"
        )
    return f"{name}={value}"
